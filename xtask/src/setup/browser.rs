//! The browser that tests run in, and the driver that remote-controls it.

use super::{
    cache::Cache,
    system::{self, System},
    version::first_version,
};
use crate::{
    failure::{Failure, OrFail as _, Result},
    run,
};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// A browser with its driver. Chromium is the first kind; another one is another [`Kind`].
#[derive(Debug)]
pub(crate) struct Browser {
    kind: &'static Kind,
    /// The browser's program
    pub(crate) program: PathBuf,
    /// The driver's program
    pub(crate) driver: PathBuf,
    /// What wasm-pack's test runner asks the driver for
    capabilities: PathBuf,
}

/// What is known of a browser before it is found.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    /// The browser's programs, the best first; a whole path where the PATH has none
    programs: &'static [&'static str],
    driver: &'static str,
    /// The environment variables that name the two
    variables: [&'static str; 2],
    debian: &'static [&'static str],
    advice: fn(System) -> &'static str,
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
    variables: ["CHROME", "CHROMEDRIVER"],
    debian: &["chromium", "chromium-driver"],
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

impl Browser {
    /// The variables by which tests find it.
    pub(super) fn variables(&self) -> Vec<(&'static str, OsString)> {
        let [program, driver] = self.kind.variables;
        vec![
            (program, self.program.clone().into()),
            (driver, self.driver.clone().into()),
            ("WASM_BINDGEN_TEST_WEBDRIVER_JSON", self.capabilities.clone().into()),
        ]
    }
}

/// The browser for tests, installed if it is missing and the system's packages have it.
pub(super) fn find_or_install(cache: &Cache) -> Result<Browser> {
    let kind = &CHROMIUM;
    if find(kind).is_none() && System::here() == System::Debian {
        system::apt_install(&format!("tests in {}", kind.name), kind.debian)?;
    }
    let (program, driver) = find(kind).ok_or_else(|| missing(kind))?;
    let capabilities = cache.other("webdriver.json");
    write_capabilities(&program, &capabilities)?;
    Ok(Browser { kind, program, driver, capabilities })
}

/// Whether browser and driver are of the same version, which a failed session does not say.
///
/// # Errors
/// When they are not.
pub(crate) fn check_versions(browser: &Browser) -> Result {
    let major = |program: &Path| {
        let said = run::capture(run::command(program).arg("--version")).unwrap_or_default();
        first_version(&said).and_then(|v| v.split('.').next()).map(str::to_owned)
    };
    match (major(&browser.program), major(&browser.driver)) {
        (Some(ours), Some(drivers)) if ours != drivers => Err(Failure::new(format!(
            "{} is version {ours}, but {} is for version {drivers}",
            browser.program.display(),
            browser.driver.display()
        ))
        .advise((browser.kind.advice)(System::here()))),
        _ => Ok(()),
    }
}

fn find(kind: &Kind) -> Option<(PathBuf, PathBuf)> {
    let [program, driver] = kind
        .variables
        .map(|name| std::env::var_os(name).map(PathBuf::from).filter(|path| run::executable(path)));
    let program = program.or_else(|| {
        kind.programs.iter().find_map(|name| {
            let path = Path::new(name);
            if path.is_absolute() {
                run::executable(path).then(|| path.into())
            } else {
                run::which(name)
            }
        })
    })?;
    Some((program, driver.or_else(|| run::which(kind.driver))?))
}

fn missing(kind: &Kind) -> Failure {
    let what = match kind.programs.iter().find_map(|name| run::which(name)) {
        Some(program) => format!("{} is there, but no {}", program.display(), kind.driver),
        None => format!("there is no {} for the tests", kind.name),
    };
    Failure::new(what).advise((kind.advice)(System::here()))
}

/// The runner adds `headless` and `no-sandbox` (which root needs) by itself. The rest keeps the
/// browser from calling home, which is slow where that is refused.
fn write_capabilities(program: &Path, path: &Path) -> Result {
    let capabilities = serde_json::json!({
        // A page that does not load by then never will.
        "timeouts": { "pageLoad": 60_000 },
        "goog:chromeOptions": {
            "binary": program,
            "args": [
                "disable-background-networking",
                "disable-component-update",
                // As the journeys have it: neither is there in every container.
                "disable-dev-shm-usage",
                "disable-gpu",
                "disable-sync",
                "no-first-run",
            ],
        },
    });
    fs::write(path, format!("{capabilities:#}\n"))
        .or_fail(|| format!("cannot write {}", path.display()))
}
