//! A running driver, and the WebDriver capabilities that all engines share.

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use super::socks_proxy::SocksProxy;
use crate::process::Process;
use crate::wait::TIMEOUT;

/// A running driver that has not started its browser yet.
#[derive(Debug)]
pub(super) struct Driver {
    pub(super) process: Process,
    /// The port on which the driver listens.
    pub(super) port: u16,
    /// The capabilities of the browser to start.
    pub(super) capabilities: Capabilities,
    /// The virtual screen, if the browser needs one.
    pub(super) display: Option<Process>,
    /// The proxy for the browser's traffic, if the driver cannot slow down the network.
    pub(super) socks_proxy: Option<SocksProxy>,
}

/// Adds the script timeout to the engine's capabilities. It is as long as the timeout for each step
/// of a journey.
pub(super) fn capabilities<const N: usize>(of_engine: [(&str, Value); N]) -> Capabilities {
    let timeouts = ("timeouts", json!({ "script": TIMEOUT.as_secs() * 1000 }));
    let all = of_engine.into_iter().chain([timeouts]);
    let all = all.map(|(name, value)| (name.to_owned(), value));
    Capabilities::from(all.collect::<serde_json::Map<_, _>>())
}
