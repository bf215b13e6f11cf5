use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

/// Declares each code with its name.
macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// Why the proxy refused a request, for programs. The name of a code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum RefusalCode {
            $($(#[$doc])* $variant,)+
        }

        impl RefusalCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the name of the code in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

refusal_codes! {
    /// The form does not accept these answers.
    Problems = "problems",
    /// The CRM refused the deal.
    CrmRefused = "crm_refused",
    /// The submission is too large.
    TooLarge = "too_large",
    /// The body is not `multipart/form-data`.
    ContentType = "content_type",
    /// The body is compressed.
    ContentEncoding = "content_encoding",
    /// The transfer coding is not `chunked`.
    TransferCoding = "transfer_coding",
    /// The body is not a valid form submission.
    Malformed = "malformed",
    /// The rest of the body did not arrive in time.
    TooSlow = "too_slow",
    /// The sender or the form has reached its maximum rate of submissions.
    TooMany = "too_many",
    /// The reference belongs to another page's draft.
    DraftEnded = "draft_ended",
    /// The proxy cannot accept submissions now.
    Unavailable = "unavailable",
    /// The page's origin is not allowed.
    OriginNotAllowed = "origin_not_allowed",
    /// The honeypot was filled in.
    Trap = "trap",
    /// The form was sent faster than a person can fill it in.
    TooFast = "too_fast",
    /// The page's token is missing, unknown or too old.
    TokenStale = "token_stale",
    /// The proof of work or the captcha answer is missing, wrong or already used.
    NotProven = "not_proven",
    /// The form does not exist.
    FormUnknown = "form_unknown",
    /// No submission with that reference has arrived.
    SubmissionUnknown = "submission_unknown",
    /// The page or file does not exist.
    NotFound = "not_found",
    /// The address does not support this method.
    MethodNotAllowed = "method_not_allowed",
    /// The request does not name its host.
    HostMissing = "host_missing",
    /// The headers are too many or too long.
    HeadTooLarge = "head_too_large",
}

impl Display for RefusalCode {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for RefusalCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
