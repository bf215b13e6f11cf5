//! What a page brings beside the answers, under names that no parameter of the CRM and no custom
//! field can have: these have no hyphen.

use deal_contract::protocol::field::{CAPTCHA, HONEYPOT, TOKEN, WORK};

/// The names under which captchas themselves put their answer in a form.
const CAPTCHAS_OWN: [&str; 3] =
    ["cf-turnstile-response", "h-captcha-response", "g-recaptcha-response"];

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
    [HONEYPOT, TOKEN, WORK, CAPTCHA].contains(&name) || CAPTCHAS_OWN.contains(&name)
}

impl ProofFields {
    /// Takes the value of such a name; the first one counts.
    pub(crate) fn take(&mut self, name: &str, value: String) {
        let slot = match name {
            HONEYPOT => {
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
