//! `cargo xtask test`: every check and every test, the quick ones first.

use crate::{
    browse, dist,
    failure::{Failure, OrFail as _, Result},
    files,
    flags::{DistFlags, Engine, StepName},
    guide, prose,
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

/// One step: its name, what it says it does, what that needs, what it does.
struct Step {
    name: StepName,
    title: &'static str,
    needs: &'static [Need],
    run: fn(&Tools) -> Result,
}

impl Step {
    /// The journeys go over a bundle, which must be of today's sources.
    fn belongs_to(&self, only: StepName) -> bool {
        self.name == only || (only == StepName::E2e && self.name == StepName::Dist)
    }
}

const STEPS: [Step; 11] = [
    Step { name: StepName::Fmt, title: "formatting", needs: &[], run: formatting },
    Step {
        name: StepName::Tidy,
        title: "the invariants of ARCHITECTURE.md",
        needs: &[],
        run: |_| tidy::command(),
    },
    Step {
        name: StepName::Prose,
        title: "the style of the documents",
        needs: &[Need::Typos],
        run: prose::command,
    },
    Step {
        name: StepName::Dependencies,
        title: "the dependencies",
        needs: &[Need::CargoDeny],
        run: supply::command,
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
        // This crate's own look at what `dist` compresses.
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
        needs: &[Need::PageFiles, Need::Browsers],
        run: journeys,
    },
];

/// Runs all steps, or one, in these engines, or in those that are there. What they need is set up
/// before; the first that fails ends it. What could not be looked at here stands at the end.
pub(crate) fn command(only: Option<StepName>, engines: &[Engine]) -> Result {
    let started = Instant::now();
    let steps: Vec<_> =
        STEPS.iter().filter(|step| only.is_none_or(|name| step.belongs_to(name))).collect();
    let needs: Vec<_> = steps.iter().flat_map(|step| step.needs).copied().collect();
    eprintln!("• setting up");
    let tools = setup::tools_in(engines, &needs)?;
    if only.is_none() && !engines.is_empty() {
        // Who names engines, as CI does, wants nothing left out.
        setup::single_tests::install();
    }
    skipped::begin()?;
    if needs.contains(&Need::Browsers) {
        tools.browsers.iter().try_for_each(setup::check_versions)?;
        if engines.is_empty() {
            say_left_out(&tools)?;
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
                .advise(format!("This step alone: cargo xtask test --only {name}"))
        })?;
        times.push((step.title, began.elapsed()));
    }
    summary(&times, started.elapsed(), &skipped::all()?);
    Ok(())
}

/// Names the engines that are not there to be tested in.
fn say_left_out(tools: &Tools) -> Result {
    let there = |engine| tools.browsers.iter().any(|browser| browser.engine == engine);
    let left_out = Engine::ALL.into_iter().filter(|engine| !there(*engine));
    left_out.map(setup::how_to_get).try_for_each(|how| skipped::say(&how))
}

fn summary(times: &[(&str, Duration)], total: Duration, skipped: &[String]) {
    println!();
    for (title, time) in times {
        println!("{title:<40} {:>12}", long::duration(*time));
    }
    let said = if skipped.is_empty() { "all passed" } else { "what ran has passed" };
    println!("{:<40} {:>12}", format!("{said}, with set-up"), long::duration(total));
    for what in skipped {
        println!("SKIPPED: {what}");
    }
}

fn formatting(_: &Tools) -> Result {
    run::run(&mut cargo(&["fmt", "--all", "--check"]))
        .map_err(|failure| failure.advise("`cargo fmt --all` puts it right."))
}

fn clippy(_: &Tools) -> Result {
    run::run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// A Leptos application with the form as a component.
const EXAMPLE: &str = "leptos-landing-page";

fn clippy_wasm(_: &Tools) -> Result {
    let clippy = |what: &[&str]| {
        let mut clippy = cargo(&["clippy", "--target", WASM_TARGET]);
        run::run(clippy.args(what).args(["--", "-D", "warnings"]))
    };
    clippy(&["-p", WIDGET, "--features", "csr,element", "--all-targets"])?;
    // What a page does that a server of Leptos' rendered: no other member has the feature.
    clippy(&["-p", WIDGET, "--features", "hydrate"])?;
    clippy(&["-p", EXAMPLE])
}

fn native(_: &Tools) -> Result {
    run::run(cargo(&["test"]).env(skipped::NOTES, skipped::notes()?))?;
    // What a server renders: a feature that no other member of the workspace has.
    run::run(&mut cargo(&["test", "-p", WIDGET, "--features", "ssr"]))
}

fn documentation(tools: &Tools) -> Result {
    run::run(cargo(&["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    guide::build_and_check(tools)
}

/// How many seconds wasm-pack's test runner waits for all tests of a browser together. They take some
/// five; a slow machine that is busy needs more than the runner's usual 20.
const TESTS: Duration = Duration::from_secs(180);

/// How many seconds the runner waits for the browser's driver to start.
const DRIVER: Duration = Duration::from_secs(60);

fn browser(tools: &Tools) -> Result {
    for browser in &tools.browsers {
        let flag = match browser.engine {
            Engine::Chromium => "--chrome",
            Engine::Firefox => "--firefox",
            // wasm-pack does not know it.
            Engine::Webkit => continue,
        };
        let mut wasm_pack = tools.command("wasm-pack")?;
        wasm_pack.current_dir(repo::root()).args(["test", "--headless", flag]);
        wasm_pack.args(["--features", "element", "-p", WIDGET]);
        // The test runner would take it before any other driver; wasm-pack sets it where it should.
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

/// How often a browser may fail to load the page with the tests.
const LOADS: usize = 3;

/// Runs the tests again if the browser could not load them: the test runner's server (`tiny_http` 0.12)
/// sometimes leaves one of several connections that are opened at once without an answer. A failed
/// test is a failure at once.
fn widget_tests(wasm_pack: &mut Command) -> Result {
    let output = workspace::target()?.join("widget-tests.txt");
    for load in 1.. {
        let file =
            File::create(&output).or_fail(|| format!("cannot write {}", output.display()))?;
        let tested = run::ask(wasm_pack.stdout(file));
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

/// The variable that tells Rust's tests how many run side by side.
const THREADS: &str = "RUST_TEST_THREADS";

/// So many journeys run side by side at most. Each has a browser and two servers of its own, up to a
/// gigabyte in Firefox, and waits for what has to come within three minutes.
const SIDE_BY_SIDE: usize = 4;

/// The variable with the engines of this run, which share the journeys that cannot differ between engines.
const ENGINES: &str = "DEAL_FORM_ENGINES";

fn journeys(tools: &Tools) -> Result {
    let mut cargo = browse::with_servers(tools, "test")?;
    cargo.env(skipped::NOTES, skipped::notes()?);
    if env::var_os(THREADS).is_none() {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        cargo.env(THREADS, cores.min(SIDE_BY_SIDE).to_string());
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
        failure.advise(format!("This browser alone: --engines {}", browser.engine))
    })?;
    eprintln!("  done in {}", long::duration(began.elapsed()));
    Ok(())
}
