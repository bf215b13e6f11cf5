//! The fields that contain a page's proofs. Their names contain a hyphen, so they cannot be parameters of
//! the CRM or custom fields.

use deal_contract::protocol::field::{CAPTCHA, HONEYPOT, TOKEN, WORK};

/// The fields that captcha scripts add to a form.
const CAPTCHA_FIELDS: [&str; 3] =
    ["cf-turnstile-response", "h-captcha-response", "g-recaptcha-response"];

/// The maximum size of a proof in bytes. The longest proofs are captcha answers with about two thousand characters.
pub(crate) const PROOF_FIELD_LIMIT: usize = 8_000;

/// The proofs in a submission.
#[derive(Default)]
pub(crate) struct ProofFields {
    /// Whether the hidden field is filled in.
    pub(super) honeypot_filled: bool,
    pub(super) token: Option<String>,
    pub(super) captcha: Option<String>,
    pub(super) work: Option<String>,
}

/// Returns whether the field contains a proof.
pub(crate) fn is_proof_field(name: &str) -> bool {
    [HONEYPOT, TOKEN, WORK, CAPTCHA].contains(&name) || CAPTCHA_FIELDS.contains(&name)
}

impl ProofFields {
    /// Stores the value of a proof field. If a field other than the honeypot is sent twice, the first
    /// value is used.
    pub(crate) fn take(&mut self, name: &str, value: String) {
        let slot = match name {
            HONEYPOT => {
                self.honeypot_filled |= !value.trim().is_empty();
                return;
            }
            TOKEN => &mut self.token,
            WORK => &mut self.work,
            _ => &mut self.captcha,
        };
        slot.get_or_insert(value);
    }
}
