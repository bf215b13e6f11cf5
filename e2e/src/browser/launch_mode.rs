//! How a journey starts its browser.

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// Pages may run scripts, as in most browsers.
    On,
    /// Scripts are blocked, as some visitors and companies prefer.
    Off,
}

/// How a browser is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LaunchMode {
    /// With its default settings.
    Default,
    /// Scripts are blocked.
    NoScripts,
    /// The browser records a trace.
    Tracing,
}
