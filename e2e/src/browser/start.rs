//! What the three engines have in common when they start.

use std::path::Path;

use thirtyfour::Capabilities;

use super::line::Line;
use super::{Engine, chromium, firefox, webkit};
use crate::process::Process;

/// How a browser differs from the usual one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Setting {
    /// As most visitors have it.
    Usual,
    /// Pages may not run scripts.
    NoScripts,
    /// It records what it does.
    Recording,
}

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

impl Driver {
    /// Starts the engine's driver, for a browser that keeps everything in the folder `profile`.
    pub(super) fn start(engine: Engine, profile: &Path, setting: Setting) -> Self {
        match engine {
            Engine::Chromium => chromium::start(profile, setting),
            Engine::Firefox => firefox::start(profile, setting),
            Engine::WebKit => webkit::start(profile, setting),
        }
    }
}
