use serde::Serialize;

/// The proofs that a page must send with a submission to show that a person sent it. The page
/// requests the data for them at the form's address followed by `/token`.
///
/// The definition only names the required proofs. It does not contain the data for them, because
/// the data differ from page to page and would prevent caching.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// A signed token with the time at which the page was opened.
    #[serde(skip_serializing_if = "is_false")]
    pub token: bool,
    /// An answer to the captcha in the proxy's settings.
    #[serde(skip_serializing_if = "is_false")]
    pub captcha: bool,
    /// A number that takes a computer some time to find.
    #[serde(skip_serializing_if = "is_false")]
    pub work: bool,
}

impl Proof {
    /// Returns whether no proof is required.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(flag: &bool) -> bool {
    !flag
}
