//! The API key of the CRM.

use std::fmt::{self, Debug, Formatter};

use thiserror::Error;

/// The environment variable with the key. The key is stored nowhere else.
pub const VARIABLE: &str = "CRM_API_KEY";

/// The account's API key. It does not implement `Display`, its `Debug` hides it, and only the call to
/// the CRM reads it.
pub struct ApiKey(Box<str>);

/// Why the key cannot be used.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// The variable is not set, or its value is empty.
    #[error(
        "the CRM's key is missing: set the environment variable {VARIABLE} to the API key from \
         the CRM's company settings"
    )]
    Missing,
    /// The value contains white space or control characters, or is not UTF-8.
    #[error(
        "{VARIABLE} contains white space, a control character or invalid UTF-8: copy only the API key \
         from the CRM's company settings"
    )]
    Character,
}

impl ApiKey {
    /// Takes the key as the CRM's settings show it.
    ///
    /// # Errors
    /// [`KeyError::Missing`] for an empty string; [`KeyError::Character`] for `a b` and a key with a line
    /// break.
    pub fn new(key: &str) -> Result<Self, KeyError> {
        if key.is_empty() {
            return Err(KeyError::Missing);
        }
        if key.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(KeyError::Character);
        }
        Ok(Self(key.into()))
    }

    /// Reads `CRM_API_KEY`.
    ///
    /// # Errors
    /// The errors of [`ApiKey::new`]; also [`KeyError::Character`] for a value that is not UTF-8.
    pub fn from_env() -> Result<Self, KeyError> {
        match std::env::var(VARIABLE) {
            Ok(key) => Self::new(&key),
            Err(std::env::VarError::NotPresent) => Err(KeyError::Missing),
            Err(std::env::VarError::NotUnicode(_)) => Err(KeyError::Character),
        }
    }

    /// The key itself, only for the call to the CRM.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The text with each occurrence of the key replaced by `…`, even if it is percent-encoded.
    pub(crate) fn mask_in(&self, text: &str) -> String {
        let (mut masked, mut rest) = (String::new(), text);
        while let Some(next) = rest.chars().next() {
            let length = key_length(rest.as_bytes(), self.0.as_bytes());
            masked.push(if length.is_some() { '…' } else { next });
            rest = rest.get(length.unwrap_or(next.len_utf8())..).unwrap_or_default();
        }
        masked
    }
}

/// The length of the key at the beginning of the text, if it is there. Each of its bytes may be
/// percent-encoded, such as `%2F`.
fn key_length(text: &[u8], key: &[u8]) -> Option<usize> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let mut rest = text;
    for &byte in key {
        rest = match rest {
            [b'%', high, low, tail @ ..]
                if digit(*high).zip(digit(*low)).map(|(high, low)| high << 4 | low)
                    == Some(byte.into()) =>
            {
                tail
            }
            [first, tail @ ..] if *first == byte => tail,
            _ => return None,
        };
    }
    text.len().checked_sub(rest.len())
}

impl Debug for ApiKey {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_key() {
        let key = ApiKey::new("374593457034859").unwrap();
        assert_eq!(format!("{key:?}"), "ApiKey(hidden)");
    }

    #[test]
    fn rejects_a_key_that_is_empty_or_contains_white_space() {
        assert_eq!(ApiKey::new("").unwrap_err(), KeyError::Missing);
        assert_eq!(ApiKey::new("a\n").unwrap_err(), KeyError::Character);
    }

    #[test]
    fn masks_the_key_in_a_string() {
        let key = ApiKey::new("4711").unwrap();
        assert_eq!(key.mask_in("Invalid key 4711."), "Invalid key ….");
        assert_eq!(key.mask_in("447114711ü471"), "4……ü471");
        let key = ApiKey::new("a/b%+é").unwrap();
        for spelled in ["a/b%+é", "a%2Fb%25%2B%C3%A9", "%61%2f%62%%2b%c3%a9"] {
            assert_eq!(key.mask_in(&format!("?key={spelled}&x")), "?key=…&x", "{spelled}");
        }
    }
}
