//! `cargo xtask test`: runs all checks and tests, the fast ones first.

use crate::{
    browse, dist,
    failure::{Failure, OrFail as _, Result},
    files,
    flags::{DistFlags, Engine, StepName},
    guide, leptos_apps, packages, prose,
    repo::{self, WASM_TARGET, WIDGET},
    run::{self, cargo, long},
    setup::{self, Browser, Need, Tools},
    skipped, supply, tidy, workspace,
};
use clap::{ValueEnum as _, builder::PossibleValue};
use std::{
    env,
    fs::File,
    num::NonZero,
    process::Command,
    thread,
    time::{Duration, Instant},
};

struct Step {
    name: StepName,
    title: &'static str,
    needs: &'static [Need],
    run: fn(&Tools) -> Result,
}

impl Step {
    /// Returns whether this step runs when only the step `only` was requested. Journeys need a bundle that is built
    /// from the current sources.
    fn belongs_to(&self, only: StepName) -> bool {
        self.name == only || (only == StepName::E2e && self.name == StepName::Dist)
    }
}

const STEPS: [Step; 12] = [
    Step { name: StepName::Fmt, title: "formatting", needs: &[], run: formatting },
    Step {
        name: StepName::Tidy,
        title: "the invariants of ARCHITECTURE.md",
        needs: &[],
        run: |_| tidy::command(),
    },
    Step {
        name: StepName::Prose,
        title: "spelling and words",
        needs: &[Need::Typos],
        run: prose::command,
    },
    Step {
        name: StepName::Dependencies,
        title: "the dependencies",
        needs: &[Need::CargoDeny],
        run: supply::command,
    },
    Step {
        name: StepName::Packages,
        title: "the packages for crates.io",
        needs: &[],
        run: packages::command,
    },
    Step { name: StepName::Clippy, title: "clippy", needs: &[], run: clippy },
    Step {
        name: StepName::ClippyWasm,
        title: "clippy for the browser",
        needs: &[Need::WasmTarget],
        run: clippy_wasm,
    },
    Step {
        name: StepName::Native,
        title: "tests without a browser",
        // A test in this crate compresses a bundle with Node.js.
        needs: &[Need::Node],
        run: native,
    },
    Step {
        name: StepName::Doc,
        title: "documentation",
        needs: &[Need::MdBook],
        run: documentation,
    },
    Step {
        name: StepName::Browser,
        title: "the widget's tests in browsers",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::WasmPack, Need::Browsers],
        run: browser,
    },
    Step { name: StepName::Dist, title: "the release bundle", needs: Need::DIST, run: bundle },
    Step {
        name: StepName::E2e,
        title: "journeys in browsers",
        needs: &[Need::WasmTarget, Need::WasmBindgen, Need::Trunk, Need::PageFiles, Need::Browsers],
        run: journeys,
    },
];

/// Installs the tools for the steps, then runs all steps or only one. Stops at the first step that fails. Without
/// `engines`, tests in Chromium and all installed engines. Lists the skipped checks at the end.
pub(crate) fn command(only: Option<StepName>, engines: &[Engine]) -> Result {
    let started = Instant::now();
    let steps: Vec<_> =
        STEPS.iter().filter(|step| only.is_none_or(|name| step.belongs_to(name))).collect();
    let needs: Vec<_> = steps.iter().flat_map(|step| step.needs).copied().collect();
    eprintln!("• setting up");
    let tools = setup::tools_in(engines, &needs)?;
    if only.is_none() && !engines.is_empty() {
        // If engines are named, as in CI, install these programs, so that no test is skipped.
        setup::single_tests::install();
    }
    skipped::clear()?;
    if needs.contains(&Need::Browsers) {
        tools.browsers.iter().try_for_each(setup::check_versions)?;
        if engines.is_empty() {
            report_missing_engines(&tools)?;
        }
    }

    let mut times = Vec::new();
    for step in steps {
        eprintln!("\n=== {} ===", step.title);
        let began = Instant::now();
        (step.run)(&tools).map_err(|failure| {
            let name = step.name.to_possible_value();
            let name = name.as_ref().map_or("", PossibleValue::get_name);
            Failure::new(format!("{} failed\n{failure}", step.title))
                .advise(format!("To run only this step: cargo xtask test --only {name}"))
        })?;
        times.push((step.title, began.elapsed()));
    }
    print_summary(&times, started.elapsed(), &skipped::all()?);
    Ok(())
}

fn report_missing_engines(tools: &Tools) -> Result {
    let is_installed = |engine| tools.browsers.iter().any(|browser| browser.engine == engine);
    let missing = Engine::ALL.into_iter().filter(|engine| !is_installed(*engine));
    missing.map(setup::how_to_get).try_for_each(|how| skipped::report(&how))
}

fn print_summary(times: &[(&str, Duration)], total: Duration, skipped: &[String]) {
    println!();
    for (title, time) in times {
        println!("{title:<40} {:>12}", long::duration(*time));
    }
    let verdict = if skipped.is_empty() { "all passed" } else { "passed, with skipped checks" };
    println!("{:<40} {:>12}", format!("{verdict}, including set-up"), long::duration(total));
    for check in skipped {
        println!("SKIPPED: {check}");
    }
}

fn formatting(_: &Tools) -> Result {
    run::run(&mut cargo(&["fmt", "--all", "--check"]))
        .map_err(|failure| failure.advise("`cargo fmt --all` corrects it."))
}

fn clippy(_: &Tools) -> Result {
    run::run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The example of a Leptos application that uses the form as a component.
const EXAMPLE: &str = "leptos-landing-page";

fn clippy_wasm(_: &Tools) -> Result {
    let clippy = |what: &[&str]| {
        let mut clippy = cargo(&["clippy", "--target", WASM_TARGET]);
        run::run(clippy.args(what).args(["--", "-D", "warnings"]))
    };
    clippy(&["-p", WIDGET, "--features", "csr,element", "--all-targets"])?;
    // The code in this feature adopts a page that a Leptos server has rendered. No other workspace crate uses the
    // feature.
    clippy(&["-p", WIDGET, "--features", "hydrate"])?;
    clippy(&["-p", EXAMPLE, "--all-targets"])
}

fn native(_: &Tools) -> Result {
    run::run(cargo(&["test"]).env(skipped::NOTES, skipped::notes()?))?;
    // This feature renders the form on a server. No other workspace crate uses the feature.
    run::run(&mut cargo(&["test", "-p", WIDGET, "--features", "ssr"]))
}

fn documentation(tools: &Tools) -> Result {
    run::run(cargo(&["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    guide::build_and_check(tools)
}

/// How long wasm-pack's test runner waits for all tests in one browser. The tests take about five seconds, but a slow,
/// busy machine needs more than the default of 20.
const TESTS: Duration = Duration::from_secs(180);

/// How long the runner waits for the browser's driver to start.
const DRIVER: Duration = Duration::from_secs(60);

fn browser(tools: &Tools) -> Result {
    let widget = ["--features", "element", "-p", WIDGET];
    for arguments in [&widget[..], &["-p", EXAMPLE]] {
        test_in_browsers(tools, arguments)?;
    }
    Ok(())
}

fn test_in_browsers(tools: &Tools, arguments: &[&str]) -> Result {
    for browser in &tools.browsers {
        let flag = match browser.engine {
            Engine::Chromium => "--chrome",
            Engine::Firefox => "--firefox",
            // wasm-pack does not support WebKit.
            Engine::Webkit => continue,
        };
        let mut wasm_pack = tools.command("wasm-pack")?;
        wasm_pack.current_dir(repo::root()).args(["test", "--headless", flag]);
        wasm_pack.args(arguments);
        // With this variable, the test runner would use geckodriver for all browsers. wasm-pack sets the variable for
        // Firefox.
        wasm_pack.env_remove("GECKODRIVER");
        let limits =
            [("WASM_BINDGEN_TEST_TIMEOUT", TESTS), ("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", DRIVER)];
        for (variable, limit) in limits {
            if env::var_os(variable).is_none() {
                wasm_pack.env(variable, limit.as_secs().to_string());
            }
        }
        if let Some(capabilities) = &browser.capabilities {
            wasm_pack.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
        }
        in_browser("the widget's tests", browser, || widget_tests(&mut wasm_pack))?;
    }
    Ok(())
}

/// How many times to load the page with the tests before giving up.
const LOADS: usize = 3;

/// Runs the tests again if the browser could not load them: when several connections open at once, the test runner's
/// server (`tiny_http` 0.12) sometimes does not respond to one of them. Failed tests are not repeated.
fn widget_tests(wasm_pack: &mut Command) -> Result {
    let output = workspace::target()?.join("widget-tests.txt");
    for load in 1.. {
        let file =
            File::create(&output).or_fail(|| format!("cannot write {}", output.display()))?;
        let tested = run::run_to_stdout(wasm_pack.stdout(file));
        let printed = files::read(&output)?;
        eprintln!("{printed}");
        let has_failed_test = printed.contains("test result: FAILED");
        if tested.is_ok() || has_failed_test || load == LOADS {
            return tested;
        }
        eprintln!("• the browser did not load the tests; trying again");
    }
    Ok(())
}

fn bundle(_: &Tools) -> Result {
    dist::command_and_readme(&DistFlags { out: browse::site()? })
}

/// The environment variable for the number of Rust tests that run at once.
const THREADS: &str = "RUST_TEST_THREADS";

/// The maximum number of journeys that run at once. Each journey starts a browser and two servers, which take up to a
/// gigabyte of memory with Firefox. On an overloaded machine, a journey's waits would fail after three minutes.
const MOST_AT_ONCE: usize = 4;

/// The environment variable with all engines in this run. The engines share the journeys that do not depend on the
/// engine.
const ENGINES: &str = "DEAL_FORM_ENGINES";

fn journeys(tools: &Tools) -> Result {
    let apps = leptos_apps::build(tools)?;
    let mut cargo = browse::with_servers(tools, "test")?;
    cargo.envs(apps);
    cargo.env(skipped::NOTES, skipped::notes()?);
    if env::var_os(THREADS).is_none() {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        cargo.env(THREADS, cores.min(MOST_AT_ONCE).to_string());
    }
    let engines: Vec<_> = tools.browsers.iter().map(|browser| browser.engine.to_string()).collect();
    cargo.env(ENGINES, engines.join(","));
    for browser in &tools.browsers {
        cargo.env(browse::ENGINE, browser.engine.to_string());
        in_browser("journeys", browser, || run::run(&mut cargo))?;
    }
    Ok(())
}

fn in_browser(what: &str, browser: &Browser, test: impl FnOnce() -> Result) -> Result {
    eprintln!("\n• {what} in {}", browser.name());
    let began = Instant::now();
    test().map_err(|failure| {
        failure.advise(format!("To use only this browser: --engines {}", browser.engine))
    })?;
    eprintln!("  done in {}", long::duration(began.elapsed()));
    Ok(())
}
