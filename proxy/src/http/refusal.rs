//! Each way in which a request fails: its status, its code and its sentence.

use axum::http::StatusCode;
use deal_contract::messages::PageMessageKey;
use deal_contract::problem::{Code, Language, Problem};
use deal_contract::protocol::{FieldError, RefusalBody, RefusalCode};

use crate::bots::BotSuspicion;
use crate::intake::{IntakeError, Malformed, TooLarge};
use crate::limits::LimitReached;
use crate::settings::Localizer;

/// Why there is no deal, for the visitor and for the page. The sentence says what happened and
/// what to do, in the form's language; the code is for programs and never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such form.
    FormUnknown,
    /// No such file or page.
    NotFound,
    /// Another method than the address has.
    Method,
    /// No `Host` header, several, or one that names no host.
    Host,
    /// A body in another transfer coding than pieces.
    Coding,
    /// A head with more or longer headers than any browser sends.
    Head,
    /// A page of an origin that is not among those allowed.
    Origin,
    /// Something else than `multipart/form-data`.
    ContentType,
    /// A body that is compressed or otherwise encoded.
    ContentEncoding,
    /// A body that no form sends.
    Malformed(Malformed),
    /// More than a submission may be.
    TooLarge(TooLarge),
    /// The rest of the body did not come in time.
    Slow,
    /// More submissions in a time than one sender or one form may have.
    TooMany {
        /// Until there may be another.
        seconds: u64,
    },
    /// The answers are not what the form asks for.
    Problems(Vec<Problem>),
    /// It looks like a program's.
    BotSuspicion(BotSuspicion),
    /// The proxy cannot take files, or has no random numbers.
    Unavailable,
    /// The reference belongs to another page's draft.
    DraftEnded,
    /// No submission of that reference has arrived for the form.
    SubmissionUnknown,
    /// The CRM refused the deal, in its own words.
    CrmRefused(String),
}

impl Refusal {
    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Host | Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::Origin | Self::BotSuspicion(_) => StatusCode::FORBIDDEN,
            Self::FormUnknown | Self::NotFound | Self::SubmissionUnknown => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::DraftEnded => StatusCode::CONFLICT,
            Self::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Coding => StatusCode::NOT_IMPLEMENTED,
            Self::Head => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
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
        }
    }

    /// Why, for programs.
    pub fn code(&self) -> RefusalCode {
        match self {
            Self::FormUnknown => RefusalCode::FormUnknown,
            Self::NotFound => RefusalCode::NotFound,
            Self::Method => RefusalCode::MethodNotAllowed,
            Self::Host => RefusalCode::HostMissing,
            Self::Coding => RefusalCode::TransferCoding,
            Self::Head => RefusalCode::HeadTooLarge,
            Self::Origin => RefusalCode::OriginNotAllowed,
            Self::ContentType => RefusalCode::ContentType,
            Self::ContentEncoding => RefusalCode::ContentEncoding,
            Self::Malformed(_) => RefusalCode::Malformed,
            Self::TooLarge(_) => RefusalCode::TooLarge,
            Self::Slow => RefusalCode::TooSlow,
            Self::TooMany { .. } => RefusalCode::TooMany,
            Self::Problems(_) => match self.status() {
                StatusCode::PAYLOAD_TOO_LARGE => RefusalCode::TooLarge,
                _ => RefusalCode::Problems,
            },
            Self::BotSuspicion(BotSuspicion::Trap) => RefusalCode::Trap,
            Self::BotSuspicion(BotSuspicion::Fast { .. }) => RefusalCode::TooFast,
            Self::BotSuspicion(BotSuspicion::Stale) => RefusalCode::TokenStale,
            Self::BotSuspicion(BotSuspicion::Unproven) => RefusalCode::NotProven,
            Self::DraftEnded => RefusalCode::DraftEnded,
            Self::Unavailable => RefusalCode::Unavailable,
            Self::CrmRefused(_) => RefusalCode::CrmRefused,
            Self::SubmissionUnknown => RefusalCode::SubmissionUnknown,
        }
    }

    /// What is wrong with the answers, question by question; empty for any other refusal.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Problems(problems) => problems,
            _ => &[],
        }
    }

    /// What happened and what to do, for the visitor.
    pub(crate) fn say(&self, localizer: &Localizer) -> String {
        let alone = |word| localizer.say(word);
        match self {
            Self::FormUnknown => {
                "This form does not exist. Check the address for a typing mistake.".to_owned()
            }
            Self::NotFound => {
                "This page does not exist. Check the address for a typing mistake.".to_owned()
            }
            Self::Method => {
                "This address does not support this method. Open it in a browser instead."
                    .to_owned()
            }
            Self::Host => "The request has no valid Host header.".to_owned(),
            Self::Coding => {
                "The request's body has a transfer coding that browsers do not use.".to_owned()
            }
            Self::Head => "The request's headers are too long, or there are too many.".to_owned(),
            Self::Origin => alone(PageMessageKey::Origin),
            Self::ContentType => alone(PageMessageKey::ContentType),
            Self::ContentEncoding => alone(PageMessageKey::ContentEncoding),
            Self::Malformed(_) => alone(PageMessageKey::Malformed),
            Self::TooLarge(too_large) => say_too_large(too_large, localizer),
            Self::Slow => alone(PageMessageKey::TooSlow),
            Self::TooMany { .. } => alone(PageMessageKey::TooMany),
            Self::Problems(problems) => problems
                .iter()
                .map(|problem| problem.sentence_in(localizer))
                .collect::<Vec<_>>()
                .join(" "),
            Self::BotSuspicion(BotSuspicion::Trap) => alone(PageMessageKey::Trapped),
            Self::BotSuspicion(BotSuspicion::Fast { .. }) => alone(PageMessageKey::TooFast),
            Self::BotSuspicion(BotSuspicion::Stale) => alone(PageMessageKey::Stale),
            Self::BotSuspicion(BotSuspicion::Unproven) => alone(PageMessageKey::Unproven),
            Self::DraftEnded => alone(PageMessageKey::DraftEnded),
            Self::Unavailable => alone(PageMessageKey::Unavailable),
            Self::SubmissionUnknown => alone(PageMessageKey::SubmissionUnknown),
            Self::CrmRefused(words) => words.clone(),
        }
    }

    /// The JSON of the answer, in that language.
    pub(crate) fn body(&self, localizer: &Localizer) -> RefusalBody {
        let report = |problem| FieldError::new(problem, localizer);
        RefusalBody {
            error_message: self.say(localizer),
            code: Some(self.code().to_string()),
            problems: self.problems().iter().map(report).collect(),
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
            IntakeError::Silent => Self::Slow,
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

/// What to do about a request that is too large, for the visitor.
fn say_too_large(too_large: &TooLarge, localizer: &Localizer) -> String {
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
