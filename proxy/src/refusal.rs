//! Each way in which a request fails: its status, its code and its sentence.

use axum::http::StatusCode;
use deal_contract::problem::{Code, Problem};
use serde::Serialize;
use thiserror::Error;

use crate::delivery::CrmError;
use crate::intake::{IntakeError, Malformed, TooLarge};

/// Why there is no deal, for the visitor and for the page. The sentence says what happened and
/// what to do; the code is for programs and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// No such form.
    #[error("There is no form at this address. Check the address for a slip.")]
    FormUnknown,
    /// No such file or page.
    #[error("There is nothing at this address. Check the address for a slip.")]
    NotFound,
    /// Another method than the address has.
    #[error("This address does not take such a request. Open it in a browser instead.")]
    Method,
    /// No `Host` header, or several.
    #[error("The request does not say which host it is for.")]
    Host,
    /// A page of an origin that is not among those allowed.
    #[error(
        "The page that you came from may not send this form. Open the form at its own address instead."
    )]
    Origin,
    /// Something else than `multipart/form-data`.
    #[error(
        "The form has to be sent as multipart/form-data. Reload the page and send the form again."
    )]
    ContentType,
    /// A body that is compressed or otherwise encoded.
    #[error(
        "The form was sent in an encoding that is not taken here. Reload the page and send the form again."
    )]
    ContentEncoding,
    /// A body that no form sends.
    #[error("The form did not arrive whole: {0}. Reload the page and send the form again.")]
    Malformed(#[from] Malformed),
    /// More than a submission may be.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The rest of the body did not come in time.
    #[error(
        "The rest of the form did not arrive in time. Check your connection and send the form again."
    )]
    Slow,
    /// The answers are not what the form asks for.
    #[error("{}", sentences(.0))]
    Problems(Vec<Problem>),
    /// The proxy cannot take files, or has no random numbers.
    #[error("We cannot take the form just now. Nothing was lost: send it again in a few minutes.")]
    Unavailable,
    /// The CRM refused the deal, in its own words.
    #[error("{0}")]
    CrmRefused(String),
    /// The CRM has not heard of the deal.
    #[error(
        "Our system cannot be reached just now. Nothing was lost: send the form again in a few minutes."
    )]
    CrmUnreachable,
    /// The CRM said that it failed.
    #[error("Our system has a fault just now. {0}")]
    CrmFailed(Again),
    /// An answer that is none of the CRM's.
    #[error("Our system gave an answer that we cannot read. {0}")]
    CrmUnreadable(Again),
    /// The connection broke before the CRM's answer.
    #[error("The connection to our system broke before it answered. {0}")]
    CrmCut(Again),
    /// The CRM's answer did not come in time.
    #[error("Our system takes too long to answer. {0}")]
    CrmTimeout(Again),
}

/// What may be promised to somebody who sends the form again when nobody knows whether the deal
/// arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Again {
    /// The page knows the draft's reference, so the CRM updates its deal.
    #[error(
        "Nothing was lost: send the form again in a few minutes. It will not be entered twice."
    )]
    Safe,
    /// The sender gave no reference.
    #[error("We cannot tell whether your request arrived. Before you send it again, ask us.")]
    Unknown,
}

/// A refusal as JSON.
#[derive(Debug, Serialize)]
pub(crate) struct RefusalBody<'a> {
    error_message: String,
    code: &'static str,
    problems: &'a [Problem],
}

impl Refusal {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Host | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Origin => StatusCode::FORBIDDEN,
            Self::FormUnknown | Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ContentType | Self::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            // Nothing but too much: the same answer as when the whole request is too large.
            Self::Problems(problems)
                if problems.iter().all(|problem| problem.code == Code::FileTotal) =>
            {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::Problems(_) | Self::CrmRefused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::CrmUnreachable
            | Self::CrmFailed(_)
            | Self::CrmUnreadable(_)
            | Self::CrmCut(_) => StatusCode::BAD_GATEWAY,
            Self::CrmTimeout(_) => StatusCode::GATEWAY_TIMEOUT,
        }
    }

    /// What happened, for programs. It never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FormUnknown => "form_unknown",
            Self::NotFound => "not_found",
            Self::Method => "method_not_allowed",
            Self::Host => "host_missing",
            Self::Origin => "origin_not_allowed",
            Self::ContentType => "content_type",
            Self::ContentEncoding => "content_encoding",
            Self::Malformed(_) => "malformed",
            Self::TooLarge(_) => "too_large",
            Self::Slow => "too_slow",
            Self::Problems(_) => match self.status() {
                StatusCode::PAYLOAD_TOO_LARGE => "too_large",
                _ => "problems",
            },
            Self::Unavailable => "unavailable",
            Self::CrmRefused(_) => "crm_refused",
            Self::CrmUnreachable => "crm_unreachable",
            Self::CrmFailed(_) => "crm_error",
            Self::CrmUnreadable(_) => "crm_unreadable",
            Self::CrmCut(_) => "crm_cut",
            Self::CrmTimeout(_) => "crm_timeout",
        }
    }

    /// What is wrong with the answers, question by question; empty for any other refusal.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Problems(problems) => problems,
            _ => &[],
        }
    }

    /// As JSON: `{"error_message", "code", "problems": [{"code", "field", "message"}]}`.
    pub(crate) fn body(&self) -> RefusalBody<'_> {
        RefusalBody {
            error_message: self.to_string(),
            code: self.code(),
            problems: self.problems(),
        }
    }

    /// What a visitor is told of the CRM's fault.
    pub(crate) fn from_crm(error: CrmError, again: Again) -> Self {
        match error {
            CrmError::Unreachable(_) => Self::CrmUnreachable,
            CrmError::Cut(_) => Self::CrmCut(again),
            CrmError::Silent => Self::CrmTimeout(again),
            CrmError::Failed(_) => Self::CrmFailed(again),
            CrmError::Unreadable(_) => Self::CrmUnreadable(again),
            CrmError::Refused(words) => Self::CrmRefused(words),
            CrmError::Spool(_) => Self::Unavailable,
        }
    }
}

impl From<IntakeError> for Refusal {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Malformed(malformed) => Self::Malformed(malformed),
            IntakeError::TooLarge(too_large) => Self::TooLarge(too_large),
            IntakeError::Silent => Self::Slow,
            IntakeError::Spool(_) => Self::Unavailable,
        }
    }
}

fn sentences(problems: &[Problem]) -> String {
    problems.iter().map(Problem::sentence).collect::<Vec<_>>().join(" ")
}
