//! Checks whether a person sent a form, with a hidden field, tokens, proof of work and captchas.

mod captcha;
mod check;
mod derived_reference;
mod proof_fields;
mod remembered_proofs;
mod secret;
mod suspicion;
mod token;
mod used_proofs;
mod work;

pub use self::captcha::CaptchaError;
pub(crate) use self::check::BotCheck;
pub use self::check::SetupError;
pub(crate) use self::proof_fields::{PROOF_FIELD_LIMIT, ProofFields, is_proof_field};
pub use self::secret::SecretError;
pub use self::suspicion::BotSuspicion;
