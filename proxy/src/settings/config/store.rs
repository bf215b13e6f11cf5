use std::env;
use std::time::Duration;

use serde::Deserialize;
use thiserror::Error;

use super::ServiceUrl;
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
    /// `store.bucket` is empty.
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
    /// A variable with the credentials for the bucket is not set.
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

    /// Checks the settings of a shared store. `crm_silence` is the setting with this name.
    ///
    /// # Errors
    /// If a setting is missing or wrong.
    pub(super) fn check(&self, crm_silence: Duration) -> Result<(), StoreSettingsError> {
        if !self.is_shared() {
            return Ok(());
        }
        if !cfg!(feature = "shared") {
            return Err(StoreSettingsError::NotBuilt);
        }
        if self.bucket.is_empty() {
            return Err(StoreSettingsError::NoBucket);
        }
        if self.endpoint.is_unencrypted() {
            return Err(StoreSettingsError::UnencryptedEndpoint);
        }
        if crm_silence > LONGEST_SILENCE {
            return Err(StoreSettingsError::SilenceTooLong);
        }
        Ok(())
    }

    /// Checks the environment variables of a shared store, except the secret for signatures.
    ///
    /// # Errors
    /// If a variable is missing or wrong.
    pub(crate) fn check_env(&self) -> Result<(), StoreSettingsError> {
        if !self.is_shared() {
            return Ok(());
        }
        #[cfg(feature = "shared")]
        DatabaseUrl::from_env()?;
        let is_missing = |name: &&&str| env::var_os(name).is_none_or(|value| value.is_empty());
        match CREDENTIALS.iter().find(is_missing) {
            Some(name) => Err(StoreSettingsError::NoCredentials(name)),
            None => Ok(()),
        }
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
