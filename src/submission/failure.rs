//! Interprets the proxy's response to a submission.

use deal_contract::messages::MessageKey;
use deal_contract::problem::Code;
use deal_contract::protocol::{
    FieldError, RefusalBody, RefusalCode, SubmitOutcome, SubmitResponse,
};
use deal_contract::reply::Deal;
use deal_contract::revision::Revision;

use super::FormError;

/// The result of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The CRM has the deal.
    Arrived(Deal),
    /// The proxy has stored the submission under this reference, and will deliver it.
    Kept(String),
    /// The submission has not arrived, or it is unknown whether it has.
    Failed(Failure),
}

/// Why an attempt did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The connection failed.
    Network,
    /// The request was inactive for too long.
    Timeout,
    /// The visitor stopped the request before the whole body was sent.
    Cancelled,
    /// The visitor stopped the request while it waited for the response.
    Abandoned,
    /// The CRM refused the submission, with this message.
    Crm(String),
    /// 422: the proxy found problems, or the browser cannot read a file.
    Invalid { message: String, problems: Vec<FieldError> },
    /// 413: the request is too large.
    TooLarge(String),
    /// 415: the server does not accept the media type or the encoding of the request.
    WrongType(String),
    /// 429: too many requests.
    TooMany(String),
    /// The proxy did not accept the proof that a person sent the form: the proof was too early, too
    /// late or missing.
    Unproven(String),
    /// 502, 503 or 504: the proxy or the CRM is unavailable.
    Unavailable(String),
    /// Any other response with an `error_message`.
    Refused(String),
    /// The response is not JSON in a known format, or reports a success for another draft.
    Unreadable,
    /// 409: the reference belongs to another page's draft, so this draft needs another reference.
    DraftEnded,
    /// The response is about another request, with this number.
    Outdated(u32),
}

/// Identifies a request, so that responses about other requests are ignored.
#[derive(Debug, Clone)]
pub(crate) struct RequestId {
    /// Empty if the proxy creates the reference.
    pub(crate) reference: String,
    pub(crate) revision: String,
}

impl Outcome {
    /// Interprets a response. A server between browser and proxy may respond without JSON, so some
    /// statuses, such as 413, are interpreted even without JSON.
    pub(crate) fn read(status: u16, response: Option<SubmitResponse>, request: &RequestId) -> Self {
        let (outcome, revision) =
            response.map_or((None, None), |response| (Some(response.outcome), response.revision));
        if let Some(known) = revision.filter(|known| *known != request.revision)
            && let Ok(Revision { number, .. }) = known.parse()
        {
            return Self::Failed(Failure::Outdated(number));
        }
        let RefusalBody { error_message, code, problems } = match outcome {
            Some(SubmitOutcome::Received(received)) if status == 202 => {
                return Self::Kept(received.external_reference_id);
            }
            Some(SubmitOutcome::Delivered(deal))
                if matches!(status, 200..300) && request.is_confirmed_by(&deal) =>
            {
                return Self::Arrived(deal);
            }
            Some(SubmitOutcome::Refused(refusal)) => refusal,
            _ => RefusalBody::default(),
        };
        let message = Some(error_message).filter(|message| !message.is_empty());
        let is = |expected: RefusalCode| code.as_deref() == Some(expected.as_str());
        let by_crm = match code {
            Some(_) => is(RefusalCode::CrmRefused),
            None => matches!(status, 200..300),
        };
        Self::Failed(match (status, message) {
            (409, _) if is(RefusalCode::DraftEnded) => Failure::DraftEnded,
            (_, Some(message)) if by_crm => Failure::Crm(message),
            (413, message) => Failure::TooLarge(message.unwrap_or_default()),
            (415, message) => Failure::WrongType(message.unwrap_or_default()),
            (429, message) => Failure::TooMany(message.unwrap_or_default()),
            (502..=504, message) => Failure::Unavailable(message.unwrap_or_default()),
            (422, message) if message.is_some() || !problems.is_empty() => {
                Failure::Invalid { message: message.unwrap_or_default(), problems }
            }
            // A new token or a short wait solves these problems.
            (403, Some(message))
                if is(RefusalCode::TooFast)
                    || is(RefusalCode::TokenStale)
                    || is(RefusalCode::NotProven) =>
            {
                Failure::Unproven(message)
            }
            (_, Some(message)) => Failure::Refused(message),
            (_, None) => Failure::Unreadable,
        })
    }
}

impl RequestId {
    /// Returns whether the reply names a deal and belongs to this draft.
    fn is_confirmed_by(&self, deal: &Deal) -> bool {
        let by_proxy = self.reference.is_empty();
        deal.confirms(if by_proxy { &deal.external_reference_id } else { &self.reference })
    }
}

impl Failure {
    /// Returns whether the failure is likely to be temporary, so that a retry can help.
    pub(crate) fn is_temporary(&self) -> bool {
        matches!(
            self,
            Self::Network
                | Self::Timeout
                | Self::TooMany(_)
                | Self::Unproven(_)
                | Self::Unavailable(_)
        )
    }

    /// Returns whether the submission may have arrived in spite of the failure.
    pub(crate) fn is_uncertain(&self) -> bool {
        matches!(self, Self::Network | Self::Timeout | Self::Unreadable)
    }

    /// Returns whether the browser can no longer read a file.
    pub(crate) fn has_lost_files(&self) -> bool {
        matches!(self, Self::Invalid { problems, .. }
            if problems.iter().any(|error| error.code == Some(Code::FileUnreadable)))
    }

    /// Returns the heading and the advice for the visitor.
    pub(crate) fn heading_and_advice(&self) -> (MessageKey, MessageKey) {
        match self {
            Self::Network => (MessageKey::NetworkHeading, MessageKey::NetworkAdvice),
            Self::Timeout => (MessageKey::TimeoutHeading, MessageKey::TimeoutAdvice),
            Self::Cancelled => (MessageKey::CancelledHeading, MessageKey::CancelledAdvice),
            Self::Abandoned => (MessageKey::AbandonedHeading, MessageKey::AbandonedAdvice),
            Self::Crm(_) => (MessageKey::CrmRefusedHeading, MessageKey::CrmRefusedAdvice),
            Self::Invalid { .. } if self.has_lost_files() => {
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

    /// Returns the message from the CRM or the proxy as plain text, or an empty text if there is
    /// none.
    pub(crate) fn message(&self) -> &str {
        match self {
            Self::Crm(message)
            | Self::Invalid { message, .. }
            | Self::TooLarge(message)
            | Self::WrongType(message)
            | Self::TooMany(message)
            | Self::Unproven(message)
            | Self::Unavailable(message)
            | Self::Refused(message) => message,
            Self::Network
            | Self::Timeout
            | Self::Cancelled
            | Self::Abandoned
            | Self::Unreadable
            | Self::DraftEnded
            | Self::Outdated(_) => "",
        }
    }

    /// Returns the error for the page.
    pub(crate) fn error(&self) -> FormError {
        match self {
            Self::Network => FormError::Network,
            Self::Timeout => FormError::Timeout,
            Self::Cancelled | Self::Abandoned => FormError::Cancelled,
            Self::Crm(_) => FormError::CrmRefused,
            Self::Invalid { .. } => FormError::Invalid,
            Self::TooLarge(_) => FormError::TooLarge,
            Self::WrongType(_) => FormError::WrongType,
            Self::TooMany(_) => FormError::TooMany,
            Self::Unavailable(_) => FormError::Unavailable,
            Self::Refused(_) | Self::Unproven(_) | Self::DraftEnded => FormError::Refused,
            Self::Unreadable | Self::Outdated(_) => FormError::Unreadable,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use deal_contract::protocol::Received;

    use super::*;

    fn request() -> RequestId {
        RequestId { reference: "web-1".to_owned(), revision: "0000000a-2".to_owned() }
    }

    fn read(status: u16, response: Option<SubmitResponse>) -> Outcome {
        Outcome::read(status, response, &request())
    }

    #[expect(clippy::unnecessary_wraps, reason = "`Outcome::read` takes an `Option`")]
    fn response(outcome: SubmitOutcome) -> Option<SubmitResponse> {
        Some(SubmitResponse { outcome, revision: None })
    }

    fn refusal(code: Option<&str>) -> Option<SubmitResponse> {
        response(SubmitOutcome::Refused(RefusalBody {
            error_message: "No".to_owned(),
            code: code.map(str::to_owned),
            problems: Vec::new(),
        }))
    }

    #[track_caller]
    fn check(status: u16, response: Option<SubmitResponse>, code: &str, message: &str) {
        match read(status, response) {
            Outcome::Failed(failure) => {
                assert_eq!((failure.error().code(), failure.message()), (code, message));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn accepts_a_stored_submission_only_with_status_202() {
        let external_reference_id = "web-1".to_owned();
        let kept = response(SubmitOutcome::Received(Received { external_reference_id }));
        assert_eq!(read(202, kept.clone()), Outcome::Kept("web-1".to_owned()));
        check(500, kept, "unreadable", "");
    }

    #[test]
    fn distinguishes_refusals_by_the_crm_from_refusals_by_the_proxy() {
        check(200, refusal(None), "crm_refused", "No");
        check(422, refusal(Some("crm_refused")), "crm_refused", "No");
        check(422, refusal(Some("invalid")), "invalid", "No");
        check(403, refusal(Some("origin")), "refused", "No");
        check(404, refusal(None), "refused", "No");
    }

    #[test]
    fn understands_the_status_of_a_refusal_with_and_without_json() {
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
    fn a_response_without_json_is_unreadable_if_its_status_does_not_explain_it() {
        check(200, None, "unreadable", "");
        check(500, None, "unreadable", "");
        check(422, None, "unreadable", "");
    }

    #[test]
    fn accepts_a_success_only_with_a_success_status() {
        assert_eq!(read(200, success(&deal("7", "web-1"))), Outcome::Arrived(deal("7", "web-1")));
        check(500, success(&deal("7", "web-1")), "unreadable", "");
    }

    fn deal(deal_id: &str, reference: &str) -> Deal {
        let external_reference_id = reference.to_owned();
        Deal { deal_id: deal_id.to_owned(), external_reference_id, ..Deal::default() }
    }

    fn success(deal: &Deal) -> Option<SubmitResponse> {
        response(SubmitOutcome::Delivered(deal.clone()))
    }

    #[test]
    fn accepts_a_success_only_for_the_draft_that_was_sent() {
        assert_eq!(read(200, success(&deal("7", ""))), Outcome::Arrived(deal("7", "")));
        check(200, success(&deal("7", "web-2")), "unreadable", "");
        check(200, success(&deal("", "web-1")), "unreadable", "");
    }

    #[test]
    fn a_response_about_another_revision_is_outdated() {
        let about = |revision: &str| {
            let outcome = SubmitOutcome::Delivered(deal("7", "web-1"));
            Some(SubmitResponse { outcome, revision: Some(revision.to_owned()) })
        };
        assert_eq!(read(200, about("0000000a-2")), Outcome::Arrived(deal("7", "web-1")));
        assert_eq!(read(200, about("0000000a-3")), Outcome::Failed(Failure::Outdated(3)));
    }

    #[test]
    fn recognises_that_the_draft_has_ended() {
        assert_eq!(read(409, refusal(Some("draft_ended"))), Outcome::Failed(Failure::DraftEnded));
    }

    /// Returns one failure of each kind.
    fn one_failure_of_each_kind() -> [Failure; 15] {
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
    fn the_typescript_types_list_every_failure_code() {
        let types = include_str!("../../embed/deal-form.d.ts");
        let (_, codes) = types.split_once("export type FailureCode =").unwrap();
        let (codes, _) = codes.split_once(';').unwrap();
        let listed: BTreeSet<&str> = codes.split('"').skip(1).step_by(2).collect();
        let failures = one_failure_of_each_kind();
        let codes: BTreeSet<&str> = failures.iter().map(|failure| failure.error().code()).collect();
        assert_eq!(listed, codes);
    }
}
