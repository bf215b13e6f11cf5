//! The ground of the proxy: settings, forms as loaded, the key, time, randomness, TLS and localized
//! texts. Nothing here imports another part of the proxy.

pub(crate) mod clock;
pub(crate) mod config;
pub(crate) mod faults;
pub(crate) mod forms;
pub(crate) mod key;
mod localizer;
pub(crate) mod random;
pub(crate) mod tls;

pub(crate) use self::localizer::Localizer;
