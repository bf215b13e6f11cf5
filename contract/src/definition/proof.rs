use serde::Serialize;

/// What a page has to bring with a submission, beside the answers, so that the proxy takes it for a
/// person's. The page gets it from the form's address followed by `/token`.
///
/// It says only what; how, changes from page to page and would keep the definition out of caches.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// A signed note of when the page was opened.
    #[serde(skip_serializing_if = "is_false")]
    pub token: bool,
    /// An answer of the captcha that the proxy is set up with.
    #[serde(skip_serializing_if = "is_false")]
    pub captcha: bool,
    /// A number that takes a computer some time to find.
    #[serde(skip_serializing_if = "is_false")]
    pub work: bool,
}

impl Proof {
    /// Whether a page has nothing to bring.
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(flag: &bool) -> bool {
    !flag
}
