//! The lowest layer of the proxy: settings, loaded forms, the key, time, randomness, TLS and localized
//! messages. It imports no other layer.

pub(crate) mod clock;
pub(crate) mod config;
#[cfg(feature = "shared")]
pub(crate) mod database_url;
pub(crate) mod faults;
pub(crate) mod forms;
pub(crate) mod key;
pub(crate) mod random;
pub(crate) mod tls;

pub(crate) use deal_form_html::Localizer;
