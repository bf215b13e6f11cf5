//! The options of a sandbox.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The key that a sandbox accepts by default.
pub const DEFAULT_KEY: &str = "sandbox-key";

/// The CRM's "total files size must be less than 100M", read as bytes.
pub const ATTACHMENT_LIMIT: u64 = 100_000_000;

/// The API key that callers must send. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Creates a key from any string.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Returns whether `sent` is this key. The comparison does not take constant time, because the
    /// sandbox protects nothing.
    pub(crate) fn matches(&self, sent: &str) -> bool {
        self.0 == sent
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(…)")
    }
}

/// The options of a sandbox.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on; port 0 selects a free port.
    pub listen: SocketAddr,
    /// The folder for deals and files; created if it does not exist.
    pub folder: PathBuf,
    /// The key that callers must send.
    pub key: Key,
    /// The company that owns the account; it appears in the subject of emails.
    pub company: String,
    /// The files of a call must be smaller than this many bytes in total. Only tests lower this limit.
    pub attachment_limit: u64,
    /// The meaning of an empty value.
    pub empty_values: EmptyValues,
    /// The custom fields in the CRM's settings. The CRM ignores all others.
    pub custom_fields: Vec<CustomField>,
}

/// A custom field in the CRM's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomField {
    /// The name of the parameter.
    pub name: String,
    /// Whether the field is marked as a unique identifier of a contact.
    pub is_unique: bool,
}

impl CustomField {
    /// Creates a custom field that does not identify a contact.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_unique: false }
    }

    /// Creates a custom field that identifies a contact.
    pub fn unique(name: impl Into<String>) -> Self {
        Self { name: name.into(), is_unique: true }
    }
}

/// The meaning of an empty value. The CRM's API reference does not specify it, so the sandbox supports two meanings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EmptyValues {
    /// The parameter is treated as not sent, and the earlier value stays.
    #[default]
    Keep,
    /// The earlier value is removed.
    Clear,
}

impl EmptyValues {
    /// Returns whether a parameter with this value is treated as sent.
    pub(crate) fn is_sent(self, value: &str) -> bool {
        !value.is_empty() || self == Self::Clear
    }
}

impl Options {
    /// Creates options for a free port on the loopback interface, with the default key and the CRM's
    /// size limit.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            folder: folder.into(),
            key: Key::new(DEFAULT_KEY),
            company: "Sandbox Company".to_owned(),
            attachment_limit: ATTACHMENT_LIMIT,
            empty_values: EmptyValues::Keep,
            custom_fields: Vec::new(),
        }
    }
}
