//! Decides whether different content under a known reference is a correction, an earlier request that arrives late, or
//! another visitor's draft.

use deal_contract::revision::Revision;

use super::submission::Ticket;

/// The content that the store has under a reference.
#[derive(Debug)]
pub(super) struct KnownContent<'a> {
    pub(super) ticket: Ticket,
    pub(super) revision: Option<&'a Revision>,
    /// Whether a page without numbered requests has shown its visitor that the content arrived.
    pub(super) confirmed: bool,
}

/// New content under the same reference.
#[derive(Debug)]
pub(super) struct NewContent<'a> {
    pub(super) revision: Option<&'a Revision>,
    /// The newest ticket when the request began.
    pub(super) began_after: Ticket,
}

/// How the new content relates to the known content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Relation {
    /// A newer version of the same draft. It replaces the known content.
    Correction,
    /// An older version of the same draft. The known content stays.
    Outdated,
    /// Another draft, which needs another reference.
    AnotherDraft,
}

impl<'a> KnownContent<'a> {
    /// Returns how the new content relates to the known content. If the known request had a number, only the page that
    /// sent this request can correct it. If it had none, it can be corrected until a page has shown its visitor that
    /// the submission arrived. After that, another person may be using the page.
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
            // The known content was stored after this request began.
            (None, _) if self.ticket > new.began_after => Relation::Outdated,
            (None, _) if self.confirmed => Relation::AnotherDraft,
            (None, _) => Relation::Correction,
        }
    }

    /// Returns the revision to keep when the same content arrives again. If both revisions are from the same page, this
    /// is the higher one, because requests may arrive late.
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

    #[expect(clippy::unnecessary_wraps, reason = "all callers need an `Option`")]
    fn numbered(session: u32, number: u32) -> Option<Revision> {
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
    fn lets_a_page_that_numbers_its_requests_correct_earlier_ones() {
        let known = || (numbered(1, 3), false);
        check(known(), (numbered(1, 4), KNOWN), Relation::Correction);
        check(known(), (numbered(1, 2), KNOWN), Relation::Outdated);
        check(known(), (numbered(1, 3), KNOWN), Relation::AnotherDraft);
    }

    #[test]
    fn does_not_let_a_page_correct_another_pages_requests() {
        check((numbered(1, 3), false), (numbered(2, 9), KNOWN), Relation::AnotherDraft);
        check((numbered(1, 3), false), (None, KNOWN), Relation::AnotherDraft);
    }

    #[test]
    fn allows_corrections_of_a_request_without_a_number_until_its_arrival_is_confirmed() {
        check((None, false), (None, KNOWN), Relation::Correction);
        check((None, false), (numbered(1, 1), KNOWN), Relation::Correction);
        check((None, true), (None, KNOWN), Relation::AnotherDraft);
        check((None, true), (numbered(1, 1), KNOWN), Relation::AnotherDraft);
    }

    #[test]
    fn an_unnumbered_request_is_outdated_if_it_began_before_the_known_request_was_stored() {
        check((None, true), (None, Ticket(4)), Relation::Outdated);
        check((None, false), (None, Ticket(4)), Relation::Outdated);
    }

    #[test]
    fn keeps_the_highest_revision_of_the_last_page_that_sent_the_same_content_with_a_number() {
        #[track_caller]
        fn check(known: Option<Revision>, new: Option<Revision>, expected: Option<Revision>) {
            let known = KnownContent { ticket: KNOWN, revision: known.as_ref(), confirmed: false };
            assert_eq!(known.revision_after(new.as_ref()), expected.as_ref());
        }
        check(numbered(1, 3), numbered(1, 2), numbered(1, 3));
        check(numbered(1, 3), numbered(1, 4), numbered(1, 4));
        check(numbered(1, 3), numbered(2, 1), numbered(2, 1));
        check(numbered(1, 3), None, numbered(1, 3));
        check(None, None, None);
    }
}
