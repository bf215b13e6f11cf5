//! `cargo xtask test`: every check and every test, the quick ones first.

use crate::{
    browse, dist,
    failure::{Failure, Result},
    flags::{DistFlags, Purpose, StepName},
    guide,
    repo::{self, WASM_TARGET, WIDGET},
    run::{self, cargo, long},
    setup::{self, Tools, WasmRust},
    tidy,
};
use std::time::{Duration, Instant};

/// One step: its name, what it says it does, what it does.
struct Step {
    name: StepName,
    title: &'static str,
    run: fn(&Tools) -> Result,
}

impl Step {
    /// The journeys go over a bundle, which must be of today's sources.
    fn belongs_to(&self, only: StepName) -> bool {
        self.name == only || (only == StepName::E2e && self.name == StepName::Dist)
    }
}

const STEPS: [Step; 9] = [
    Step { name: StepName::Fmt, title: "formatting", run: formatting },
    Step {
        name: StepName::Tidy,
        title: "the invariants of ARCHITECTURE.md",
        run: |_| tidy::command(),
    },
    Step { name: StepName::Clippy, title: "clippy", run: clippy },
    Step { name: StepName::ClippyWasm, title: "clippy for the browser", run: clippy_wasm },
    Step { name: StepName::Native, title: "tests without a browser", run: native },
    Step { name: StepName::Doc, title: "documentation", run: documentation },
    Step { name: StepName::Browser, title: "the widget's tests in a browser", run: browser },
    Step { name: StepName::Dist, title: "the release bundle", run: bundle },
    Step { name: StepName::E2e, title: "journeys in a browser", run: journeys },
];

/// Runs all steps, or one. The first that fails ends it.
pub(crate) fn command(only: Option<StepName>) -> Result {
    let started = Instant::now();
    eprintln!("• setting up");
    let tools = setup::tools_for(Purpose::Test)?;
    if let Some(browser) = &tools.browser {
        setup::check_versions(browser)?;
    }

    let mut times = Vec::new();
    for step in STEPS.iter().filter(|step| only.is_none_or(|name| step.belongs_to(name))) {
        eprintln!("\n=== {} ===", step.title);
        let began = Instant::now();
        (step.run)(&tools).map_err(|failure| {
            let again = format!("{:?}", step.name).to_lowercase();
            let again =
                if step.name == StepName::ClippyWasm { "clippy-wasm".to_owned() } else { again };
            Failure::new(format!("{} failed\n{failure}", step.title))
                .advise(format!("This step alone: cargo xtask test --only {again}"))
        })?;
        times.push((step.title, began.elapsed()));
    }
    summary(&times, started.elapsed());
    Ok(())
}

fn summary(times: &[(&str, Duration)], total: Duration) {
    println!();
    for (title, time) in times {
        println!("{title:<40} {:>12}", long::duration(*time));
    }
    println!("{:<40} {:>12}", "all passed, with set-up", long::duration(total));
}

fn formatting(_: &Tools) -> Result {
    run::run(&mut cargo(&["fmt", "--all", "--check"]))
        .map_err(|failure| failure.advise("`cargo fmt --all` puts it right."))
}

fn clippy(_: &Tools) -> Result {
    run::run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn clippy_wasm(tools: &Tools) -> Result {
    if let WasmRust::Debian { .. } = tools.wasm {
        eprintln!("SKIPPED: the compiler for browsers is Debian's here, and it has no clippy");
        return Ok(());
    }
    run::run(&mut cargo(&[
        "clippy",
        "-p",
        WIDGET,
        "--features",
        "csr,element",
        "--target",
        WASM_TARGET,
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

fn native(_: &Tools) -> Result {
    run::run(&mut cargo(&["test"]))?;
    // What a server renders: a feature that no other member of the workspace has.
    run::run(&mut cargo(&["test", "-p", WIDGET, "--features", "ssr"]))
}

fn documentation(tools: &Tools) -> Result {
    run::run(cargo(&["doc", "--no-deps", "--workspace"]).env("RUSTDOCFLAGS", "-D warnings"))?;
    guide::build_and_check(tools)
}

fn browser(tools: &Tools) -> Result {
    let mut wasm_pack = tools.command("wasm-pack")?;
    wasm_pack.current_dir(repo::root()).args(["test", "--headless", "--chrome"]);
    wasm_pack.args(["--features", "element"]);
    run::run(&mut wasm_pack)
}

fn bundle(_: &Tools) -> Result {
    dist::command(&DistFlags { out: browse::SITE.into(), std: None })
}

fn journeys(tools: &Tools) -> Result {
    run::run(&mut browse::with_servers(tools, "test")?)
}
