//! A started driver, and what it is asked for: the same for all engines.

use serde_json::{Value, json};
use thirtyfour::Capabilities;

use super::line::Line;
use crate::process::Process;
use crate::wait::PATIENCE;

/// A driver that has no browser yet.
#[derive(Debug)]
pub(super) struct Driver {
    pub(super) process: Process,
    /// Where it listens.
    pub(super) port: u16,
    /// The browser to ask it for.
    pub(super) wanted: Capabilities,
    /// What the browser draws on, where it does not do without.
    pub(super) display: Option<Process>,
    /// Its line, where it has none that can be slow.
    pub(super) line: Option<Line>,
}

/// The browser to ask a driver for. The driver waits for scripts as long as journeys do.
pub(super) fn capabilities<const N: usize>(wanted: [(&str, Value); N]) -> Capabilities {
    let patience = ("timeouts", json!({ "script": PATIENCE.as_secs() * 1000 }));
    let wanted = wanted.into_iter().chain([patience]);
    let wanted = wanted.map(|(name, value)| (name.to_owned(), value));
    Capabilities::from(wanted.collect::<serde_json::Map<_, _>>())
}
