use std::env;
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;

use super::{Config, ServiceUrl};
#[cfg(feature = "shared")]
use crate::settings::database_url::{DatabaseUrl, DatabaseUrlError};

/// The longest `timeouts.crm_silence` with a shared store. A call to the CRM has to end before another proxy may claim
/// the submission.
const LONGEST_SILENCE: Duration = Duration::from_secs(2 * 60);

/// The environment variables with the credentials for the bucket.
const CREDENTIALS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// The store of submissions and their files.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StoreSettings {
    /// Whether several proxies share the store.
    pub kind: StoreKind,
    /// The bucket with the files, for a shared store.
    pub bucket: String,
    /// The beginning of the keys of all files in the bucket.
    pub prefix: String,
    /// The address of the object store's API. If empty, the address is that of AWS in the region.
    pub endpoint: ServiceUrl,
    /// The region of the bucket.
    pub region: String,
}

/// The kinds of stores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StoreKind {
    /// `SQLite` and a folder, for one proxy.
    #[default]
    Local,
    /// PostgreSQL and a bucket, for any number of proxies.
    Shared,
}

/// Why the settings of the store cannot be used.
#[derive(Debug, Error)]
pub enum StoreSettingsError {
    /// The program was built without the shared store.
    #[error(
        "store.kind is \"shared\", but this program was built without it: use a released program, or build with \
         `cargo build --release -p deal-proxy --features shared`"
    )]
    NotBuilt,
    /// There is no bucket.
    #[error(
        "store.kind is \"shared\", but store.bucket is empty: write the name of the bucket for files"
    )]
    NoBucket,
    /// The files would cross the network unencrypted.
    #[error(
        "store.endpoint is an http:// address of another machine: visitors' files would cross the network \
         unencrypted; write an https:// address"
    )]
    UnencryptedEndpoint,
    /// A call to the CRM could outlive the claim on its submission.
    #[error(
        "timeouts.crm_silence is longer than 2 min, but store.kind is \"shared\": write at most \"2 min\", so that a \
         call ends before another proxy takes over its submission"
    )]
    SilenceTooLong,
    /// There are no credentials for the bucket.
    #[error(
        "store.kind is \"shared\", but {0} is not set: set it to the credentials for store.bucket"
    )]
    NoCredentials(&'static str),
    /// The database's address is missing or wrong.
    #[cfg(feature = "shared")]
    #[error(transparent)]
    Database(#[from] DatabaseUrlError),
}

impl StoreSettings {
    /// Returns whether several proxies share the store.
    pub(crate) fn is_shared(&self) -> bool {
        self.kind == StoreKind::Shared
    }
}

impl Default for StoreSettings {
    fn default() -> Self {
        Self {
            kind: StoreKind::Local,
            bucket: String::new(),
            prefix: String::new(),
            endpoint: ServiceUrl::default(),
            region: "us-east-1".to_owned(),
        }
    }
}

impl Config {
    /// Checks the settings of the store. With `env`, also checks the variables in the environment.
    ///
    /// # Errors
    /// If a shared store lacks a setting, or has a wrong one.
    pub(crate) fn check_store(&self, env: bool) -> Result<(), StoreSettingsError> {
        if !self.store.is_shared() {
            return Ok(());
        }
        if !cfg!(feature = "shared") {
            return Err(StoreSettingsError::NotBuilt);
        }
        if self.store.bucket.is_empty() {
            return Err(StoreSettingsError::NoBucket);
        }
        if self.store.endpoint.is_unencrypted() {
            return Err(StoreSettingsError::UnencryptedEndpoint);
        }
        if self.timeouts.crm_silence.0 > LONGEST_SILENCE {
            return Err(StoreSettingsError::SilenceTooLong);
        }
        if env { check_env() } else { Ok(()) }
    }
}

/// Checks the variables in the environment.
fn check_env() -> Result<(), StoreSettingsError> {
    #[cfg(feature = "shared")]
    DatabaseUrl::from_env()?;
    let is_missing = |name: &&&str| env::var_os(name).is_none_or(|value| value.is_empty());
    match CREDENTIALS.iter().find(is_missing) {
        Some(name) => Err(StoreSettingsError::NoCredentials(name)),
        None => Ok(()),
    }
}

#[cfg(all(test, feature = "shared"))]
mod tests {
    use super::*;

    #[track_caller]
    fn check(settings: &str, expected: &str) {
        let config = Config::from_toml(settings).unwrap();
        let message = config.check_store(false).err().map(|error| error.to_string());
        assert!(message.unwrap_or_default().starts_with(expected), "{settings}");
    }

    #[test]
    fn names_each_missing_or_wrong_setting_of_a_shared_store() {
        check("", "");
        check("timeouts.crm_silence = '1 h'", "");
        check("store.kind = 'shared'", "store.kind is \"shared\", but store.bucket is empty");
        let shared = "store.kind = 'shared'\nstore.bucket = 'leads'\n";
        check(shared, "");
        check(&format!("{shared}store.endpoint = 'http://127.0.0.1:9000'"), "");
        check(&format!("{shared}store.endpoint = 'https://s3.example'"), "");
        check(
            &format!("{shared}store.endpoint = 'http://s3.example'"),
            "store.endpoint is an http",
        );
        check(&format!("{shared}timeouts.crm_silence = '121 s'"), "timeouts.crm_silence is longer");
        check(&format!("{shared}timeouts.crm_silence = '2 min'"), "");
    }
}
