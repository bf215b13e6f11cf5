//! What is known of each browser before it is found.

use super::system::System;
use crate::flags::Engine;

/// A browser with its driver.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The browser's programs, the best first; a whole path where the PATH has none
    pub(super) programs: &'static [&'static str],
    pub(super) driver: &'static str,
    /// What else must be on the PATH
    pub(super) also: &'static [&'static str],
    /// The environment variables that name the browser and its driver
    pub(super) variables: [&'static str; 2],
    pub(super) debian: &'static [&'static str],
    /// Whether the driver belongs to one version of the browser, which both tell
    pub(super) same_version: bool,
    pub(super) advice: fn(System) -> &'static str,
}

impl Kind {
    pub(super) fn of(engine: Engine) -> &'static Self {
        match engine {
            Engine::Chromium => &CHROMIUM,
            Engine::Firefox => &FIREFOX,
            Engine::Webkit => &WEBKIT,
        }
    }
}

const CHROMIUM: Kind = Kind {
    name: "Chromium",
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
    ],
    driver: "chromedriver",
    also: &[],
    variables: ["CHROME", "CHROMEDRIVER"],
    debian: &["chromium", "chromium-driver"],
    same_version: true,
    advice: |system| match system {
        System::Debian => "Install them:\n  sudo apt-get install chromium chromium-driver",
        System::Fedora => "Install them:\n  sudo dnf install chromium chromedriver",
        System::Arch => "Install them:\n  sudo pacman -S chromium",
        System::MacOs => "Install them:\n  brew install --cask google-chrome chromedriver",
        System::Other => {
            "Install Chrome or Chromium, and the chromedriver of the same version, \
             see https://googlechromelabs.github.io/chrome-for-testing"
        }
    },
};

/// Its driver comes from crates.io: see [`super::cargo_tools::geckodriver`].
const FIREFOX: Kind = Kind {
    name: "Firefox",
    programs: &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    driver: "geckodriver",
    also: &[],
    variables: ["FIREFOX", "GECKODRIVER"],
    debian: &["firefox-esr"],
    same_version: false,
    advice: |system| match system {
        System::Debian => "Install it:\n  sudo apt-get install firefox-esr",
        System::Fedora => "Install it:\n  sudo dnf install firefox",
        System::Arch => "Install it:\n  sudo pacman -S firefox",
        System::MacOs => "Install it:\n  brew install --cask firefox",
        System::Other => "Install Firefox, see https://www.firefox.com",
    },
};

const WEBKIT: Kind = Kind {
    name: "WebKit",
    // No program that people start themselves.
    programs: &[
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/webkit2gtk-4.1/MiniBrowser",
    ],
    driver: "WebKitWebDriver",
    // It cannot do without a screen.
    also: &["Xvfb"],
    variables: ["MINIBROWSER", "WEBKITDRIVER"],
    // The second has the MiniBrowser, and newer drivers come without it.
    debian: &["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb"],
    same_version: false,
    advice: |system| match system {
        System::Debian => {
            "Install it:\n  sudo apt-get install webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb"
        }
        System::Fedora => "Install it:\n  sudo dnf install webkit2gtk4.1 xorg-x11-server-Xvfb",
        System::Arch => "Install it:\n  sudo pacman -S webkit2gtk-4.1 xorg-server-xvfb",
        System::MacOs | System::Other => {
            "Install WebKitGTK with its MiniBrowser and WebKitWebDriver, and Xvfb; \
             they are for Linux only"
        }
    },
};
