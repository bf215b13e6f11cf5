//! Why a request is refused: the status, code and sentence for each case.

use axum::http::StatusCode;
use deal_contract::messages::PageMessageKey;
use deal_contract::problem::{Code, Language, Problem};
use deal_contract::protocol::{FieldError, RefusalBody, RefusalCode};

use crate::bots::BotSuspicion;
use crate::intake::{IntakeError, Malformed, TooLarge};
use crate::limits::LimitReached;
use crate::settings::Localizer;

/// Why the proxy refuses a request. The sentence is for visitors: it says what happened and usually what to do. If the
/// request belongs to a form, most sentences are in the form's language. The code is for programs and never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The form does not exist.
    FormUnknown,
    /// The file or page does not exist.
    NotFound,
    /// The address does not support the method.
    MethodNotAllowed,
    /// The `Host` header is missing, invalid or not the only one.
    HostMissing,
    /// The body has a transfer coding other than `chunked`.
    TransferCoding,
    /// The headers are too long.
    HeadTooLarge,
    /// The origin of the page is not allowed.
    OriginNotAllowed,
    /// The content type is not `multipart/form-data`.
    ContentType,
    /// The body is compressed or otherwise encoded.
    ContentEncoding,
    /// No browser sends such a body.
    Malformed(Malformed),
    /// The submission exceeds a limit.
    TooLarge(TooLarge),
    /// The rest of the body did not arrive in time.
    TooSlow,
    /// The sender or the form has reached its rate limit.
    TooMany {
        /// Seconds until another submission is allowed.
        seconds: u64,
    },
    /// The form does not accept the answers.
    Problems(Vec<Problem>),
    /// The submission looks as if a program had sent it.
    BotSuspicion(BotSuspicion),
    /// The proxy cannot receive or store the submission now, or the system has no random numbers.
    Unavailable,
    /// The reference belongs to another page's draft.
    DraftEnded,
    /// The form has no submission with this reference.
    SubmissionUnknown,
    /// The CRM refused the deal, with this message.
    CrmRefused(String),
}

impl Refusal {
    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::HostMissing | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::OriginNotAllowed | Self::BotSuspicion(_) => StatusCode::FORBIDDEN,
            Self::FormUnknown | Self::NotFound | Self::SubmissionUnknown => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::DraftEnded => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TransferCoding => StatusCode::NOT_IMPLEMENTED,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::ContentType | Self::ContentEncoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            // If size is the only problem, the response is the same as for a request that is too large.
            Self::Problems(problems)
                if problems.iter().all(|problem| problem.code == Code::FileTotal) =>
            {
                StatusCode::PAYLOAD_TOO_LARGE
            }
            Self::Problems(_) | Self::CrmRefused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Returns the code, for programs.
    pub fn code(&self) -> RefusalCode {
        match self {
            Self::FormUnknown => RefusalCode::FormUnknown,
            Self::NotFound => RefusalCode::NotFound,
            Self::MethodNotAllowed => RefusalCode::MethodNotAllowed,
            Self::HostMissing => RefusalCode::HostMissing,
            Self::TransferCoding => RefusalCode::TransferCoding,
            Self::HeadTooLarge => RefusalCode::HeadTooLarge,
            Self::OriginNotAllowed => RefusalCode::OriginNotAllowed,
            Self::ContentType => RefusalCode::ContentType,
            Self::ContentEncoding => RefusalCode::ContentEncoding,
            Self::Malformed(_) => RefusalCode::Malformed,
            Self::TooLarge(_) => RefusalCode::TooLarge,
            Self::TooSlow => RefusalCode::TooSlow,
            Self::TooMany { .. } => RefusalCode::TooMany,
            Self::Problems(_) => match self.status() {
                StatusCode::PAYLOAD_TOO_LARGE => RefusalCode::TooLarge,
                _ => RefusalCode::Problems,
            },
            Self::BotSuspicion(BotSuspicion::Trap) => RefusalCode::Trap,
            Self::BotSuspicion(BotSuspicion::TooFast { .. }) => RefusalCode::TooFast,
            Self::BotSuspicion(BotSuspicion::TokenStale) => RefusalCode::TokenStale,
            Self::BotSuspicion(BotSuspicion::NotProven) => RefusalCode::NotProven,
            Self::DraftEnded => RefusalCode::DraftEnded,
            Self::Unavailable => RefusalCode::Unavailable,
            Self::CrmRefused(_) => RefusalCode::CrmRefused,
            Self::SubmissionUnknown => RefusalCode::SubmissionUnknown,
        }
    }

    /// Returns the problems with the answers; empty for other refusals.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Problems(problems) => problems,
            _ => &[],
        }
    }

    /// Returns the sentence for the visitor: what happened and usually what to do.
    pub(crate) fn sentence_in(&self, localizer: &Localizer) -> String {
        let text = |message| localizer.say(message);
        match self {
            Self::FormUnknown => {
                "This form does not exist. Check the address for a typing mistake.".to_owned()
            }
            Self::NotFound => {
                "This page does not exist. Check the address for a typing mistake.".to_owned()
            }
            Self::MethodNotAllowed => {
                "This address does not support this method. Open it in a browser instead."
                    .to_owned()
            }
            Self::HostMissing => "The request has no valid Host header.".to_owned(),
            Self::TransferCoding => {
                "The request's body has a transfer coding that browsers do not use.".to_owned()
            }
            Self::HeadTooLarge => {
                "The request's headers are too long, or there are too many.".to_owned()
            }
            Self::OriginNotAllowed => text(PageMessageKey::Origin),
            Self::ContentType => text(PageMessageKey::ContentType),
            Self::ContentEncoding => text(PageMessageKey::ContentEncoding),
            Self::Malformed(_) => text(PageMessageKey::Malformed),
            Self::TooLarge(too_large) => too_large_sentence(too_large, localizer),
            Self::TooSlow => text(PageMessageKey::TooSlow),
            Self::TooMany { .. } => text(PageMessageKey::TooMany),
            Self::Problems(problems) => problems
                .iter()
                .map(|problem| problem.sentence_in(localizer))
                .collect::<Vec<_>>()
                .join(" "),
            Self::BotSuspicion(BotSuspicion::Trap) => text(PageMessageKey::Trapped),
            Self::BotSuspicion(BotSuspicion::TooFast { .. }) => text(PageMessageKey::TooFast),
            Self::BotSuspicion(BotSuspicion::TokenStale) => text(PageMessageKey::Stale),
            Self::BotSuspicion(BotSuspicion::NotProven) => text(PageMessageKey::Unproven),
            Self::DraftEnded => text(PageMessageKey::DraftEnded),
            Self::Unavailable => text(PageMessageKey::Unavailable),
            Self::SubmissionUnknown => text(PageMessageKey::SubmissionUnknown),
            Self::CrmRefused(message) => message.clone(),
        }
    }

    /// Returns the JSON of the response.
    pub(crate) fn body(&self, localizer: &Localizer) -> RefusalBody {
        let field_error = |problem| FieldError::new(problem, localizer);
        RefusalBody {
            error_message: self.sentence_in(localizer),
            code: Some(self.code().to_string()),
            problems: self.problems().iter().map(field_error).collect(),
        }
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl From<TooLarge> for Refusal {
    fn from(too_large: TooLarge) -> Self {
        Self::TooLarge(too_large)
    }
}

impl From<IntakeError> for Refusal {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::Malformed(malformed) => malformed.into(),
            IntakeError::TooLarge(too_large) => too_large.into(),
            IntakeError::TooSlow => Self::TooSlow,
            IntakeError::Spool(_) => Self::Unavailable,
        }
    }
}

impl From<LimitReached> for Refusal {
    fn from(reached: LimitReached) -> Self {
        match reached {
            LimitReached::Rate { seconds } => Self::TooMany { seconds },
            LimitReached::Uploads => Self::Unavailable,
        }
    }
}

/// Returns the sentence about a request that is too large.
fn too_large_sentence(too_large: &TooLarge, localizer: &Localizer) -> String {
    match too_large {
        TooLarge::Body(limit) => {
            localizer.fill(PageMessageKey::TooLarge, &[("limit", &localizer.bytes(limit.0))])
        }
        TooLarge::Text(label) => localizer.fill(PageMessageKey::TextTooLong, &[("label", label)]),
        TooLarge::Parts(limit) => {
            localizer.fill(PageMessageKey::TooManyParts, &[("limit", &limit.to_string())])
        }
        TooLarge::PartHeader => localizer.say(PageMessageKey::NameTooLong),
    }
}
