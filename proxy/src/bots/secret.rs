//! The secret that the proxy uses for its signatures.

use data_encoding::HEXLOWER;
use std::fmt::{self, Debug, Formatter};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// The environment variable with the secret.
const VARIABLE: &str = "DEAL_PROXY_SECRET";

/// The minimum length of a secret in bytes. Shorter secrets could be guessed.
const LENGTH: usize = 32;

/// The key that signs the values that pages send back, such as tokens. If the environment has no secret,
/// the key is random. Pages that are open during a restart then automatically get a new token.
pub(super) struct Secret(Box<[u8]>);

/// Why the secret cannot be used.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The secret is too short.
    #[error(
        "{VARIABLE} is too short: set it to at least {LENGTH} random characters, such as the output \
         of `openssl rand -hex 32`"
    )]
    Short,
    /// The proxy shares its store with other proxies, but `DEAL_PROXY_SECRET` is not set.
    #[error(
        "store.kind is \"shared\", but {VARIABLE} is not set: set it to the same value for all proxies, such as the \
         output of `openssl rand -hex 32`, because each of them has to accept the tokens of the others"
    )]
    Missing,
    /// The system has no random numbers.
    #[error("cannot get random numbers from the system: {0}")]
    Random(getrandom::Error),
}

impl Secret {
    /// Reads `DEAL_PROXY_SECRET`, or generates a secret if it is not set.
    ///
    /// # Errors
    /// [`SecretError::Short`] if the value has fewer than 32 bytes.
    pub(crate) fn from_env() -> Result<Self, SecretError> {
        match std::env::var_os(VARIABLE) {
            Some(text) => Self::new(text.as_encoded_bytes()),
            None => Self::random(),
        }
    }

    /// Reads `DEAL_PROXY_SECRET`, which has to be the same for all proxies that share a store.
    ///
    /// # Errors
    /// [`SecretError::Missing`] if the variable is not set; [`SecretError::Short`] if the value has fewer than 32 bytes.
    pub(crate) fn shared_from_env() -> Result<Self, SecretError> {
        let text = std::env::var_os(VARIABLE).ok_or(SecretError::Missing)?;
        Self::new(text.as_encoded_bytes())
    }

    fn new(bytes: &[u8]) -> Result<Self, SecretError> {
        if bytes.len() < LENGTH { Err(SecretError::Short) } else { Ok(Self(bytes.into())) }
    }

    /// Generates a secret that exists only in this process.
    ///
    /// # Errors
    /// If the system has no random numbers.
    pub(super) fn random() -> Result<Self, SecretError> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
        Ok(Self(bytes.into()))
    }

    /// Derives the secret for one purpose. Its signatures are not valid for this secret, or for another purpose.
    pub(super) fn for_purpose(&self, purpose: &str) -> Self {
        Self(self.mac("secret", &[purpose]).finalize().into_bytes().as_slice().into())
    }

    /// Signs the items; the result is hexadecimal. A signature is valid only for the same `purpose`.
    pub(super) fn sign(&self, purpose: &str, items: &[&str]) -> String {
        HEXLOWER.encode(&self.mac(purpose, items).finalize().into_bytes())
    }

    /// Returns whether the signature is valid. The comparison takes constant time.
    pub(super) fn verify(&self, purpose: &str, items: &[&str], signature: &str) -> bool {
        HEXLOWER
            .decode(signature.as_bytes())
            .is_ok_and(|signature| self.mac(purpose, items).verify_slice(&signature).is_ok())
    }

    /// Derives 128 bits from the items. Without the secret, these bits cannot be computed.
    pub(super) fn derive(&self, purpose: &str, items: &[&str]) -> [u8; 16] {
        let mut bits = [0; 16];
        let all = self.mac(purpose, items).finalize().into_bytes();
        bits.iter_mut().zip(all).for_each(|(bit, byte)| *bit = byte);
        bits
    }

    /// Computes the MAC of the purpose and the items. Each item follows its length, because different
    /// lists could otherwise have the same bytes.
    fn mac(&self, purpose: &str, items: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.new_mac();
        for item in [purpose].iter().chain(items) {
            mac.update(&u64::try_from(item.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(item.as_bytes());
        }
        mac
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    fn new_mac(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("HMAC takes a key of any length")
    }
}

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_valid_only_for_its_items_and_purpose() {
        let secret = Secret::new(&[7; 32]).unwrap();
        let signature = secret.sign("token", &["quote", "1"]);
        assert!(secret.verify("token", &["quote", "1"], &signature));
        assert!(!secret.verify("token", &["quote1", ""], &signature));
        assert!(!secret.verify("token", &["quote", "1", ""], &signature));
        assert!(!secret.verify("work", &["quote", "1"], &signature));
        assert!(!Secret::random().unwrap().verify("token", &["quote", "1"], &signature));
        for wrong in ["", "00", "zz", signature.get(1..).unwrap(), &signature.to_uppercase()] {
            assert!(!secret.verify("token", &["quote", "1"], wrong), "{wrong}");
        }
    }

    #[test]
    fn derives_the_same_secret_for_a_purpose_in_each_process() {
        let derived = |purpose| Secret::new(&[7; 32]).unwrap().for_purpose(purpose);
        let signature = derived("work").sign("work", &["quote"]);
        assert!(derived("work").verify("work", &["quote"], &signature));
        assert!(!derived("other").verify("work", &["quote"], &signature));
        assert!(!Secret::new(&[7; 32]).unwrap().verify("work", &["quote"], &signature));
        assert!(!Secret::new(&[8; 32]).unwrap().for_purpose("work").verify(
            "work",
            &["quote"],
            &signature
        ));
    }

    #[test]
    fn rejects_a_short_secret_and_hides_it_in_debug_output() {
        assert!(matches!(Secret::new(b"short"), Err(SecretError::Short)));
        assert_eq!(format!("{:?}", Secret::new(&[b'x'; 32]).unwrap()), "Secret(hidden)");
    }
}
