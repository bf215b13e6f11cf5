//! Finds or installs the browsers for tests, each with its driver.

use super::{
    cache::Cache,
    cargo_tools,
    engines::Kind,
    system::{self, System},
    version::first_version,
};
use crate::{
    failure::{Failure, OrFail as _, Result},
    flags::Engine,
    run,
};
use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// A browser with its driver.
#[derive(Debug)]
pub(crate) struct Browser {
    pub(crate) engine: Engine,
    /// The browser's executable
    program: PathBuf,
    /// The driver's executable
    driver: PathBuf,
    /// The file with the WebDriver capabilities for wasm-pack's test runner, if the runner supports the driver
    pub(crate) capabilities: Option<PathBuf>,
}

impl Browser {
    pub(crate) fn name(&self) -> &'static str {
        Kind::of(self.engine).name
    }

    /// Returns the environment variables with the paths of the browser and its driver.
    ///
    /// Leaves out `GECKODRIVER`, because it makes wasm-pack's test runner use Firefox for all browsers. The
    /// runner finds geckodriver on the PATH.
    pub(super) fn variables(&self) -> Vec<(&'static str, OsString)> {
        let [program, driver] = Kind::of(self.engine).variables;
        let mut variables = vec![(program, self.program.clone().into())];
        if self.engine != Engine::Firefox {
            variables.push((driver, self.driver.clone().into()));
        }
        if let (Engine::Chromium, Some(capabilities)) = (self.engine, &self.capabilities) {
            variables.push(("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities.into()));
        }
        variables
    }

    /// Returns the folder with the driver, or `None` if this folder does not have to be added to the PATH.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        let is_on_path = run::which("geckodriver").as_ref() == Some(&self.driver);
        let is_needed = self.engine == Engine::Firefox && !is_on_path;
        self.driver.parent().filter(|_| is_needed).map(Path::to_owned)
    }
}

/// Returns the browsers for tests. Installs the named ones if they are missing and the system has packages for
/// them. Without names, returns all installed browsers, and installs Chromium if it is missing.
pub(super) fn find_or_install(cache: &Cache, named: &[Engine]) -> Result<Vec<Browser>> {
    let mut browsers = Vec::new();
    for engine in Engine::ALL {
        let by_default = named.is_empty() && engine == Engine::Chromium;
        if named.contains(&engine) || by_default {
            check_variables(Kind::of(engine))?;
            browsers.push(find_or_install_one(cache, engine)?);
        } else if named.is_empty() {
            browsers.extend(find_one(cache, engine)?);
        }
    }
    Ok(browsers)
}

/// Returns all installed browsers.
pub(super) fn find(cache: &Cache) -> Result<Vec<Browser>> {
    let found = Engine::ALL.into_iter().map(|engine| find_one(cache, engine).transpose());
    found.flatten().collect()
}

/// Explains how to install a browser or its driver, for the report about a skipped browser.
pub(crate) fn how_to_get(engine: Engine) -> String {
    let kind = Kind::of(engine);
    let system = System::here();
    let only_its_driver = engine == Engine::Firefox && program(kind).is_some();
    let how = if only_its_driver || !kind.apt(system).is_empty() {
        format!("To install it:\n  cargo xtask setup --engines {engine}")
    } else {
        kind.advice(system)
    };
    format!("{}: the browser or its driver is not installed. {how}", kind.name)
}

/// Checks that browser and driver have the same version, because the error from a failed session does not
/// mention different versions.
pub(crate) fn check_versions(browser: &Browser) -> Result {
    let kind = Kind::of(browser.engine);
    if !kind.same_version {
        return Ok(());
    }
    let major = |program: &Path| {
        let printed = run::capture(run::command(program).arg("--version")).unwrap_or_default();
        first_version(&printed).and_then(|v| v.split('.').next()).map(str::to_owned)
    };
    match (major(&browser.program), major(&browser.driver)) {
        (Some(ours), Some(drivers)) if ours != drivers => Err(Failure::new(format!(
            "{} is version {ours}, but {} is for version {drivers}",
            browser.program.display(),
            browser.driver.display()
        ))
        .advise(kind.advice(System::here()))),
        _ => Ok(()),
    }
}

fn find_or_install_one(cache: &Cache, engine: Engine) -> Result<Browser> {
    if let Some(browser) = find_one(cache, engine)? {
        return Ok(browser);
    }
    let kind = Kind::of(engine);
    let lacks_program =
        program(kind).is_none() || !kind.also.iter().all(|name| run::which(name).is_some());
    let lacks_driver = engine != Engine::Firefox && driver(cache, engine).is_none();
    let packages = kind.apt(System::here());
    if (lacks_program || lacks_driver) && !packages.is_empty() {
        system::apt_install(&format!("tests in {}", kind.name), packages)?;
    }
    if engine == Engine::Firefox && program(kind).is_some() {
        cargo_tools::install_geckodriver(cache)?;
    }
    find_one(cache, engine)?.ok_or_else(|| missing(cache, engine))
}

fn find_one(cache: &Cache, engine: Engine) -> Result<Option<Browser>> {
    let kind = Kind::of(engine);
    let (Some(program), Some(driver)) = (program(kind), driver(cache, engine)) else {
        return Ok(None);
    };
    if !kind.also.iter().all(|name| run::which(name).is_some()) {
        return Ok(None);
    }
    let capabilities = capabilities(engine, &program)
        .map(|wanted| {
            let path = cache.other(&format!("webdriver-{engine}.json"));
            let text = format!("{wanted:#}\n");
            // Write the file only if it changes, because a test in another shell may be reading it.
            if fs::read_to_string(&path).ok().as_ref() != Some(&text) {
                fs::write(&path, text).or_fail(|| format!("cannot write {}", path.display()))?;
            }
            Ok(path)
        })
        .transpose()?;
    Ok(Some(Browser { engine, program, driver, capabilities }))
}

fn program(kind: &Kind) -> Option<PathBuf> {
    let [variable, _] = kind.variables;
    named(variable).or_else(|| {
        kind.programs.iter().find_map(|name| {
            let path = Path::new(name);
            if path.is_absolute() {
                run::is_executable(path).then(|| path.into())
            } else {
                system::which_no_snap(name)
            }
        })
    })
}

fn driver(cache: &Cache, engine: Engine) -> Option<PathBuf> {
    let Kind { driver, variables: [_, variable], .. } = Kind::of(engine);
    named(variable).or_else(|| system::which_no_snap(driver)).or_else(|| match engine {
        Engine::Firefox => cargo_tools::geckodriver(cache),
        Engine::Chromium | Engine::Webkit => None,
    })
}

/// # Errors
/// `CHROME is /gone, which is not an executable file`. Tests in another browser would be misleading.
fn check_variables(kind: &Kind) -> Result {
    for variable in kind.variables {
        let value = env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(path) = value.filter(|path| !run::is_executable(path)) {
            let what = format!("{variable} is {}, which is not an executable file", path.display());
            return Err(
                Failure::new(what).advise(format!("Correct or unset it:\n  unset {variable}"))
            );
        }
    }
    Ok(())
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| run::is_executable(path))
}

fn missing(cache: &Cache, engine: Engine) -> Failure {
    let kind = Kind::of(engine);
    let what = match (program(kind), driver(cache, engine)) {
        (None, _) => format!("cannot find {} for the tests", kind.name),
        (Some(program), None) => {
            format!("found {}, but not its driver, {}", program.display(), kind.driver)
        }
        (Some(_), Some(_)) => format!("{} also needs {}", kind.name, kind.also.join(", ")),
    };
    Failure::new(what).advise(kind.advice(System::here()))
}

/// Returns the WebDriver capabilities. The runner already sets headless mode and, in Chromium, disables the
/// sandbox, because Chromium does not start as root with it. Some options here stop background requests, which
/// are slow if a firewall blocks them.
fn capabilities(engine: Engine, program: &Path) -> Option<serde_json::Value> {
    // If a page takes longer than this, it will not load at all.
    let timeouts = serde_json::json!({ "pageLoad": 60_000 });
    match engine {
        Engine::Chromium => Some(serde_json::json!({
            "timeouts": timeouts,
            "goog:chromeOptions": {
                "binary": program,
                "args": [
                    "disable-background-networking",
                    "disable-component-update",
                    // Some containers lack /dev/shm or a GPU. The journeys use the same options.
                    "disable-dev-shm-usage",
                    "disable-gpu",
                    "disable-sync",
                    "no-first-run",
                ],
            },
        })),
        Engine::Firefox => Some(serde_json::json!({
            "timeouts": timeouts,
            "moz:firefoxOptions": {
                "binary": program,
                // The test runner's server can handle four connections at once.
                "prefs": { "network.http.max-persistent-connections-per-server": 4 },
            },
        })),
        // The runner does not support WebKit's driver.
        Engine::Webkit => None,
    }
}
