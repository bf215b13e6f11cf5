//! How a journey starts its browser.

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// They may, as in most browsers.
    On,
    /// They may not, as some visitors and companies prefer.
    Off,
}

/// How a browser is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LaunchMode {
    /// With its default settings.
    Default,
    /// Pages may not run scripts.
    NoScripts,
    /// It records a trace.
    Tracing,
}
