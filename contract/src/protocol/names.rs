/// The names of the form fields that are sent beside the answers. Those that begin with `df-`, and
/// the honeypot, have a hyphen, which no parameter of the CRM and no custom field has.
pub mod field {
    pub use crate::attachments::PART as FILES;
    pub use crate::reference::PARAMETER as REFERENCE;

    /// The [revision](crate::revision::Revision) of the request.
    pub const REVISION: &str = "df-revision";

    /// The token of the page.
    pub const TOKEN: &str = "df-token";

    /// The [solution](super::super::Solution) of a challenge, as ALTCHA writes it.
    pub const WORK: &str = "df-work";

    /// The answer of the captcha.
    pub const CAPTCHA: &str = "df-captcha";

    /// A field that no person sees, and which programs fill in because they fill in everything.
    pub const HONEYPOT: &str = "your-website";
}

/// The headers of answers that pages read, in lower case.
pub mod header {
    /// The version of a definition.
    pub const ETAG: &str = "etag";

    /// The seconds after which the same request may succeed.
    pub const RETRY_AFTER: &str = "retry-after";

    /// The name of the request in the proxy's log.
    pub const REQUEST_ID: &str = "x-request-id";

    /// All of them.
    pub const ALL: [&str; 3] = [ETAG, RETRY_AFTER, REQUEST_ID];
}

/// The addresses below the address of a form.
pub mod path {
    /// Answers with a [`ProofRequest`](super::super::ProofRequest).
    pub const TOKEN: &str = "token";

    /// Followed by `/` and a reference, answers with a
    /// [`SubmissionStatus`](super::super::SubmissionStatus).
    pub const SUBMISSIONS: &str = "submissions";
}
