/// The names of the form fields that are sent with the answers. The proxy's own names contain a
/// hyphen, so they never collide with a parameter of the CRM or a custom field.
pub mod field {
    pub use crate::attachments::PART as FILES;
    pub use crate::reference::PARAMETER as REFERENCE;

    /// The [revision](crate::revision::Revision) of the request.
    pub const REVISION: &str = "df-revision";

    /// The token of the page.
    pub const TOKEN: &str = "df-token";

    /// The [solution](super::super::Solution) of a challenge, as ALTCHA writes it.
    pub const WORK: &str = "df-work";

    /// The answer to the captcha.
    pub const CAPTCHA: &str = "df-captcha";

    /// The honeypot: a field that visitors do not see. Bots fill it in.
    pub const HONEYPOT: &str = "your-website";
}

/// The response headers that pages read, in lower case.
pub mod header {
    /// The version of a definition.
    pub const ETAG: &str = "etag";

    /// The seconds to wait before the same request can succeed.
    pub const RETRY_AFTER: &str = "retry-after";

    /// The id of the request in the proxy's log.
    pub const REQUEST_ID: &str = "x-request-id";

    /// All headers.
    pub const ALL: [&str; 3] = [ETAG, RETRY_AFTER, REQUEST_ID];
}

/// The addresses below a form's address.
pub mod path {
    /// The address of a [`ProofRequest`](super::super::ProofRequest).
    pub const TOKEN: &str = "token";

    /// Followed by `/` and a reference, the address of a
    /// [`SubmissionStatus`](super::super::SubmissionStatus).
    pub const SUBMISSIONS: &str = "submissions";
}
