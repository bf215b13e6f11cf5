//! Answers of captchas, which a service verifies.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::person::{DRAFT, REFERENCES, assert_suspected, form, name, send};
use crate::support::raw::Raw;
use crate::support::{PATIENCE, Process, World, answer, client};

/// The captcha's secret; a word that occurs nowhere else.
const SECRET: &str = "captcha-secret-51";

/// A service that takes the answer `person`, once, if it is asked with the right secret; and what it
/// was asked.
async fn service() -> (String, Arc<Mutex<Vec<HashMap<String, String>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::<HashMap<String, String>>::new()));
    let known = Arc::clone(&asked);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            let body = loop {
                stream.read_buf(&mut request).await.unwrap();
                let text = String::from_utf8(request.clone()).unwrap();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                if body.len() >= length.unwrap().parse().unwrap() {
                    break body.to_owned();
                }
            };
            let pairs: HashMap<String, String> =
                form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            let secret = pairs["secret"].clone();
            let success = {
                let mut asked = known.lock().unwrap();
                let success = pairs["response"] == "person" && !asked.contains(&pairs);
                asked.push(pairs);
                success
            };
            let known = secret == SECRET;
            let errors = if known { json!([]) } else { json!(["invalid-input-secret"]) };
            let json = json!({"success": success && known, "error-codes": errors}).to_string();
            let length = json.len();
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.write_all((head + &json).as_bytes()).await.unwrap();
        }
    });
    (url, asked)
}

/// A proxy with that service, and a form that wants its captcha.
fn guarded(world: &World, url: &str, secret: &str) -> (Process, tempfile::TempDir) {
    guarded_by(world, url, secret, "")
}

/// The same, with more settings of the captcha.
fn guarded_by(world: &World, url: &str, secret: &str, more: &str) -> (Process, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("captcha")).unwrap();
    let config = folder.path().join("proxy.toml");
    let script = "https://captcha.example/api.js";
    let text =
        format!("[captcha]\nverify_url = '{url}'\nsite_key = 'site'\nscript = '{script}'\n{more}");
    std::fs::write(&config, text).unwrap();
    let process = Process::shaped(folder.path(), &world.sandbox.api_url(), |command| {
        command.arg("--forms").arg(&forms).arg("--config").arg(&config);
        command.env("CAPTCHA_SECRET", secret);
    });
    (process, folder)
}

#[tokio::test]
async fn a_captcha_s_answer_is_verified_once_for_each_draft() {
    let world = World::start().await;
    let (url, asked) = service().await;
    let (process, _folder) = guarded(&world, &url, SECRET);
    let get = |path: &str| client().get(format!("http://{}{path}", process.addr));
    let ticket = answer(get("/forms/own/token").send().await.unwrap()).await.1;
    let site = json!({"site_key": "site", "script": "https://captcha.example/api.js"});
    assert_eq!(ticket, json!({"captcha": site}));

    assert_suspected(&send(&process, name()).await, "not_proven");
    let robot = name().text("df-captcha", "robot");
    assert_suspected(&send(&process, robot).await, "not_proven");
    // Under the name by which Turnstile itself puts it in a form.
    let person = |draft| name().text("cf-turnstile-response", "person").text(DRAFT, draft);
    assert_eq!(send(&process, person(REFERENCES[0])).await.0, 200);
    assert_eq!(send(&process, person(REFERENCES[0])).await.0, 200);
    assert_suspected(&send(&process, person(REFERENCES[1])).await, "not_proven");
    let asked = asked.lock().unwrap().clone();
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert_eq!(asked[1]["secret"], SECRET);
    assert_eq!(asked[1].len(), 2, "more is told than is asked for: {asked:?}");

    // Our own page may load the captcha's script, and nothing else of strangers.
    let page = get("/forms/own").header("accept", "text/html").send().await.unwrap();
    let policy = page.headers()["content-security-policy"].to_str().unwrap();
    for part in [
        "script-src 'self' 'wasm-unsafe-eval' https://captcha.example;",
        "frame-src https://captcha.example;",
        "connect-src 'self' https://captcha.example;",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    process.terminate();
    let (_, log) = process.wait();
    assert!(!log.contains(SECRET), "{log}");
}

/// A service that always answers the same.
async fn always(status: &'static str, body: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !String::from_utf8_lossy(&request).contains("response=") {
                stream.read_buf(&mut request).await.unwrap();
            }
            let length = body.len();
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            stream.write_all((head + body).as_bytes()).await.unwrap();
        }
    });
    url
}

#[tokio::test]
async fn who_floods_the_captcha_s_service_is_not_let_in_by_that() {
    let world = World::start().await;
    for (status, body, expected) in [
        ("429 Too Many Requests", "<h1>Slow down</h1>", 403),
        ("400 Bad Request", "", 403),
        // Nobody but us can put that right.
        ("404 Not Found", "<h1>Not here</h1>", 200),
        ("500 Internal Server Error", "<h1>Sorry</h1>", 200),
        ("200 OK", "<h1>Maintenance</h1>", 200),
    ] {
        let url = always(status, body).await;
        let (process, _folder) = guarded(&world, &url, SECRET);
        let sent = send(&process, name().text("df-captcha", "person")).await;
        assert_eq!(sent.0, expected, "{status}: {}", sent.1);
    }
}

#[tokio::test]
async fn an_answer_from_another_site_s_page_counts_where_no_site_is_named() {
    let world = World::start().await;
    let url = always("200 OK", r#"{"success": true, "hostname": "WWW.example.com"}"#).await;
    for (hostnames, expected) in [
        ("", 200),
        ("hostnames = ['www.example.com']\n", 200),
        ("hostnames = ['www.example.org']\n", 403),
    ] {
        let (process, _folder) = guarded_by(&world, &url, SECRET, hostnames);
        let sent = send(&process, name().text("df-captcha", "person")).await;
        assert_eq!(sent.0, expected, "{hostnames}: {}", sent.1);
    }
}

#[tokio::test]
async fn a_visitor_who_leaves_while_the_captcha_is_verified_has_sent_it() {
    let world = World::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    let (process, _folder) = guarded(&world, &url, SECRET);
    let (content_type, body) = name().text("df-captcha", "person").finish();
    let head = format!(
        "POST /forms/own HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    let mut visitor = Raw::connect(process.addr).await;
    visitor.send([head.as_bytes(), &body].concat()).await;
    let (mut service, _) = listener.accept().await.unwrap();
    service.read_buf(&mut Vec::new()).await.unwrap();
    drop(visitor);
    // The proxy has seen that nobody is there any more but whoever asks this.
    let end = Instant::now() + PATIENCE;
    let metrics = format!("http://{}/metrics", process.addr);
    loop {
        let told = client().get(&metrics).send().await.unwrap().text().await.unwrap();
        if told.contains("deal_proxy_connections 1\n") {
            break;
        }
        assert!(Instant::now() < end, "{told}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let verdict = r#"{"success":true}"#;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", verdict.len());
    service.write_all((head + verdict).as_bytes()).await.unwrap();
    world.is_called().await;
}

#[tokio::test]
async fn a_captcha_s_service_that_is_away_costs_no_lead() {
    let world = World::start().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", closed.local_addr().unwrap());
    drop(closed);
    let (process, _folder) = guarded(&world, &url, SECRET);
    assert_eq!(send(&process, name().text("df-captcha", "person")).await.0, 200);
    process.terminate();
    assert!(process.wait().1.contains("the captcha's service does not answer"));
}

#[tokio::test]
async fn a_secret_that_the_service_does_not_take_costs_no_lead() {
    let world = World::start().await;
    let (url, _) = service().await;
    let (process, _folder) = guarded(&world, &url, "wrong");
    assert_eq!(send(&process, name().text("df-captcha", "person")).await.0, 200);
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("does not take the secret of CAPTCHA_SECRET"), "{log}");
}

#[test]
fn what_is_not_set_up_is_said_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("captcha")).unwrap();
    let config = folder.path().join("proxy.toml");
    let start = |settings: &str, secret: Option<&str>| {
        std::fs::write(&config, settings).unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_deal-proxy"));
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        command.arg("--forms").arg(&forms).arg("--config").arg(&config);
        command.arg("--spool").arg(folder.path().join("spool")).env("CRM_API_KEY", "k");
        if let Some(secret) = secret {
            command.env("DEAL_PROXY_SECRET", secret);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(start("", None).contains("the form `own` wants a captcha"));
    let service = "[captcha]\nverify_url = 'https://captcha.example/'";
    assert!(start(service, None).contains("set the environment variable CAPTCHA_SECRET"));
    assert!(start("", Some("short")).contains("DEAL_PROXY_SECRET is too short"));
}
