use serde::{Deserialize, Serialize};

/// The data for the proofs that a page must send with a submission, to show that a person sent it.
/// This is the response to a request for [`TOKEN`](super::path::TOKEN). The widget or another
/// script on the page reads it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProofRequest {
    /// The token to send as [`TOKEN`](super::field::TOKEN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The seconds to wait before sending; the proxy refuses an earlier submission as too fast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<u64>,
    /// The captcha. Send its answer as [`CAPTCHA`](super::field::CAPTCHA).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captcha: Option<CaptchaSite>,
    /// The proof of work. Send its [solution](Solution) as [`WORK`](super::field::WORK).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<Challenge>,
}

/// The data that a page needs to show a captcha.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaptchaSite {
    /// The site key.
    pub site_key: String,
    /// The address of the captcha script.
    pub script: String,
}

/// A proof of work: the page has to find a number. In JSON, the names are the same as in ALTCHA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Challenge {
    /// The hash function.
    pub algorithm: String,
    /// The hash of the salt followed by the digits of the number, in hexadecimal.
    #[serde(rename = "challenge")]
    pub hash: String,
    /// The exclusive upper limit of the number.
    pub maxnumber: u32,
    /// The text that is hashed before the number.
    pub salt: String,
    /// The proxy's signature.
    pub signature: String,
}

/// A challenge with the number that the page found. It is sent as JSON in base64.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Solution {
    /// The hash function of the challenge.
    pub algorithm: String,
    /// The hash of the challenge.
    #[serde(rename = "challenge")]
    pub hash: String,
    /// The number that was found.
    pub number: u32,
    /// The salt of the challenge.
    pub salt: String,
    /// The signature of the challenge.
    pub signature: String,
}
