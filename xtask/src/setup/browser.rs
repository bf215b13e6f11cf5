//! The browsers that tests run in, each with the driver that remote-controls it.

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
    /// The browser's program
    program: PathBuf,
    /// The driver's program
    driver: PathBuf,
    /// What wasm-pack's test runner asks the driver for, where it knows the driver
    pub(crate) capabilities: Option<PathBuf>,
}

impl Browser {
    /// What people call it.
    pub(crate) fn name(&self) -> &'static str {
        Kind::of(self.engine).name
    }

    /// The variables by which tests find it.
    ///
    /// Not `GECKODRIVER`: wasm-pack's test runner would take Firefox whichever browser it is asked
    /// for. That driver is found on the PATH.
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

    /// The folder that has to be on the PATH.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        let usual = run::which("geckodriver").as_ref() == Some(&self.driver);
        let wanted = self.engine == Engine::Firefox && !usual;
        self.driver.parent().filter(|_| wanted).map(Path::to_owned)
    }
}

/// The browsers for tests. Those that are named are installed where they are missing and the
/// system's packages have them. When none is, these are all that are there, and Chromium is
/// installed.
pub(super) fn find_or_install(cache: &Cache, named: &[Engine]) -> Result<Vec<Browser>> {
    let mut browsers = Vec::new();
    for engine in Engine::ALL {
        let by_default = named.is_empty() && engine == Engine::Chromium;
        if named.contains(&engine) || by_default {
            check_variables(Kind::of(engine))?;
            browsers.push(installed(cache, engine)?);
        } else if named.is_empty() {
            browsers.extend(found(cache, engine)?);
        }
    }
    Ok(browsers)
}

/// The browsers that are there.
pub(super) fn find(cache: &Cache) -> Result<Vec<Browser>> {
    let found = Engine::ALL.into_iter().map(|engine| found(cache, engine).transpose());
    found.flatten().collect()
}

/// How to get a browser that is not there, or lacks its driver.
pub(crate) fn how_to_get(engine: Engine) -> String {
    let kind = Kind::of(engine);
    let system = System::here();
    let only_its_driver = engine == Engine::Firefox && program(kind).is_some();
    let how = if only_its_driver || !kind.apt(system).is_empty() {
        format!("Install what is missing:\n  cargo xtask setup --engines {engine}")
    } else {
        kind.advice(system)
    };
    format!("{}, as it or its driver is not there. {how}", kind.name)
}

/// Whether browser and driver are of the same version, which a failed session does not say.
///
/// # Errors
/// When they are not.
pub(crate) fn check_versions(browser: &Browser) -> Result {
    let kind = Kind::of(browser.engine);
    if !kind.same_version {
        return Ok(());
    }
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
        .advise(kind.advice(System::here()))),
        _ => Ok(()),
    }
}

fn installed(cache: &Cache, engine: Engine) -> Result<Browser> {
    if let Some(browser) = found(cache, engine)? {
        return Ok(browser);
    }
    let kind = Kind::of(engine);
    let lacking =
        program(kind).is_none() || !kind.also.iter().all(|name| run::which(name).is_some());
    let no_driver = engine != Engine::Firefox && driver(cache, engine).is_none();
    let packages = kind.apt(System::here());
    if (lacking || no_driver) && !packages.is_empty() {
        system::apt_install(&format!("tests in {}", kind.name), packages)?;
    }
    if engine == Engine::Firefox && program(kind).is_some() {
        cargo_tools::install_geckodriver(cache)?;
    }
    found(cache, engine)?.ok_or_else(|| missing(cache, engine))
}

fn found(cache: &Cache, engine: Engine) -> Result<Option<Browser>> {
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
            // A test of another shell's may be reading it: only write what is new.
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
                run::executable(path).then(|| path.into())
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
/// `CHROME names /gone, which is no program`: tests in another one would mislead.
fn check_variables(kind: &Kind) -> Result {
    for variable in kind.variables {
        let value = env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(path) = value.filter(|path| !run::executable(path)) {
            let what = format!("{variable} names {}, which is no program", path.display());
            return Err(Failure::new(what)
                .advise(format!("Name another one, or none:\n  unset {variable}")));
        }
    }
    Ok(())
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|path| run::executable(path))
}

fn missing(cache: &Cache, engine: Engine) -> Failure {
    let kind = Kind::of(engine);
    let what = match (program(kind), driver(cache, engine)) {
        (None, _) => format!("there is no {} for the tests", kind.name),
        (Some(program), None) => format!("{} is there, but no {}", program.display(), kind.driver),
        (Some(_), Some(_)) => format!("for {}, there is no {}", kind.name, kind.also.join(", ")),
    };
    Failure::new(what).advise(kind.advice(System::here()))
}

/// The runner asks for no window by itself, and in Chromium for no sandbox, which root needs. The
/// rest keeps the browser from calling home, which is slow where that is refused.
fn capabilities(engine: Engine, program: &Path) -> Option<serde_json::Value> {
    // A page that does not load by then never will.
    let timeouts = serde_json::json!({ "pageLoad": 60_000 });
    match engine {
        Engine::Chromium => Some(serde_json::json!({
            "timeouts": timeouts,
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
        })),
        Engine::Firefox => Some(serde_json::json!({
            "timeouts": timeouts,
            "moz:firefoxOptions": {
                "binary": program,
                // The test runner's server answers four connections at once for sure.
                "prefs": { "network.http.max-persistent-connections-per-server": 4 },
            },
        })),
        // The runner knows no driver of it.
        Engine::Webkit => None,
    }
}
