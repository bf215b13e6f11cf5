//! Compares the guide with the proxy: commands, metrics, refusals, addresses and variables.

mod samples;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use deal_contract::protocol::{RefusalCode, SubmissionState, field, path};
use guide::{assert_generated, cell, page, rows, section};

use crate::support::{World, callback, config, deal_proxy};

/// Returns the help text of a command.
fn help(words: &[&str]) -> String {
    let mut command = deal_proxy();
    let output = command.args(words).arg("--help").output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the names of the commands in the output of `--help`.
fn commands(help: &str) -> Vec<&str> {
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    let lines = list.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect()
}

/// Appends the help of a command and its subcommands as Markdown.
fn describe(words: &[&str], text: &mut String) {
    let help = help(words);
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    let (level, name) = (words.len() + 2, ["deal-proxy"].iter().chain(words).copied());
    let name = name.collect::<Vec<_>>().join(" ");
    let marks = "#".repeat(level.max(2));
    writeln!(text, "{marks} `{name}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end()).unwrap();
    for command in commands(&help) {
        describe(&[words, &[command]].concat(), text);
    }
}

#[test]
fn the_guide_shows_the_help_of_every_command() {
    let mut text = String::new();
    describe(&[], &mut text);
    assert!(text.contains("`deal-proxy submissions purge`"), "{text}");
    assert_generated("commands.md", "commands", &text);
}

#[tokio::test]
async fn the_guide_lists_every_metric() {
    let mut world = World::start().await;
    assert_eq!(world.submit("callback", callback()).await.0, 200);
    let crm = world.sandbox.api_url();
    world.proxy.reload(config(world.folder.path(), &crm)).unwrap();
    let metrics = world.get("/metrics").send().await.unwrap().text().await.unwrap();

    let mut text = "| metric | kind | labels | meaning |\n|---|---|---|---|\n".to_owned();
    let mut written = 0;
    for line in metrics.lines() {
        let Some((name, help)) = line.strip_prefix("# HELP ").and_then(|help| help.split_once(' '))
        else {
            continue;
        };
        written += 1;
        let kind = format!("# TYPE {name} ");
        let kind = metrics.lines().find_map(|line| line.strip_prefix(&kind)).unwrap();
        let ending = match kind {
            "counter" => "_total",
            "histogram" => "_bucket",
            "info" => "_info",
            _ => "",
        };
        let labels: BTreeSet<&str> = metrics
            .lines()
            .filter_map(|line| line.strip_prefix(&format!("{name}{ending}{{"))?.rsplit_once('}'))
            .map(|(labels, _)| labels)
            .flat_map(|labels| labels.split(','))
            .filter_map(|label| label.split('=').next())
            .collect();
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        let (labels, help) = (labels.join(", "), cell(help.trim_end_matches('.')));
        let ending = ending.trim_end_matches("_bucket");
        writeln!(text, "| `{name}{ending}` | {kind} | {labels} | {help} |").unwrap();
    }
    // `/metrics` omits metrics without a value, so the requests above must give each metric a value.
    let sources = ["http/metrics.rs", "delivery/metrics.rs"].map(source).concat();
    assert_eq!(written, sources.matches("registry.register(").count());
    assert_generated("watch.md", "metrics", &text);
    let of_bucket = bucket_metric();
    let header = "| metric | kind | labels | meaning |\n|---|---|---|---|\n";
    assert_generated("watch.md", "bucket metrics", &format!("{header}{of_bucket}"));
    text.push_str(&of_bucket);

    let page = page("watch.md");
    let alerts = page
        .split("deal_proxy_")
        .skip(1)
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next());
    for name in alerts {
        assert!(text.contains(&format!("`deal_proxy_{name}`")), "nothing counts deal_proxy_{name}");
    }
}

/// Returns the row of the metric that only a proxy with a shared store has. The name and the meaning are those in the
/// code.
fn bucket_metric() -> String {
    let source = source("store/shared/bucket_metrics.rs");
    assert_eq!(source.matches("registry.register(").count(), 1);
    let (_, call) = source.split_once("registry.register(").unwrap();
    let strings: Vec<&str> = call.split('"').skip(1).step_by(2).take(2).collect();
    let [name, help] = strings[..] else { panic!("{strings:?}") };
    let labels = ["le", "operation", "outcome"].map(|label| format!("`{label}`")).join(", ");
    format!("| `deal_proxy_{name}` | histogram | {labels} | {} |\n", cell(help))
}

/// Returns the text of a source file of the proxy.
fn source(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(name)).unwrap()
}

#[test]
fn the_guide_lists_every_refusal_code() {
    let codes: BTreeSet<&str> = RefusalCode::ALL.iter().map(|code| code.as_str()).collect();
    let page = page("http.md");
    let named: BTreeSet<&str> = rows(section(&page, "## Codes of refusals")).into_iter().collect();
    assert_eq!(named, codes);
}

#[test]
fn the_guide_explains_every_state_of_a_submission_and_every_field_of_a_page() {
    let page = page("http.md");
    let states = section(&page, "## Status of a submission");
    for state in SubmissionState::NAMES {
        assert!(states.contains(&format!("| 200 | `{{\"state\": \"{state}\"")), "{state}");
    }
    let fields = [
        field::REFERENCE,
        field::REVISION,
        field::TOKEN,
        field::CAPTCHA,
        field::WORK,
        field::HONEYPOT,
        field::FILES,
    ];
    for field in fields {
        assert!(page.contains(&format!("`{field}`")), "{field}");
    }
}

#[test]
fn the_guide_lists_every_address() {
    let text = source("http/router.rs");
    let routes = text.split(".route(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let of_form = [path::TOKEN.to_owned(), format!("{}/{{reference}}", path::SUBMISSIONS)];
    let of_form = of_form.map(|path| format!("/forms/{{id}}/{path}"));
    let routes = routes.chain(of_form.iter().map(String::as_str));
    let page = page("http.md");
    let named = rows(section(&page, "## Addresses"));
    for route in routes {
        assert!(named.iter().any(|address| address.ends_with(route)), "{route}");
    }
}

#[test]
fn the_guide_lists_every_environment_variable() {
    let page = page("settings.md");
    let named = rows(section(&page, "## Environment variables"));
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut read = BTreeSet::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let of_consts = text.split("VARIABLE: &str = \"").skip(1);
        let of_calls = ["env::var(\"", "env::var_os(\""].map(|call| text.split(call).skip(1));
        let variables = of_consts.chain(of_calls.into_iter().flatten());
        read.extend(variables.filter_map(|rest| Some(rest.split('"').next()?.to_owned())));
    }
    // Only tests set these.
    read.retain(|name| !name.starts_with("DEAL_PROXY_FAULT") && !name.starts_with("FUZZ_"));
    read.remove("DEAL_PROXY_TRACE");
    assert!(read.len() > 3, "{read:?}");
    for name in read {
        assert!(named.contains(&name.as_str()), "{name}");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}
