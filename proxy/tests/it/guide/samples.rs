//! What the guide shows of the programs' output is what they print. Names, numbers and times that differ
//! from run to run are written as one reads them at work.

use std::path::Path;
use std::process::Command;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use deal_proxy::{Config, examine};
use guide::{assert_generated, page};
use tokio::net::TcpListener;

use crate::support::{Process, World, client, config, draft, reference};

/// The reference of the samples.
const REFERENCE: &str = "web-c8ec175d14020d777d4f1afd3387e39d";
/// The proxy of the samples.
const LEADS: &str = "https://leads.example.com";

/// What the program prints in a folder.
fn prints(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deal-proxy"));
    let output = command.current_dir(folder).args(args).output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// The repository, where the guide's reader is.
fn repository() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn block(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```", text.trim_end())
}

/// The text with another value in the place of what stands between two others, wherever it does.
fn with(text: &str, begin: &str, end: &str, value: &str) -> String {
    let mut pieces = text.split(begin);
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| {
        let at = piece.find(end).unwrap_or(piece.len());
        text + begin + value + piece.split_at(at).1
    })
}

#[test]
fn a_check_is_shown_as_it_is_printed() {
    let said = prints(&repository(), &["check", "examples/forms/quote.toml"]);
    assert_generated("try.md", "check", &block("text", &said));

    let folder = tempfile::tempdir().unwrap();
    let form = "title = \"Call me back\"\n[[feild]]\n[[field]]\n\
                parameter = \"contact_phone\"\nlabel = \"Phone\"\n";
    std::fs::write(folder.path().join("bad.toml"), form).unwrap();
    let said = prints(folder.path(), &["check", "bad.toml"]);
    assert_generated("try.md", "mistake", &block("text", &said));
}

#[test]
fn a_snippet_is_shown_as_it_is_printed() {
    let args = ["snippet", "callback.toml", "--proxy", LEADS];
    let said = prints(&repository().join("examples/forms"), &args);
    assert_generated("embed.md", "snippet", &block("html", &said));
    let asked = format!("deal-proxy {}", args.join(" "));
    assert!(page("embed.md").contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_list_of_submissions_is_shown_as_it_is_printed() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    let spool = world.folder.path().join("spool");
    let said = prints(&repository(), &["submissions", "list", "--spool", spool.to_str().unwrap()]);
    let said = said.replace(&reference(1), REFERENCE);
    let said = with(&said, &format!("{REFERENCE}  "), "  ", "2026-11-24T13:35:52Z");
    assert_generated("submissions.md", "list", &block("text", &said));
}

#[tokio::test]
async fn what_a_started_proxy_says_is_shown_as_it_is() {
    let said = format!("\nlistening on http://{}/\n", Config::default().listen);
    assert!(page("run.md").contains(&said), "{said}");
    let world = World::start().await;
    let said = world.get("/readyz").send().await.unwrap().text().await.unwrap();
    assert_generated("run.md", "ready", &block("text", &said));
}

#[tokio::test]
async fn a_log_is_shown_as_it_is_written() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "info");
    let (content_type, body) = draft(&reference(1)).finish();
    let post = client().post(format!("http://{}/forms/callback", process.addr));
    let post = post.header("content-type", content_type).header("accept", "application/json");
    assert_eq!(post.body(body).send().await.unwrap().status(), 200);
    process.terminate();
    let log = process.wait().1;
    let mut said = String::new();
    for (what, ms) in [(": received ", "0"), (": delivered ", "13"), (": answered ", "23")] {
        let line = log.lines().find(|line| line.contains(what)).unwrap_or_else(|| panic!("{log}"));
        let (_, line) = line.split_at(line.find("INFO").unwrap());
        said += &with(&format!("{line}\n"), " ms=", "\n", ms);
    }
    let said = with(&said, "request{id=\"", "\"", "60cfe3df3d538b6f");
    let said = with(&said, "delivery{reference=\"", "\"", "web-c8ec175d");
    assert_generated("watch.md", "log", &block("text", &said));
}

#[tokio::test]
async fn what_the_doctor_finds_is_shown_as_it_is_printed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let allowed = vec![origin.clone().try_into().unwrap()];
    let world = World::with(|config| config.allowed_origins = allowed).await;
    let site = world.folder.path().join("site");
    std::fs::create_dir(&site).unwrap();
    for file in ["deal-form.js", "deal-form-widget.js", "deal-form-widget_bg.wasm"] {
        std::fs::write(site.join(file), "x").unwrap();
    }
    let proxy = world.url("");
    let html = format!(
        "<!doctype html><title>L</title><script type=module src=\"{proxy}/deal-form.js\"></script>\
         <deal-form src=\"{proxy}/forms/quote\"><form method=post action=\"{proxy}/forms/quote\">\
         </form></deal-form>"
    );
    let policy = format!("script-src {proxy}; connect-src {proxy}; form-action 'self'");
    let answer = move || async move { ([("content-security-policy", policy)], Html(html)) };
    let router = Router::new().route("/landing", get(answer));
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });

    let settings = config(world.folder.path(), &world.sandbox.api_url());
    let report = examine(&format!("{origin}/landing"), Some(&settings)).await.unwrap();
    let said = report.to_string().replace(&origin, "https://www.example.com");
    let said = said.replace(&proxy, LEADS).replace(&world.sandbox.api_url(), "CRM");
    assert_generated("troubleshooting.md", "doctor", &block("text", &said));
}
