//! What a journey can choose about its browser.

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// As in most browsers.
    On,
    /// As some visitors, and some companies, have it.
    Off,
}

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

/// What the visitor's system wishes pages to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Scheme {
    /// Its name in CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}
