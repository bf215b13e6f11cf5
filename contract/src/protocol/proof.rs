use serde::{Deserialize, Serialize};

/// What a page has to send with a submission, as the [address for it](super::path::TOKEN) answers. A
/// script of the page reads it, the widget's or the page's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ProofRequest {
    /// To be sent as [`TOKEN`](super::field::TOKEN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// The seconds before which the token counts as too fast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<u64>,
    /// The captcha whose answer is to be sent as [`CAPTCHA`](super::field::CAPTCHA).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub captcha: Option<CaptchaSite>,
    /// The work whose [solution](Solution) is to be sent as [`WORK`](super::field::WORK).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<Challenge>,
}

/// What a page needs to show a captcha.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaptchaSite {
    /// The site key.
    pub site_key: String,
    /// The address of the captcha's script.
    pub script: String,
}

/// A number to find. The names in JSON are those of ALTCHA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Challenge {
    /// The hash function.
    pub algorithm: String,
    /// The hash of the salt followed by the digits of the number, in hexadecimal.
    #[serde(rename = "challenge")]
    pub hash: String,
    /// The number is below this one.
    pub maxnumber: u32,
    /// The text before the number.
    pub salt: String,
    /// The signature of the proxy.
    pub signature: String,
}

/// The challenge with the number that was found. It is sent as JSON in base64.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Solution {
    /// Of the challenge.
    pub algorithm: String,
    /// Of the challenge.
    #[serde(rename = "challenge")]
    pub hash: String,
    /// The number that was found.
    pub number: u32,
    /// Of the challenge.
    pub salt: String,
    /// Of the challenge.
    pub signature: String,
}
