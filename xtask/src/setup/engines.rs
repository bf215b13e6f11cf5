//! Defines how to find and install each browser.

use super::system::System;
use crate::flags::Engine;

/// A kind of browser, with its driver.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    /// The names of the browser's executable, the preferred one first. Executables outside the PATH have absolute
    /// paths.
    pub(super) programs: &'static [&'static str],
    pub(super) driver: &'static str,
    /// Other programs that must be on the PATH
    pub(super) also: &'static [&'static str],
    /// The environment variables that name the browser and its driver
    pub(super) variables: [&'static str; 2],
    /// The names of the system's packages
    packages: fn(System) -> &'static [&'static str],
    /// Advice for systems without such packages
    otherwise: &'static str,
    /// Whether browser and driver must have the same version
    pub(super) same_version: bool,
}

impl Kind {
    pub(super) fn of(engine: Engine) -> &'static Self {
        match engine {
            Engine::Chromium => &CHROMIUM,
            Engine::Firefox => &FIREFOX,
            Engine::Webkit => &WEBKIT,
        }
    }

    /// Returns the packages that `setup` can install with apt.
    pub(super) fn apt(&self, system: System) -> &'static [&'static str] {
        match system {
            System::Debian | System::Ubuntu => (self.packages)(system),
            System::Fedora | System::Arch | System::MacOs | System::Other => &[],
        }
    }

    /// Explains how to install the browser.
    pub(super) fn advice(&self, system: System) -> String {
        match system.install_command((self.packages)(system)) {
            Some(command) => format!("Install it:\n  {command}"),
            None => self.otherwise.to_owned(),
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
    packages: |system| match system {
        System::Debian => &["chromium", "chromium-driver"],
        System::Fedora => &["chromium", "chromedriver"],
        System::Arch => &["chromium"],
        // Ubuntu has only snaps, which drivers cannot control. Chrome from Homebrew updates itself, but its
        // driver does not.
        System::Ubuntu | System::MacOs | System::Other => &[],
    },
    otherwise:
        "Install Chrome for Testing with its driver, and set both variables (a snap does not work):
  export CHROME=\"$(npx -y @puppeteer/browsers@2 install chrome@stable \
        --path ~/.cache/browsers --format '{{path}}')\"
  export CHROMEDRIVER=\"$(npx -y @puppeteer/browsers@2 install chromedriver@stable \
        --path ~/.cache/browsers --format '{{path}}')\"",
    same_version: true,
};

/// Firefox, whose driver comes from crates.io: see [`super::cargo_tools::geckodriver`].
const FIREFOX: Kind = Kind {
    name: "Firefox",
    programs: &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    driver: "geckodriver",
    also: &[],
    variables: ["FIREFOX", "GECKODRIVER"],
    packages: |system| match system {
        System::Debian => &["firefox-esr"],
        System::Fedora | System::Arch | System::MacOs => &["firefox"],
        // Ubuntu's package is a snap.
        System::Ubuntu | System::Other => &[],
    },
    otherwise: "Install Firefox from Mozilla, and set the variable (a snap does not work):
  export FIREFOX=\"$(npx -y @puppeteer/browsers@2 install firefox@stable \
        --path ~/.cache/browsers --format '{{path}}')\"",
    same_version: false,
};

const WEBKIT: Kind = Kind {
    name: "WebKit",
    // MiniBrowser is a program for tests, which packages install outside the PATH.
    programs: &[
        "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser",
        "/usr/libexec/webkit2gtk-4.1/MiniBrowser",
        "/usr/lib/webkit2gtk-4.1/MiniBrowser",
    ],
    driver: "WebKitWebDriver",
    // MiniBrowser needs a display.
    also: &["Xvfb"],
    variables: ["MINIBROWSER", "WEBKITDRIVER"],
    packages: |system| match system {
        // The second package contains MiniBrowser, which newer driver packages do not install.
        System::Debian | System::Ubuntu => &["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb"],
        // The first package contains the driver, the second MiniBrowser.
        System::Fedora => &["webkitgtk6.0", "webkit2gtk4.1-devel", "xorg-x11-server-Xvfb"],
        System::Arch => &["webkit2gtk-4.1", "xorg-server-xvfb"],
        System::MacOs | System::Other => &[],
    },
    otherwise: "On Linux, install WebKitGTK with MiniBrowser and WebKitWebDriver, and Xvfb. \
                Other systems cannot run tests in WebKit.",
    same_version: false,
};

#[cfg(test)]
mod tests {
    use super::Kind;
    use crate::{flags::Engine, setup::system::System};

    #[track_caller]
    fn check(engine: Engine, system: System, expected: &str) {
        let advice = Kind::of(engine).advice(system);
        assert!(advice.contains(expected), "{advice}");
    }

    #[test]
    fn suggests_packages_of_the_system() {
        check(Engine::Chromium, System::Debian, "apt-get install chromium chromium-driver");
        check(Engine::Chromium, System::Fedora, "dnf install chromium chromedriver");
        check(Engine::Firefox, System::MacOs, "brew install firefox");
        check(Engine::Webkit, System::Ubuntu, "apt-get install webkit2gtk-driver ");
        check(Engine::Webkit, System::MacOs, "On Linux, ");
    }

    #[test]
    fn suggests_downloads_if_the_packages_are_snaps() {
        for engine in [Engine::Chromium, Engine::Firefox] {
            assert_eq!(Kind::of(engine).apt(System::Ubuntu), [""; 0]);
        }
        check(Engine::Chromium, System::Ubuntu, "install chromedriver@stable --path");
        check(Engine::Chromium, System::MacOs, "install chrome@stable --path");
        check(Engine::Firefox, System::Ubuntu, "export FIREFOX=\"$(npx -y ");
    }
}
