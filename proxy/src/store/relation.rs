//! Decides what a different content under a known reference is: a correction, an earlier request
//! that arrives late, or another visitor's draft.

use deal_contract::revision::Revision;

use super::submission::Ticket;

/// A content that is known under a reference.
#[derive(Debug)]
pub(super) struct KnownContent<'a> {
    pub(super) ticket: Ticket,
    pub(super) revision: Option<&'a Revision>,
    /// Whether a page that does not number its requests told its visitor that it arrived.
    pub(super) confirmed: bool,
}

/// Another content under the same reference.
#[derive(Debug)]
pub(super) struct NewContent<'a> {
    pub(super) revision: Option<&'a Revision>,
    /// The newest ticket when the request began.
    pub(super) began_after: Ticket,
}

/// How the new content relates to the known one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// The same draft, changed since: it replaces the known content.
    Correction,
    /// The same draft as it was earlier: the known content stays.
    Outdated,
    /// Another draft, which needs a reference of its own.
    AnotherDraft,
}

impl<'a> KnownContent<'a> {
    /// A page that numbers its requests may correct what it sent, and nothing else. A page that does
    /// not may correct it until it has told its visitor that the submission arrived: after that, the
    /// visitor who goes back and changes the form may be somebody else.
    pub(super) fn relation(&self, new: &NewContent<'_>) -> Relation {
        match (self.revision, new.revision) {
            (Some(known), Some(new)) if known.session == new.session => {
                match new.number.cmp(&known.number) {
                    std::cmp::Ordering::Greater => Relation::Correction,
                    std::cmp::Ordering::Less => Relation::Outdated,
                    std::cmp::Ordering::Equal => Relation::AnotherDraft,
                }
            }
            (Some(_), _) => Relation::AnotherDraft,
            // The known content was entered after this request began.
            (None, _) if self.ticket > new.began_after => Relation::Outdated,
            (None, _) if self.confirmed => Relation::AnotherDraft,
            (None, _) => Relation::Correction,
        }
    }

    /// The revision to keep when the same content arrives again. Late arrivals do not lower it.
    pub(super) fn revision_after(&self, new: Option<&'a Revision>) -> Option<&'a Revision> {
        match (self.revision, new) {
            (Some(known), Some(new)) if known.session == new.session => {
                Some(if new.number > known.number { new } else { known })
            }
            (known, new) => new.or(known),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: Ticket = Ticket(5);

    #[expect(clippy::unnecessary_wraps, reason = "a revision is compared with none")]
    fn counted(session: u32, number: u32) -> Option<Revision> {
        Some(Revision { session: session.to_string(), number })
    }

    #[track_caller]
    fn check(known: (Option<Revision>, bool), new: (Option<Revision>, Ticket), expected: Relation) {
        let (revision, confirmed) = known;
        let known = KnownContent { ticket: KNOWN, revision: revision.as_ref(), confirmed };
        let (revision, began_after) = new;
        assert_eq!(
            known.relation(&NewContent { revision: revision.as_ref(), began_after }),
            expected
        );
    }

    #[test]
    fn a_page_that_numbers_its_requests_corrects_earlier_ones() {
        let known = || (counted(1, 3), false);
        check(known(), (counted(1, 4), KNOWN), Relation::Correction);
        check(known(), (counted(1, 2), KNOWN), Relation::Outdated);
        check(known(), (counted(1, 3), KNOWN), Relation::AnotherDraft);
    }

    #[test]
    fn a_page_cannot_correct_the_requests_of_another_page() {
        check((counted(1, 3), false), (counted(2, 9), KNOWN), Relation::AnotherDraft);
        check((counted(1, 3), false), (None, KNOWN), Relation::AnotherDraft);
    }

    #[test]
    fn a_plain_page_may_correct_until_it_has_confirmed_the_arrival() {
        check((None, false), (None, KNOWN), Relation::Correction);
        check((None, false), (counted(1, 1), KNOWN), Relation::Correction);
        check((None, true), (None, KNOWN), Relation::AnotherDraft);
        check((None, true), (counted(1, 1), KNOWN), Relation::AnotherDraft);
    }

    #[test]
    fn a_plain_request_that_began_before_the_known_one_was_entered_is_outdated() {
        check((None, true), (None, Ticket(4)), Relation::Outdated);
        check((None, false), (None, Ticket(4)), Relation::Outdated);
    }

    #[test]
    fn the_highest_revision_stays_with_the_same_content() {
        #[track_caller]
        fn check(known: Option<Revision>, new: Option<Revision>, expected: Option<Revision>) {
            let known = KnownContent { ticket: KNOWN, revision: known.as_ref(), confirmed: false };
            assert_eq!(known.revision_after(new.as_ref()), expected.as_ref());
        }
        check(counted(1, 3), counted(1, 2), counted(1, 3));
        check(counted(1, 3), counted(1, 4), counted(1, 4));
        check(counted(1, 3), counted(2, 1), counted(2, 1));
        check(counted(1, 3), None, counted(1, 3));
        check(None, None, None);
    }
}
