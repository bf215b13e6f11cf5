use thiserror::Error;

/// Why a form could not be loaded or sent. After a failed attempt to send, all answers are still in
/// the form.
///
/// ```
/// use deal_form::FormError;
///
/// assert_eq!(FormError::TooLarge.code(), "too_large");
/// assert_eq!(FormError::TooLarge.to_string(), "the submission is too large");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[non_exhaustive]
pub enum FormError {
    /// The form could not be loaded.
    #[error("the form could not be loaded")]
    Load,
    /// There was no connection, or it broke.
    #[error("there was no connection, or it broke")]
    Network,
    /// There was no activity for too long.
    #[error("there was no activity for too long")]
    Timeout,
    /// The visitor stopped the attempt.
    #[error("the visitor stopped the attempt")]
    Cancelled,
    /// The CRM refused the deal.
    #[error("the CRM refused the deal")]
    CrmRefused,
    /// The proxy found problems, or the browser can no longer read a file.
    #[error("the proxy found problems, or the browser can no longer read a file")]
    Invalid,
    /// The submission is too large.
    #[error("the submission is too large")]
    TooLarge,
    /// The request has a media type or encoding that the server does not accept (status 415).
    #[error(
        "the request has a media type or encoding that the server does not accept (status 415)"
    )]
    WrongType,
    /// A limit on submissions was reached.
    #[error("a limit on submissions was reached")]
    TooMany,
    /// The proxy is not accepting submissions at the moment.
    #[error("the proxy is not accepting submissions at the moment")]
    Unavailable,
    /// The proxy refused the submission.
    #[error("the proxy refused the submission")]
    Refused,
    /// The response is not a valid reply.
    #[error("the response is not a valid reply")]
    Unreadable,
}

impl FormError {
    /// Returns the permanent code, as in the events of the custom element.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::CrmRefused => "crm_refused",
            Self::Invalid => "invalid",
            Self::TooLarge => "too_large",
            Self::WrongType => "wrong_type",
            Self::TooMany => "too_many",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::Unreadable => "unreadable",
        }
    }
}
