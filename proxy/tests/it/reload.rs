//! Settings and forms that change while the proxy runs.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::raw::{Raw, status};
use crate::support::{PATIENCE, Process, World, client};

fn form(title: &str) -> String {
    format!("title = '{title}'\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n")
}

/// A proxy with one form, and its settings in a file.
fn start(world: &World, folder: &Path) -> Process {
    fs::create_dir(folder.join("forms")).unwrap();
    fs::write(folder.join("forms/own.toml"), form("One")).unwrap();
    fs::write(folder.join("proxy.toml"), "").unwrap();
    Process::shaped(folder, &world.sandbox.api_url(), |command| {
        command.arg("--forms").arg(folder.join("forms"));
        command.arg("--config").arg(folder.join("proxy.toml"));
    })
}

async fn title(process: &Process, form: &str) -> Option<String> {
    let url = format!("http://{}/forms/{form}", process.addr);
    let json: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    json["title"].as_str().map(str::to_owned)
}

async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let end = Instant::now() + PATIENCE;
    while !holds().await {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn reloads(process: &Process, result: &str) -> u32 {
    let url = format!("http://{}/metrics", process.addr);
    let text = client().get(url).send().await.unwrap().text().await.unwrap();
    let name = format!("deal_proxy_reloads_total{{result=\"{result}\"}} ");
    text.lines()
        .find_map(|line| line.strip_prefix(&*name))
        .map_or(0, |count| count.parse().unwrap())
}

#[tokio::test]
async fn forms_and_settings_are_read_anew_without_a_lost_connection() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(&world, folder.path());
    let mut open = Raw::connect(process.addr).await;
    let preflight = "OPTIONS /forms/own HTTP/1.1\r\nHost: x\r\nOrigin: https://www.example.com\r\nAccess-Control-Request-Method: POST\r\n\r\n";
    open.send(preflight).await;
    assert_eq!(status(&open.answer().await.0), 403);

    fs::write(folder.path().join("forms/own.toml"), form("Two")).unwrap();
    fs::write(folder.path().join("forms/more.toml"), form("More")).unwrap();
    let settings = "allowed_origins = ['https://www.example.com']";
    fs::write(folder.path().join("proxy.toml"), settings).unwrap();
    process.hang_up();
    until("read anew", async || reloads(&process, "taken").await == 1).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("Two"));
    assert_eq!(title(&process, "more").await.as_deref(), Some("More"));
    // On the connection that was open before.
    open.send(preflight).await;
    assert_eq!(status(&open.answer().await.0), 204);
}

#[tokio::test]
async fn a_mistake_changes_nothing_and_is_told_with_its_line() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(&world, folder.path());
    // A good form beside a bad one: neither is taken.
    fs::write(folder.path().join("forms/own.toml"), form("Two")).unwrap();
    fs::write(folder.path().join("forms/bad.toml"), "titel = 'Bad'").unwrap();
    process.hang_up();
    until("the forms were refused", async || reloads(&process, "refused").await == 1).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("One"));

    fs::remove_file(folder.path().join("forms/bad.toml")).unwrap();
    fs::write(folder.path().join("proxy.toml"), "[limits]\nparts = 'many'").unwrap();
    process.hang_up();
    until("the settings were refused", async || reloads(&process, "refused").await == 2).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("One"));

    // What needs a start is named, and the rest is taken.
    fs::write(folder.path().join("proxy.toml"), "[timeouts]\ncrm_connect = '1 s'").unwrap();
    process.hang_up();
    until("read anew", async || reloads(&process, "taken").await == 1).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("Two"));
    process.terminate();
    let (code, log) = process.wait();
    assert_eq!(code, Some(0));
    assert!(log.contains("bad.toml:1:1: "), "{log}");
    assert!(log.contains("TOML parse error at line 2"), "{log}");
    assert!(log.contains("timeouts.crm_connect"), "{log}");
}
