//! The proxy between a form on a landing page and the CRM.
//!
//! It serves the forms' public halves and the widget, takes submissions, checks them by the same
//! [contract](deal_contract) as the page, adds the form's presets and the API key, and sends the deal
//! to the CRM. Only the proxy knows the key.
//!
#![doc = include_str!("submissions.md")]
//!
//! # What it is not for
//! The widget renders forms; the proxy renders only a plain page that works without scripts. The
//! contract defines what a submission may contain. The web server in front handles TLS, HTTP/2 and
//! compression.

mod bots;
mod delivery;
mod doctor;
mod http;
mod intake;
mod limits;
mod printable;
mod proxy;
mod reload;
mod settings;
#[cfg(test)]
mod simulation;
mod store;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod testing;

pub use crate::bots::{BotSuspicion, CaptchaError, SecretError, SetupError};
pub use crate::delivery::CrmSetupError;
pub use crate::doctor::{DoctorError, Report, examine};
pub use crate::http::{Refusal, snippet};
pub use crate::intake::{Malformed, TooLarge};
pub use crate::printable::{printable, printable_json};
pub use crate::proxy::{Proxy, Running, StartError};
pub use crate::reload::{ReloadError, check_together};
pub use crate::settings::config::{
    AddressError, Captcha, Config, ConfigError, CrmUrl, DeliveryRules, Host, Limits, Log,
    LogFormat, Network, NetworkError, Origin, Rate, RateError, Rates, ServiceUrl, Size, Span,
    SpanError, StoreKind, StoreSettings, StoreSettingsError, Timeouts,
};
pub use crate::settings::forms::{
    FormFileError, FormsError, files as form_files, read as read_form,
};
pub use crate::settings::key::{ApiKey, KeyError, VARIABLE as KEY_VARIABLE};
#[cfg(feature = "shared")]
pub use crate::store::OpenSharedError;
pub use crate::store::{
    Counts, Cursor, Entry, EntryContent, Filter, OpenError, Page, State, StateError, Store,
    StoreError,
};
