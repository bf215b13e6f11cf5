//! What an answer means.

use deal_contract::messages::MessageKey;
use deal_contract::problem::Code;
use deal_contract::protocol::{
    FieldError, RefusalBody, RefusalCode, SubmitOutcome, SubmitResponse,
};
use deal_contract::reply::Deal;
use deal_contract::revision::Revision;

/// The end of one attempt to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The CRM has the deal.
    Arrived(Deal),
    /// The proxy has it for good, under that reference, and the CRM will have it.
    Kept(String),
    /// Neither has it, or nobody can tell.
    Failed(Failure),
}

/// Why a submission did not become a deal. A visitor does something else about each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// No connection, or it broke.
    Network,
    /// Nothing was heard for too long.
    Timeout,
    /// The visitor stopped it while it was sent.
    Cancelled,
    /// The visitor waited no longer for the answer.
    Abandoned,
    /// The CRM did not take it; its words.
    Crm(String),
    /// 422: the proxy found problems; or the browser cannot read a file.
    Invalid { message: String, problems: Vec<FieldError> },
    /// 413.
    TooLarge(String),
    /// 415.
    WrongType(String),
    /// 429.
    TooMany(String),
    /// The proxy could not tell whether a person sent it: what tells it came too early, too late or
    /// not at all.
    Unproven(String),
    /// 502, 503 or 504: the proxy is there, the CRM is not.
    Unavailable(String),
    /// Any other answer with an `error_message`.
    Refused(String),
    /// An answer that is not JSON of a known shape.
    Unreadable,
    /// 409: the reference belongs to another page's draft, so this draft needs another one.
    DraftEnded,
    /// The answer is about a newer request of this draft, which has that number.
    Outdated(u32),
}

/// Identifies the request that an answer must be about.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    /// Empty if the proxy is to make one.
    pub(crate) reference: String,
    pub(crate) revision: String,
}

impl Outcome {
    /// What an HTTP answer means. A status of its own, such as a 413 by a server in between, is
    /// understood without JSON too.
    pub(crate) fn read(status: u16, answer: Option<SubmitResponse>, sent: &Sent) -> Self {
        let (outcome, revision) =
            answer.map_or((None, None), |answer| (Some(answer.outcome), answer.revision));
        if let Some(known) = revision.filter(|known| *known != sent.revision)
            && let Ok(Revision { number, .. }) = known.parse()
        {
            return Self::Failed(Failure::Outdated(number));
        }
        let RefusalBody { error_message, code, problems } = match outcome {
            Some(SubmitOutcome::Received(received)) if status == 202 => {
                return Self::Kept(received.external_reference_id);
            }
            Some(SubmitOutcome::Delivered(deal))
                if matches!(status, 200..300) && sent.is_confirmed(&deal) =>
            {
                return Self::Arrived(deal);
            }
            Some(SubmitOutcome::Refused(refusal)) => refusal,
            _ => RefusalBody::default(),
        };
        let said = Some(error_message).filter(|message| !message.is_empty());
        let is = |known: RefusalCode| code.as_deref() == Some(known.as_str());
        let by_crm = match code {
            Some(_) => is(RefusalCode::CrmRefused),
            None => matches!(status, 200..300),
        };
        Self::Failed(match (status, said) {
            (409, _) if is(RefusalCode::DraftEnded) => Failure::DraftEnded,
            (_, Some(words)) if by_crm => Failure::Crm(words),
            (413, said) => Failure::TooLarge(said.unwrap_or_default()),
            (415, said) => Failure::WrongType(said.unwrap_or_default()),
            (429, said) => Failure::TooMany(said.unwrap_or_default()),
            (502..=504, said) => Failure::Unavailable(said.unwrap_or_default()),
            (422, said) if said.is_some() || !problems.is_empty() => {
                Failure::Invalid { message: said.unwrap_or_default(), problems }
            }
            // Another token or some seconds solve these.
            (403, Some(words))
                if is(RefusalCode::TooFast)
                    || is(RefusalCode::TokenStale)
                    || is(RefusalCode::NotProven) =>
            {
                Failure::Unproven(words)
            }
            (_, Some(words)) => Failure::Refused(words),
            (_, None) => Failure::Unreadable,
        })
    }
}

impl Sent {
    /// Whether the reply names a deal and belongs to this draft.
    fn is_confirmed(&self, deal: &Deal) -> bool {
        let by_proxy = self.reference.is_empty();
        deal.confirms(if by_proxy { &deal.external_reference_id } else { &self.reference })
    }
}

impl Failure {
    /// Whether it is likely to pass by itself, so that sending again later is of use.
    pub(crate) fn passes(&self) -> bool {
        matches!(
            self,
            Self::Network
                | Self::Timeout
                | Self::TooMany(_)
                | Self::Unproven(_)
                | Self::Unavailable(_)
        )
    }

    /// Whether the deal may have arrived all the same.
    pub(crate) fn leaves_open(&self) -> bool {
        matches!(self, Self::Network | Self::Timeout | Self::Unreadable)
    }

    /// Whether it is about files that the browser can no longer read.
    pub(crate) fn names_lost_files(&self) -> bool {
        matches!(self, Self::Invalid { problems, .. }
            if problems.iter().any(|error| error.code == Some(Code::FileUnreadable)))
    }

    /// Heading and advice for it.
    pub(crate) fn messages(&self) -> (MessageKey, MessageKey) {
        match self {
            Self::Network => (MessageKey::NetworkHeading, MessageKey::NetworkAdvice),
            Self::Timeout => (MessageKey::TimeoutHeading, MessageKey::TimeoutAdvice),
            Self::Cancelled => (MessageKey::CancelledHeading, MessageKey::CancelledAdvice),
            Self::Abandoned => (MessageKey::AbandonedHeading, MessageKey::AbandonedAdvice),
            Self::Crm(_) => (MessageKey::CrmRefusedHeading, MessageKey::CrmRefusedAdvice),
            Self::Invalid { .. } if self.names_lost_files() => {
                (MessageKey::FilesLostHeading, MessageKey::FilesLostAdvice)
            }
            Self::Invalid { .. } => (MessageKey::InvalidHeading, MessageKey::InvalidAdvice),
            Self::TooLarge(_) => (MessageKey::TooLargeHeading, MessageKey::TooLargeAdvice),
            Self::WrongType(_) => (MessageKey::WrongTypeHeading, MessageKey::WrongTypeAdvice),
            Self::TooMany(_) => (MessageKey::TooManyHeading, MessageKey::TooManyAdvice),
            Self::Unavailable(_) => (MessageKey::UnavailableHeading, MessageKey::UnavailableAdvice),
            Self::Refused(_) | Self::Unproven(_) | Self::DraftEnded => {
                (MessageKey::RefusedHeading, MessageKey::RefusedAdvice)
            }
            Self::Unreadable | Self::Outdated(_) => {
                (MessageKey::UnreadableHeading, MessageKey::UnreadableAdvice)
            }
        }
    }

    /// What the CRM or the proxy said, where it said something. Plain text.
    pub(crate) fn said(&self) -> &str {
        match self {
            Self::Crm(said)
            | Self::Invalid { message: said, .. }
            | Self::TooLarge(said)
            | Self::WrongType(said)
            | Self::TooMany(said)
            | Self::Unproven(said)
            | Self::Unavailable(said)
            | Self::Refused(said) => said,
            Self::Network
            | Self::Timeout
            | Self::Cancelled
            | Self::Abandoned
            | Self::Unreadable
            | Self::DraftEnded
            | Self::Outdated(_) => "",
        }
    }

    /// A stable word for it, for the page's own scripts.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Cancelled | Self::Abandoned => "cancelled",
            Self::Crm(_) => "crm_refused",
            Self::Invalid { .. } => "invalid",
            Self::TooLarge(_) => "too_large",
            Self::WrongType(_) => "wrong_type",
            Self::TooMany(_) => "too_many",
            Self::Unavailable(_) => "unavailable",
            Self::Refused(_) | Self::Unproven(_) | Self::DraftEnded => "refused",
            Self::Unreadable | Self::Outdated(_) => "unreadable",
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use deal_contract::protocol::Received;

    use super::*;

    fn sent() -> Sent {
        Sent { reference: "web-1".to_owned(), revision: "0000000a-2".to_owned() }
    }

    fn read(status: u16, answer: Option<SubmitResponse>) -> Outcome {
        Outcome::read(status, answer, &sent())
    }

    #[expect(clippy::unnecessary_wraps, reason = "as `Outcome::read` takes it")]
    fn answer(outcome: SubmitOutcome) -> Option<SubmitResponse> {
        Some(SubmitResponse { outcome, revision: None })
    }

    fn refusal(code: Option<&str>) -> Option<SubmitResponse> {
        answer(SubmitOutcome::Refused(RefusalBody {
            error_message: "No".to_owned(),
            code: code.map(str::to_owned),
            problems: Vec::new(),
        }))
    }

    #[track_caller]
    fn check(status: u16, answer: Option<SubmitResponse>, code: &str, said: &str) {
        match read(status, answer) {
            Outcome::Failed(failure) => assert_eq!((failure.code(), failure.said()), (code, said)),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_submission_that_the_proxy_keeps_is_no_failure() {
        let external_reference_id = "web-1".to_owned();
        let kept = answer(SubmitOutcome::Received(Received { external_reference_id }));
        assert_eq!(read(202, kept.clone()), Outcome::Kept("web-1".to_owned()));
        check(500, kept, "unreadable", "");
    }

    #[test]
    fn the_crms_words_are_told_from_the_proxys() {
        check(200, refusal(None), "crm_refused", "No");
        check(422, refusal(Some("crm_refused")), "crm_refused", "No");
        check(422, refusal(Some("invalid")), "invalid", "No");
        check(403, refusal(Some("origin")), "refused", "No");
        check(404, refusal(None), "refused", "No");
    }

    #[test]
    fn each_refusal_by_status_is_understood_with_and_without_json() {
        for (status, code) in [
            (413, "too_large"),
            (415, "wrong_type"),
            (429, "too_many"),
            (502, "unavailable"),
            (503, "unavailable"),
            (504, "unavailable"),
        ] {
            check(status, None, code, "");
            check(status, refusal(Some("x")), code, "No");
        }
    }

    #[test]
    fn what_is_not_json_is_neither_a_success_nor_a_refusal() {
        check(200, None, "unreadable", "");
        check(500, None, "unreadable", "");
        check(422, None, "unreadable", "");
    }

    #[test]
    fn a_success_counts_only_with_a_status_of_success() {
        assert_eq!(read(200, success(&deal("7", "web-1"))), Outcome::Arrived(deal("7", "web-1")));
        check(500, success(&deal("7", "web-1")), "unreadable", "");
    }

    fn deal(deal_id: &str, reference: &str) -> Deal {
        let external_reference_id = reference.to_owned();
        Deal { deal_id: deal_id.to_owned(), external_reference_id, ..Deal::default() }
    }

    fn success(deal: &Deal) -> Option<SubmitResponse> {
        answer(SubmitOutcome::Delivered(deal.clone()))
    }

    #[test]
    fn a_success_counts_only_for_the_draft_that_was_sent() {
        assert_eq!(read(200, success(&deal("7", ""))), Outcome::Arrived(deal("7", "")));
        check(200, success(&deal("7", "web-2")), "unreadable", "");
        check(200, success(&deal("", "web-1")), "unreadable", "");
    }

    #[test]
    fn an_answer_about_another_revision_is_not_about_this_request() {
        let about = |revision: &str| {
            let outcome = SubmitOutcome::Delivered(deal("7", "web-1"));
            Some(SubmitResponse { outcome, revision: Some(revision.to_owned()) })
        };
        assert_eq!(read(200, about("0000000a-2")), Outcome::Arrived(deal("7", "web-1")));
        assert_eq!(read(200, about("0000000a-3")), Outcome::Failed(Failure::Outdated(3)));
    }

    #[test]
    fn an_ended_draft_needs_another_reference() {
        assert_eq!(read(409, refusal(Some("draft_ended"))), Outcome::Failed(Failure::DraftEnded));
    }

    /// One failure of each kind.
    fn every_failure() -> [Failure; 15] {
        let text = String::new;
        [
            Failure::Network,
            Failure::Timeout,
            Failure::Cancelled,
            Failure::Abandoned,
            Failure::Crm(text()),
            Failure::Invalid { message: text(), problems: Vec::new() },
            Failure::TooLarge(text()),
            Failure::WrongType(text()),
            Failure::TooMany(text()),
            Failure::Unproven(text()),
            Failure::Unavailable(text()),
            Failure::Refused(text()),
            Failure::Unreadable,
            Failure::DraftEnded,
            Failure::Outdated(1),
        ]
    }

    #[test]
    fn the_types_for_pages_list_every_code_of_a_failure() {
        let types = include_str!("../../embed/deal-form.d.ts");
        let (_, codes) = types.split_once("export type FailureCode =").unwrap();
        let (codes, _) = codes.split_once(';').unwrap();
        let listed: BTreeSet<&str> = codes.split('"').skip(1).step_by(2).collect();
        let failures = every_failure();
        let codes: BTreeSet<&str> = failures.iter().map(Failure::code).collect();
        assert_eq!(listed, codes);
    }
}
