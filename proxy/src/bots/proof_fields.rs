//! What a page brings beside the answers, under names that no parameter of the CRM and no custom
//! field can have: these have no hyphen.

/// A field that no person sees, and which programs fill in because they fill in everything.
pub(crate) const TRAP: &str = "your-website";

/// The token of the page.
pub(crate) const TOKEN: &str = "df-token";

/// The solution of a challenge, as ALTCHA writes it.
pub(crate) const WORK: &str = "df-work";

/// The captcha's answer: by our name, and by those under which captchas put it in a form.
const CAPTCHA: [&str; 4] =
    ["df-captcha", "cf-turnstile-response", "h-captcha-response", "g-recaptcha-response"];

/// The longest of them are captchas' answers, of some two thousand characters.
pub(crate) const PROOF_FIELD_LIMIT: usize = 8_000;

/// What was brought.
#[derive(Default)]
pub(crate) struct ProofFields {
    /// Whether something stands in the field that nobody sees.
    pub(super) trapped: bool,
    pub(super) token: Option<String>,
    pub(super) captcha: Option<String>,
    pub(super) work: Option<String>,
}

/// Whether a value of that name is brought beside the answers.
pub(crate) fn is_proof_field(name: &str) -> bool {
    [TRAP, TOKEN, WORK].contains(&name) || CAPTCHA.contains(&name)
}

impl ProofFields {
    /// Takes the value of such a name; the first one counts.
    pub(crate) fn take(&mut self, name: &str, value: String) {
        let slot = match name {
            TRAP => {
                self.trapped |= !value.trim().is_empty();
                return;
            }
            TOKEN => &mut self.token,
            WORK => &mut self.work,
            _ => &mut self.captcha,
        };
        slot.get_or_insert(value);
    }
}
