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
    /// What the system's own package manager calls it
    packages: fn(System) -> &'static [&'static str],
    /// What to do where that has nothing that works
    otherwise: &'static str,
    /// Whether the driver belongs to one version of the browser, which both tell
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

    /// What apt can install by itself.
    pub(super) fn apt(&self, system: System) -> &'static [&'static str] {
        match system {
            System::Debian | System::Ubuntu => (self.packages)(system),
            System::Fedora | System::Arch | System::MacOs | System::Other => &[],
        }
    }

    /// What a person can do to have it.
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
        // Ubuntu has snaps, which cannot be driven; and Chrome from Homebrew updates itself, but its
        // driver does not.
        System::Ubuntu | System::MacOs | System::Other => &[],
    },
    otherwise: "Install Chrome for Testing with its driver, and name both (a snap will not do):
  export CHROME=\"$(npx -y @puppeteer/browsers@2 install chrome@stable \
        --path ~/.cache/browsers --format '{{path}}')\"
  export CHROMEDRIVER=\"$(npx -y @puppeteer/browsers@2 install chromedriver@stable \
        --path ~/.cache/browsers --format '{{path}}')\"",
    same_version: true,
};

/// Its driver comes from crates.io: see [`super::cargo_tools::geckodriver`].
const FIREFOX: Kind = Kind {
    name: "Firefox",
    programs: &["firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"],
    driver: "geckodriver",
    also: &[],
    variables: ["FIREFOX", "GECKODRIVER"],
    packages: |system| match system {
        System::Debian => &["firefox-esr"],
        System::Fedora | System::Arch | System::MacOs => &["firefox"],
        // Ubuntu's is a snap.
        System::Ubuntu | System::Other => &[],
    },
    otherwise: "Install Mozilla's own, and name it (a snap will not do):
  export FIREFOX=\"$(npx -y @puppeteer/browsers@2 install firefox@stable \
        --path ~/.cache/browsers --format '{{path}}')\"",
    same_version: false,
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
    packages: |system| match system {
        // The second has the MiniBrowser, and newer drivers come without it.
        System::Debian | System::Ubuntu => &["webkit2gtk-driver", "libwebkit2gtk-4.1-0", "xvfb"],
        // Here the first has the driver, and the second the MiniBrowser.
        System::Fedora => &["webkitgtk6.0", "webkit2gtk4.1-devel", "xorg-x11-server-Xvfb"],
        System::Arch => &["webkit2gtk-4.1", "xorg-server-xvfb"],
        System::MacOs | System::Other => &[],
    },
    otherwise: "On Linux, install WebKitGTK with its MiniBrowser and WebKitWebDriver, and Xvfb; \
                other systems have none of them, and go without",
    same_version: false,
};

#[cfg(test)]
mod tests {
    use super::Kind;
    use crate::{flags::Engine, setup::system::System};

    #[track_caller]
    fn check(engine: Engine, system: System, expected: &str) {
        let said = Kind::of(engine).advice(system);
        assert!(said.contains(expected), "{said}");
    }

    #[test]
    fn each_system_is_told_of_packages_that_it_has() {
        check(Engine::Chromium, System::Debian, "apt-get install chromium chromium-driver");
        check(Engine::Chromium, System::Fedora, "dnf install chromium chromedriver");
        check(Engine::Firefox, System::MacOs, "brew install firefox");
        check(Engine::Webkit, System::Ubuntu, "apt-get install webkit2gtk-driver ");
        check(Engine::Webkit, System::MacOs, "On Linux, ");
    }

    #[test]
    fn where_packages_are_snaps_browsers_come_from_their_makers() {
        for engine in [Engine::Chromium, Engine::Firefox] {
            assert_eq!(Kind::of(engine).apt(System::Ubuntu), [""; 0]);
        }
        check(Engine::Chromium, System::Ubuntu, "install chromedriver@stable --path");
        check(Engine::Chromium, System::MacOs, "install chrome@stable --path");
        check(Engine::Firefox, System::Ubuntu, "export FIREFOX=\"$(npx -y ");
    }
}
