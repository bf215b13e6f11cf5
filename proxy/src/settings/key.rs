//! The CRM's key.

use std::fmt::{self, Debug, Formatter};

use thiserror::Error;

/// The environment variable that the key comes from, and the only place.
pub const VARIABLE: &str = "CRM_API_KEY";

/// The account's API key. It has no `Display`, its `Debug` hides it, and only the call to the CRM
/// reads it.
pub struct ApiKey(Box<str>);

/// Why there is no key.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// The variable is not set, or empty.
    #[error(
        "the CRM's key is missing: set the environment variable {VARIABLE} to the API key from \
         the CRM's company settings"
    )]
    Missing,
    /// Something that no key contains: white space or control characters.
    #[error("{VARIABLE} contains a space, a line break or another character that no key has")]
    Character,
}

impl ApiKey {
    /// Takes the key as it stands in the CRM's settings.
    ///
    /// # Errors
    /// The empty text is [`KeyError::Missing`]; `a b` and a key with a line break are
    /// [`KeyError::Character`].
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
    /// As [`ApiKey::new`]; a value that is no text is [`KeyError::Character`].
    pub fn from_env() -> Result<Self, KeyError> {
        match std::env::var(VARIABLE) {
            Ok(key) => Self::new(&key),
            Err(std::env::VarError::NotPresent) => Err(KeyError::Missing),
            Err(std::env::VarError::NotUnicode(_)) => Err(KeyError::Character),
        }
    }

    /// The key itself, for the call to the CRM alone.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The text without the key, should whoever wrote it have repeated it, as it is or as it stands
    /// in addresses.
    pub(crate) fn masked_in(&self, text: &str) -> String {
        let (mut masked, mut rest) = (String::new(), text);
        while let Some(next) = rest.chars().next() {
            let spelled = spelled(rest.as_bytes(), self.0.as_bytes());
            masked.push(if spelled.is_some() { '…' } else { next });
            rest = rest.get(spelled.unwrap_or(next.len_utf8())..).unwrap_or_default();
        }
        masked
    }
}

/// How many bytes the key takes at the beginning of the text, each of its own as it is or as `%2F`.
fn spelled(text: &[u8], key: &[u8]) -> Option<usize> {
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
    fn debug_hides_the_key() {
        let key = ApiKey::new("374593457034859").unwrap();
        assert_eq!(format!("{key:?}"), "ApiKey(hidden)");
    }

    #[test]
    fn what_cannot_be_a_key_is_refused() {
        assert_eq!(ApiKey::new("").unwrap_err(), KeyError::Missing);
        assert_eq!(ApiKey::new("a\n").unwrap_err(), KeyError::Character);
    }

    #[test]
    fn a_text_that_repeats_the_key_loses_it() {
        let key = ApiKey::new("4711").unwrap();
        assert_eq!(key.masked_in("Invalid key 4711."), "Invalid key ….");
        assert_eq!(key.masked_in("447114711ü471"), "4……ü471");
        let key = ApiKey::new("a/b%+é").unwrap();
        for spelled in ["a/b%+é", "a%2Fb%25%2B%C3%A9", "%61%2f%62%%2b%c3%a9"] {
            assert_eq!(key.masked_in(&format!("?key={spelled}&x")), "?key=…&x", "{spelled}");
        }
    }
}
