//! Compares the samples of output in the guide with the output of the programs. Names, numbers and times
//! that differ in each run are replaced by typical ones.

use std::path::Path;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use deal_proxy::{Config, examine};
use guide::{assert_generated, page};
use tokio::net::TcpListener;

use crate::doctor;
use crate::support::{Process, World, config, deal_proxy, draft, reference};

/// The reference in the samples.
const REFERENCE: &str = "web-c8ec175d14020d777d4f1afd3387e39d";
/// The address of the proxy in the samples.
const LEADS: &str = "https://leads.example.com";

/// Runs the program in a folder and returns its output.
fn output(folder: &Path, args: &[&str]) -> String {
    let mut command = deal_proxy();
    let output = command.current_dir(folder).args(args).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// Returns the root of the repository.
fn repository() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn block(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```", text.trim_end())
}

/// Replaces the text between each `begin` and the next `end` with `value`.
fn replace_between(text: &str, begin: &str, end: &str, value: &str) -> String {
    let mut pieces = text.split(begin);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let at = piece.find(end).unwrap_or(piece.len());
        text + begin + value + piece.split_at(at).1
    })
}

#[test]
fn the_guide_shows_the_output_of_check() {
    let text = output(&repository(), &["check", "examples/forms/quote.toml"]);
    assert_generated("try.md", "check", &block("text", &text));

    let folder = tempfile::tempdir().unwrap();
    let form = "title = \"Call me back\"\n[[feild]]\n[[field]]\n\
                parameter = \"contact_phone\"\nlabel = \"Phone\"\n";
    std::fs::write(folder.path().join("bad.toml"), form).unwrap();
    let text = output(folder.path(), &["check", "bad.toml"]);
    assert_generated("try.md", "mistake", &block("text", &text));
}

#[test]
fn the_guide_shows_the_output_of_snippet() {
    let args = ["snippet", "callback.toml", "--proxy", LEADS];
    let text = output(&repository().join("examples/forms"), &args);
    assert_generated("embed.md", "snippet", &block("html", &text));
    let command = format!("deal-proxy {}", args.join(" "));
    assert!(page("embed.md").contains(&command), "{command}");
}

#[tokio::test]
async fn the_guide_shows_the_output_of_submissions_list() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    let spool = world.folder.path().join("spool");
    let text = output(&repository(), &["submissions", "list", "--spool", spool.to_str().unwrap()]);
    let text = text.replace(&reference(1), REFERENCE);
    let text = replace_between(&text, &format!("{REFERENCE}  "), "  ", "2026-11-24T13:35:52Z");
    assert_generated("submissions.md", "list", &block("text", &text));
}

#[tokio::test]
async fn the_guide_shows_the_first_line_and_the_readiness_of_a_proxy() {
    let text = format!("\nlistening on http://{}/\n", Config::default().listen);
    assert!(page("run.md").contains(&text), "{text}");
    let world = World::start().await;
    let text = world.get("/readyz").send().await.unwrap().text().await.unwrap();
    assert_generated("run.md", "ready", &block("text", &text));
}

#[tokio::test]
async fn the_guide_shows_the_log_of_a_submission() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "info");
    assert_eq!(process.submit("callback", draft(&reference(1))).await.0, 200);
    process.terminate();
    let log = process.wait().1;
    let mut text = String::new();
    for (what, ms) in
        [(": received ", "0"), (": admitted ", ""), (": delivered ", "13"), (": responded ", "23")]
    {
        let line = log.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{log}"));
        let (_, line) = line.split_at(line.find("INFO").unwrap());
        text += &replace_between(&format!("{line}\n"), " ms=", "\n", ms);
    }
    let text = replace_between(&text, "request{id=\"", "\"", "60cfe3df3d538b6f");
    let text = replace_between(&text, "reference=\"", "\"", "web-c8ec175d");
    assert_generated("watch.md", "log", &block("text", &text));
}

#[tokio::test]
async fn the_guide_shows_the_output_of_the_doctor() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let world = doctor::world(&[&origin]).await;
    let proxy = world.url("");
    let html = doctor::html(&proxy, "quote");
    let policy = format!("script-src {proxy}; connect-src {proxy}; form-action 'self'");
    let handler = move || async move { ([("content-security-policy", policy)], Html(html)) };
    let router = Router::new().route("/landing", get(handler));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let settings = config(world.folder.path(), &world.sandbox.api_url());
    let report = examine(&format!("{origin}/landing"), Some(&settings)).await.unwrap();
    let text = report.to_string().replace(&origin, "https://www.example.com");
    let text = text.replace(&proxy, LEADS).replace(&world.sandbox.api_url(), "CRM");
    assert_generated("troubleshooting.md", "doctor", &block("text", &text));
}
