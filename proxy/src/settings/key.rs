//! The CRM's API key.

use std::fmt::{self, Debug, Formatter};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use thiserror::Error;

/// The environment variable with the key.
pub const VARIABLE: &str = "CRM_API_KEY";

/// The environment variable with the path of a file that contains the key.
const FILE_VARIABLE: &str = "CRM_API_KEY_FILE";

/// systemd's variable with the folder of the unit's credentials (`LoadCredential=`). The key is in the
/// credential `CRM_API_KEY`.
const FOLDER_VARIABLE: &str = "CREDENTIALS_DIRECTORY";

/// The account's API key. This type does not implement `Display`, its `Debug` hides the key, and only
/// the call to the CRM reads the key.
pub struct ApiKey(Box<str>);

/// Why the key cannot be used. The messages do not contain the key.
#[derive(Debug, Error)]
pub enum KeyError {
    /// No variable is set, or the value is empty.
    #[error(
        "the CRM's key is missing: set the environment variable {VARIABLE} to the API key from \
         the CRM's company settings, or {FILE_VARIABLE} to the path of a file with the key"
    )]
    Missing,
    /// Two places contain a key.
    #[error("the CRM's key is set twice, by {0} and by {1}: remove one of them")]
    Twice(String, String),
    /// The file cannot be read.
    #[error("cannot read the CRM's key from {place}: {source}")]
    Unreadable {
        /// The file, and the variable that names it.
        place: String,
        /// The error of the system.
        source: io::Error,
    },
    /// The file contains no key.
    #[error("{0} is empty: write the API key from the CRM's company settings into it")]
    Empty(String),
    /// The systemd credential contains no key. Its file is a copy that systemd made at the start, so the
    /// message does not name it.
    #[error(
        "the systemd credential {VARIABLE} is empty: write the API key from the CRM's company \
         settings into the file that the unit names after `LoadCredential={VARIABLE}:`, and restart \
         the proxy"
    )]
    EmptyCredential,
    /// The value contains white space or control characters, or is not UTF-8.
    #[error(
        "{0} contains white space, a control character or invalid UTF-8: copy only the API key \
         from the CRM's company settings"
    )]
    Character(String),
}

/// A place that contains the key.
#[derive(Debug)]
enum Source {
    Variable,
    File(PathBuf),
    Credential(PathBuf),
}

impl ApiKey {
    /// Takes the key as the CRM's settings show it.
    ///
    /// # Errors
    /// [`KeyError::Missing`] for an empty string; [`KeyError::Character`] for `a b` and a key with a line
    /// break.
    pub fn new(key: &str) -> Result<Self, KeyError> {
        if key.is_empty() { Err(KeyError::Missing) } else { Self::checked(key, VARIABLE) }
    }

    /// Reads the key from `CRM_API_KEY`, or from the file that `CRM_API_KEY_FILE` names, or from the
    /// credential `CRM_API_KEY` of the systemd unit. A line break at the end of a file is ignored.
    ///
    /// # Errors
    /// If none or several of these places contain a key, if the key cannot be read, or if it is not
    /// valid.
    pub fn from_env() -> Result<Self, KeyError> {
        let mut sources = Source::all().into_iter();
        let source = sources.next().ok_or(KeyError::Missing)?;
        if let Some(other) = sources.next() {
            return Err(KeyError::Twice(source.describe(), other.describe()));
        }
        let place = source.describe();
        match source {
            Source::Variable => {
                let key = env::var(VARIABLE).map_err(|_| KeyError::Character(place.clone()))?;
                Self::checked(&key, &place)
            }
            Source::File(path) => Self::read(&path, &place, KeyError::Empty(place.clone())),
            Source::Credential(path) => Self::read(&path, &place, KeyError::EmptyCredential),
        }
    }

    fn read(path: &Path, place: &str, empty: KeyError) -> Result<Self, KeyError> {
        let unreadable = |source| KeyError::Unreadable { place: place.to_owned(), source };
        let text = fs::read_to_string(path).map_err(unreadable)?;
        match text.trim_end_matches(['\r', '\n']) {
            "" => Err(empty),
            key => Self::checked(key, place),
        }
    }

    fn checked(key: &str, place: &str) -> Result<Self, KeyError> {
        if key.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(KeyError::Character(place.to_owned()));
        }
        Ok(Self(key.into()))
    }

    /// Returns the key itself, only for the call to the CRM.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Replaces each occurrence of the key in the text with `…`, even if the key is percent-encoded.
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

impl Source {
    /// Returns all places in the environment that contain a key. A variable with an empty value is ignored.
    fn all() -> Vec<Self> {
        let value = |name| env::var_os(name).filter(|value| !value.is_empty());
        let named = value(FILE_VARIABLE).map(|path| Self::File(path.into()));
        let credential = value(FOLDER_VARIABLE)
            .map(|folder| PathBuf::from(folder).join(VARIABLE))
            // If the folder cannot be searched, keep the path: reading the file then reports why.
            .filter(|path| path.try_exists().unwrap_or(true))
            .map(Self::Credential);
        let variable = value(VARIABLE).map(|_| Self::Variable);
        [variable, named, credential].into_iter().flatten().collect()
    }

    /// Describes where the key is, for messages.
    fn describe(&self) -> String {
        match self {
            Self::Variable => VARIABLE.to_owned(),
            Self::File(path) => format!("the file {} ({FILE_VARIABLE})", path.display()),
            Self::Credential(path) => {
                format!("the systemd credential {VARIABLE} ({})", path.display())
            }
        }
    }
}

/// Returns the length of the key if the text begins with the key. Each of its bytes may be
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
        assert!(matches!(ApiKey::new(""), Err(KeyError::Missing)));
        assert!(matches!(ApiKey::new("a\n"), Err(KeyError::Character(_))));
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
