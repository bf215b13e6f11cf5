//! The log: what an operator finds in it.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Process, World, draft, example_forms, quote, reference};

/// Stops the proxy, and returns its log.
fn log(process: Process) -> String {
    process.terminate();
    process.wait().1
}

/// Returns the only line that contains the text.
#[track_caller]
fn line<'a>(log: &'a str, text: &str) -> &'a str {
    let lines: Vec<&str> = log.lines().filter(|line| line.contains(text)).collect();
    let [line] = lines[..] else { panic!("not one line with {text} in:\n{log}") };
    line
}

#[tokio::test]
async fn one_log_line_links_the_request_the_reference_and_the_form() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "info");
    let response = process.post("callback", draft(&reference(1))).send().await.unwrap();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let log = log(process);
    let line = line(&log, " admitted ");
    for part in [
        format!("request{{id=\"{id}\"}}"),
        "form=\"callback\" reference=\"web-01010101\" admission=\"queued\"".to_owned(),
    ] {
        assert!(line.contains(&part), "{part} in {line}");
    }
}

#[tokio::test]
async fn writes_json_if_the_log_format_is_json() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let settings = folder.path().join("proxy.toml");
    fs::write(&settings, "limits.disk_floor = 0\n[log]\nformat = \"json\"\n").unwrap();
    let process = Process::configured(folder.path(), &world.sandbox.api_url(), |command| {
        command.arg("--config").arg(&settings).arg("--forms").arg(example_forms());
    });
    let response = process.post("callback", draft(&reference(1))).send().await.unwrap();
    let id = response.headers()["x-request-id"].to_str().unwrap().to_owned();
    let log = log(process);
    let lines: Vec<Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let admitted = lines.iter().find(|line| line["message"] == "admitted").unwrap();
    assert_eq!(admitted["level"], "INFO");
    assert_eq!(admitted["span"], json!({"name": "request", "id": id}));
    assert_eq!(
        (&admitted["form"], &admitted["reference"]),
        (&json!("callback"), &json!("web-01010101"))
    );
}

#[tokio::test]
async fn logs_the_origin_and_the_form_if_a_page_is_not_allowed() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "info");
    let response = process
        .post("callback", draft(&reference(1)))
        .header("origin", "https://www.example.com")
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 403);
    let log = log(process);
    let line = line(&log, "the page's origin is not in allowed_origins");
    assert!(line.contains("form=\"callback\" origin=\"https://www.example.com\""), "{line}");
}

#[tokio::test]
async fn logs_each_file_at_debug_without_its_name() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "deal_proxy=debug");
    let body = quote().file("private.pdf", "application/pdf", b"%PDF-a");
    assert_eq!(process.submit("quote", body).await.0, 200);
    let log = log(process);
    let line = line(&log, "received a file");
    assert!(line.contains("DEBUG") && line.contains("form=\"quote\" bytes=6"), "{line}");
    assert!(!log.contains("private"), "{log}");
}

#[tokio::test]
async fn logs_whether_the_proxy_retries() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::start(folder.path(), &world.sandbox.api_url(), "info");
    world.set_faults(json!({"kind": "refuse", "error_message": "Wrong stage"})).await;
    assert_eq!(process.submit("callback", draft(&reference(1))).await.0, 422);
    world.set_faults(json!({"kind": "status", "code": 503, "retry_after": 3600})).await;
    assert_eq!(process.submit("callback", draft(&reference(2))).await.0, 202);
    let log = log(process);
    let refused = line(&log, "the CRM refused the deal");
    assert!(refused.contains("the proxy does not retry"), "{refused}");
    let failed = line(&log, "the CRM responded with status 503");
    assert!(failed.contains("not delivered; the proxy will retry"), "{failed}");
}

/// The log, the lists and the guide use the same words.
#[tokio::test]
async fn names_a_wrong_key_in_the_log_the_lists_and_the_guide() {
    const WORDS: &str = "the API key is wrong: the CRM refused the deal because of it";
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = Process::configured(folder.path(), &world.sandbox.api_url(), |command| {
        command.arg("--forms").arg(example_forms()).env("CRM_API_KEY", "wrong-key");
    });
    assert_eq!(process.submit("callback", draft(&reference(1))).await.0, 202);
    let spool = folder.path().join("spool");
    for command in [&["list"][..], &["show", &reference(1)]] {
        let mut program = crate::support::deal_proxy();
        program.arg("submissions").args(command).arg("--spool").arg(&spool);
        let output = String::from_utf8(program.output().unwrap().stdout).unwrap();
        assert!(output.contains(WORDS), "{output}");
    }
    let log = log(process);
    assert!(line(&log, WORDS).contains("not delivered; the proxy will retry"), "{log}");
    assert!(guide::page("troubleshooting.md").contains(&format!("`{WORDS}`")));
}
