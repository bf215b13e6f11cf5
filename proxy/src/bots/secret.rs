//! What the proxy signs with.

use data_encoding::HEXLOWER;
use std::fmt::{self, Debug, Formatter};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use thiserror::Error;

/// The environment variable that the secret comes from.
const VARIABLE: &str = "DEAL_PROXY_SECRET";

/// A secret that could be guessed is none.
const LENGTH: usize = 32;

/// Signs what pages bring back. Without one from the environment it is a random one: pages that are
/// open while the proxy starts again then have to ask anew, which they do by themselves.
pub(super) struct Secret(Box<[u8]>);

/// Why there is no secret.
#[derive(Debug, Error)]
pub enum SecretError {
    /// Too short.
    #[error(
        "{VARIABLE} is too short: it takes at least {LENGTH} characters that nobody can guess, such \
         as those of `openssl rand -hex 32`"
    )]
    Short,
    /// The system has no random numbers.
    #[error("the system has no random numbers: {0}")]
    Random(getrandom::Error),
}

impl Secret {
    /// Reads `DEAL_PROXY_SECRET`, or makes one up where it is not set.
    ///
    /// # Errors
    /// A text of fewer than 32 bytes is [`SecretError::Short`].
    pub(crate) fn from_env() -> Result<Self, SecretError> {
        match std::env::var_os(VARIABLE) {
            Some(text) => Self::new(text.as_encoded_bytes()),
            None => Self::random(),
        }
    }

    fn new(bytes: &[u8]) -> Result<Self, SecretError> {
        if bytes.len() < LENGTH { Err(SecretError::Short) } else { Ok(Self(bytes.into())) }
    }

    /// One that ends with the process.
    ///
    /// # Errors
    /// A system without random numbers.
    pub(super) fn random() -> Result<Self, SecretError> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
        Ok(Self(bytes.into()))
    }

    /// A signature in hexadecimal. `purpose` keeps what was signed for one use from serving another.
    pub(super) fn sign(&self, purpose: &str, items: &[&str]) -> String {
        HEXLOWER.encode(&self.mac(purpose, items).finalize().into_bytes())
    }

    /// Whether that is the signature; compared in a time that tells nothing.
    pub(super) fn signed(&self, purpose: &str, items: &[&str], signature: &str) -> bool {
        HEXLOWER
            .decode(signature.as_bytes())
            .is_ok_and(|signature| self.mac(purpose, items).verify_slice(&signature).is_ok())
    }

    /// 128 bits that nobody else can work out.
    pub(super) fn derive(&self, purpose: &str, items: &[&str]) -> [u8; 16] {
        let mut bits = [0; 16];
        let all = self.mac(purpose, items).finalize().into_bytes();
        bits.iter_mut().zip(all).for_each(|(bit, byte)| *bit = byte);
        bits
    }

    /// Each item goes in behind its length: no two lists of items are the same bytes.
    fn mac(&self, purpose: &str, items: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.keyed();
        for item in [purpose].iter().chain(items) {
            mac.update(&u64::try_from(item.len()).unwrap_or(u64::MAX).to_be_bytes());
            mac.update(item.as_bytes());
        }
        mac
    }

    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    fn keyed(&self) -> Hmac<Sha256> {
        Hmac::new_from_slice(&self.0).expect("a key of any length")
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
    fn a_signature_holds_for_the_same_items_and_use_alone() {
        let secret = Secret::new(&[7; 32]).unwrap();
        let signature = secret.sign("token", &["quote", "1"]);
        assert!(secret.signed("token", &["quote", "1"], &signature));
        assert!(!secret.signed("token", &["quote1", ""], &signature));
        assert!(!secret.signed("token", &["quote", "1", ""], &signature));
        assert!(!secret.signed("work", &["quote", "1"], &signature));
        assert!(!Secret::random().unwrap().signed("token", &["quote", "1"], &signature));
        for wrong in ["", "00", "zz", signature.get(1..).unwrap(), &signature.to_uppercase()] {
            assert!(!secret.signed("token", &["quote", "1"], wrong), "{wrong}");
        }
    }

    #[test]
    fn a_secret_is_long_and_not_shown() {
        assert!(matches!(Secret::new(b"short"), Err(SecretError::Short)));
        assert_eq!(format!("{:?}", Secret::new(&[b'x'; 32]).unwrap()), "Secret(hidden)");
    }
}
