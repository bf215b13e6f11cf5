//! How a sandbox is set up.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// The key that a sandbox accepts unless told otherwise.
pub const DEFAULT_KEY: &str = "sandbox-key";

/// The CRM's "total files size must be less than 100M", read as bytes.
pub const ATTACHMENT_LIMIT: u64 = 100_000_000;

/// The API key that callers must send. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key of any text.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Whether `sent` is this key. Not in constant time: nothing here is worth guessing.
    pub(crate) fn is(&self, sent: &str) -> bool {
        self.0 == sent
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key(…)")
    }
}

/// How a sandbox is set up.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder for deals and files; made when it is not there.
    pub folder: PathBuf,
    /// The key that callers must send.
    pub key: Key,
    /// The company whose account this is; in the subject of messages.
    pub company: String,
    /// All files of a call together must be less than this many bytes. Smaller only in tests.
    pub attachment_limit: u64,
    /// How an empty value is read.
    pub empty_values: EmptyValues,
}

/// What an empty value means. The reference does not say, so the sandbox can play both readings.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EmptyValues {
    /// As if it had not been sent: what an earlier call has set stays.
    #[default]
    Keep,
    /// It removes what an earlier call has set.
    Clear,
}

impl Options {
    /// A free port of this machine, the default key and the CRM's own limit.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            folder: folder.into(),
            key: Key::new(DEFAULT_KEY),
            company: "Sandbox Company".to_owned(),
            attachment_limit: ATTACHMENT_LIMIT,
            empty_values: EmptyValues::Keep,
        }
    }
}
