//! Captchas, which an external service verifies.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::bot_checks::{DRAFT, REFERENCES, form, name};
use crate::support::raw::{Raw, post_head};
use crate::support::{Process, World, assert_refused, deal_proxy, read_json, wait_until};

/// The captcha's secret. The test's other texts do not contain it, so the log can be searched for it.
pub(crate) const SECRET: &str = "captcha-secret-51";

/// Starts a service that accepts the answer `person` once if the secret is correct. Returns its URL and its
/// requests.
pub(crate) async fn service() -> (String, Arc<Mutex<Vec<HashMap<String, String>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::<HashMap<String, String>>::new()));
    let log = Arc::clone(&requests);
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
                let mut log = log.lock().unwrap();
                let success = pairs["response"] == "person" && !log.contains(&pairs);
                log.push(pairs);
                success
            };
            let is_known = secret == SECRET;
            let errors = if is_known { json!([]) } else { json!(["invalid-input-secret"]) };
            let json = json!({"success": success && is_known, "error-codes": errors}).to_string();
            let length = json.len();
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            stream.write_all((head + &json).as_bytes()).await.unwrap();
        }
    });
    (url, requests)
}

/// Starts a proxy with a form that requires a captcha from the service at the URL.
fn start(world: &World, url: &str, secret: &str) -> (Process, tempfile::TempDir) {
    start_with(world, url, secret, "")
}

/// Does the same as [`start`], with more settings for the captcha.
fn start_with(world: &World, url: &str, secret: &str, more: &str) -> (Process, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("captcha")).unwrap();
    let config = folder.path().join("proxy.toml");
    let script = "https://captcha.example/api.js";
    let text =
        format!("[captcha]\nverify_url = '{url}'\nsite_key = 'site'\nscript = '{script}'\n{more}");
    std::fs::write(&config, text).unwrap();
    let process = Process::configured(folder.path(), &world.sandbox.api_url(), |command| {
        command.arg("--forms").arg(&forms).arg("--config").arg(&config);
        command.env("CAPTCHA_SECRET", secret);
    });
    (process, folder)
}

#[tokio::test]
async fn verifies_a_captcha_once_for_each_draft() {
    let world = World::start().await;
    let (url, requests) = service().await;
    let (process, _folder) = start(&world, &url, SECRET);
    let proof = read_json(process.get("/forms/own/token").send().await.unwrap()).await.1;
    let site = json!({"site_key": "site", "script": "https://captcha.example/api.js"});
    assert_eq!(proof, json!({"captcha": site}));

    assert_refused(&process.submit("own", name()).await, 403, "not_proven");
    let robot = name().text("df-captcha", "robot");
    assert_refused(&process.submit("own", robot).await, 403, "not_proven");
    // Turnstile's own script adds its answer under this name.
    let person = |draft| name().text("cf-turnstile-response", "person").text(DRAFT, draft);
    assert_eq!(process.submit("own", person(REFERENCES[0])).await.0, 200);
    assert_eq!(process.submit("own", person(REFERENCES[0])).await.0, 200);
    assert_refused(&process.submit("own", person(REFERENCES[1])).await, 403, "not_proven");
    let requests = requests.lock().unwrap().clone();
    assert_eq!(requests.len(), 2, "{requests:?}");
    assert_eq!(requests[1]["secret"], SECRET);
    assert_eq!(requests[1].len(), 2, "the proxy sends more than it has to: {requests:?}");

    // The proxy's page may load only the captcha's script from another origin.
    let page = process.get("/forms/own").header("accept", "text/html").send().await.unwrap();
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

/// Starts a service that gives every request the same response.
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
async fn accepts_a_submission_if_the_captcha_service_fails_but_not_if_it_rejects_the_request() {
    let world = World::start().await;
    for (status, body, expected) in [
        ("429 Too Many Requests", "<h1>Slow down</h1>", 403),
        ("400 Bad Request", "", 403),
        // Visitors cannot cause these failures.
        ("404 Not Found", "<h1>Not here</h1>", 200),
        ("500 Internal Server Error", "<h1>Sorry</h1>", 200),
        ("200 OK", "<h1>Maintenance</h1>", 200),
    ] {
        let url = always(status, body).await;
        let (process, _folder) = start(&world, &url, SECRET);
        let response = process.submit("own", name().text("df-captcha", "person")).await;
        assert_eq!(response.0, expected, "{status}: {}", response.1);
    }
}

#[tokio::test]
async fn accepts_captchas_from_any_site_unless_hostnames_are_configured() {
    let world = World::start().await;
    let url = always("200 OK", r#"{"success": true, "hostname": "WWW.example.com"}"#).await;
    for (hostnames, expected) in [
        ("", 200),
        ("hostnames = ['www.example.com']\n", 200),
        ("hostnames = ['www.example.org']\n", 403),
    ] {
        let (process, _folder) = start_with(&world, &url, SECRET, hostnames);
        let response = process.submit("own", name().text("df-captcha", "person")).await;
        assert_eq!(response.0, expected, "{hostnames}: {}", response.1);
    }
}

#[tokio::test]
async fn delivers_a_submission_whose_visitor_leaves_during_captcha_verification() {
    let world = World::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", listener.local_addr().unwrap());
    let (process, _folder) = start(&world, &url, SECRET);
    let (_, body) = name().text("df-captcha", "person").finish();
    let head = post_head("own", &format!("Content-Length: {}", body.len()));
    let mut visitor = Raw::connect(process.addr).await;
    visitor.send([head.as_bytes(), &body].concat()).await;
    let (mut service, _) = listener.accept().await.unwrap();
    service.read_buf(&mut Vec::new()).await.unwrap();
    drop(visitor);
    wait_until("only the request for the metrics is connected", async || {
        let metrics = process.get("/metrics").send().await.unwrap().text().await.unwrap();
        metrics.contains("deal_proxy_connections 1\n")
    })
    .await;
    let verdict = r#"{"success":true}"#;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", verdict.len());
    service.write_all((head + verdict).as_bytes()).await.unwrap();
    world.wait_for_call().await;
}

#[tokio::test]
async fn accepts_a_submission_if_the_captcha_service_is_unreachable() {
    let world = World::start().await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/siteverify", closed.local_addr().unwrap());
    drop(closed);
    let (process, _folder) = start(&world, &url, SECRET);
    assert_eq!(process.submit("own", name().text("df-captcha", "person")).await.0, 200);
    process.terminate();
    assert!(process.wait().1.contains("the captcha's service is not available"));
}

#[tokio::test]
async fn accepts_a_submission_if_the_captcha_service_rejects_the_secret() {
    let world = World::start().await;
    let (url, _) = service().await;
    let (process, _folder) = start(&world, &url, "wrong");
    assert_eq!(process.submit("own", name().text("df-captcha", "person")).await.0, 200);
    process.terminate();
    let (_, log) = process.wait();
    assert!(log.contains("refused the secret in CAPTCHA_SECRET"), "{log}");
}

#[test]
fn refuses_to_start_without_the_captcha_settings_that_a_form_needs() {
    let folder = tempfile::tempdir().unwrap();
    let forms = folder.path().join("forms");
    std::fs::create_dir(&forms).unwrap();
    std::fs::write(forms.join("own.toml"), form("captcha")).unwrap();
    let config = folder.path().join("proxy.toml");
    let start = |settings: &str, secret: Option<&str>| {
        std::fs::write(&config, settings).unwrap();
        let mut command = deal_proxy();
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
    assert!(start("", None).contains("the form `own` requires a captcha"));
    let service = "[captcha]\nverify_url = 'https://captcha.example/'";
    assert!(start(service, None).contains("set the environment variable CAPTCHA_SECRET"));
    assert!(start("", Some("short")).contains("DEAL_PROXY_SECRET is too short"));
}
