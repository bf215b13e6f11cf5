use std::fmt::{self, Display, Formatter};

use serde::{Serialize, Serializer};

/// Names each code and its spelling in one place.
macro_rules! refusal_codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// Why the proxy refused a request, for programs. The spelling of a code never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum RefusalCode {
            $($(#[$doc])* $variant,)+
        }

        impl RefusalCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The code as it is written in JSON.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

refusal_codes! {
    /// The form does not take these answers.
    Problems = "problems",
    /// The CRM does not want the deal.
    CrmRefused = "crm_refused",
    /// More bytes than a submission may have.
    TooLarge = "too_large",
    /// A body other than `multipart/form-data`.
    ContentType = "content_type",
    /// A compressed body.
    ContentEncoding = "content_encoding",
    /// A transfer coding other than `chunked`.
    TransferCoding = "transfer_coding",
    /// A body that no form sends.
    Malformed = "malformed",
    /// The rest of the body did not arrive in time.
    TooSlow = "too_slow",
    /// More submissions in a time than one sender or one form may have.
    TooMany = "too_many",
    /// The reference belongs to the draft of another page.
    DraftEnded = "draft_ended",
    /// The proxy cannot take the submission now.
    Unavailable = "unavailable",
    /// A page of an origin that is not allowed.
    OriginNotAllowed = "origin_not_allowed",
    /// The honeypot was filled in.
    Trap = "trap",
    /// Sent faster than a person fills in a form.
    TooFast = "too_fast",
    /// The token of the page is missing, unknown or too old.
    TokenStale = "token_stale",
    /// The work or the answer of the captcha is missing, wrong or used up.
    NotProven = "not_proven",
    /// There is no such form.
    FormUnknown = "form_unknown",
    /// No submission with that reference has arrived.
    SubmissionUnknown = "submission_unknown",
    /// There is no such page or file.
    NotFound = "not_found",
    /// The address does not have that method.
    MethodNotAllowed = "method_not_allowed",
    /// The request does not say which host it is for.
    HostMissing = "host_missing",
    /// More or longer headers than a browser sends.
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
