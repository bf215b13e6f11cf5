//! `deploy/nginx.conf` in a real nginx before a real proxy; without TLS, whose key is the operator's.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use reqwest::header::{HOST, ORIGIN};
use serde_json::json;
use tempfile::TempDir;

use crate::support::{World, answer, eventually, quote, reference, skip};

/// Ended when dropped.
struct Nginx {
    process: Child,
    folder: TempDir,
    address: String,
}

impl Nginx {
    /// None where there is no nginx.
    async fn before(world: &World) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let settings = settings(&folder, &address, &world.proxy.addr.to_string());
        fs::write(folder.path().join("nginx.conf"), settings).unwrap();
        let process = command(&folder).stderr(Stdio::null()).spawn().ok()?;
        let nginx = Self { process, folder, address };
        eventually("nginx listens", || TcpStream::connect(&nginx.address).is_ok()).await;
        Some(nginx)
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Killed, it would leave its workers behind.
        let _ = command(&self.folder).args(["-s", "stop"]).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new("nginx");
    command.arg("-c").arg(folder.path().join("nginx.conf"));
    command.arg("-e").arg(folder.path().join("errors"));
    command
}

/// What is shipped, with the test's address and the proxy's, in the frame that an installation gives it.
fn settings(folder: &TempDir, address: &str, proxy: &str) -> String {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx.conf");
    let shipped = fs::read_to_string(shipped).unwrap();
    for belongs in ["listen 443 ssl;", "proxy_pass http://127.0.0.1:8070;"] {
        assert!(shipped.contains(belongs), "{belongs}");
    }
    let of_tls = ["listen [::]", "http2 ", "ssl_"];
    let server: Vec<_> = shipped
        .lines()
        .filter(|line| !of_tls.iter().any(|word| line.trim_start().starts_with(word)))
        .collect();
    let server = server
        .join("\n")
        .replace("listen 443 ssl;", &format!("listen {address};"))
        .replace("http://127.0.0.1:8070", &format!("http://{proxy}"));
    let folder = folder.path().display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = kinds.map(|kind| format!("{kind}_temp_path {folder}/{kind};")).join("\n");
    format!(
        "daemon off; pid {folder}/pid; events {{}}\nhttp {{ access_log off; {folders}\n{server}\n}}"
    )
}

#[tokio::test]
async fn a_lead_comes_through_the_nginx_that_is_shipped_and_strangers_see_no_more_than_forms() {
    let world = World::start().await;
    let Some(nginx) = Nginx::before(&world).await else {
        return skip("deploy/nginx.conf in nginx: there is no nginx on the PATH");
    };
    for (path, expected) in
        [("/forms/quote", 200), ("/healthz", 200), ("/", 404), ("/metrics", 404), ("/readyz", 404)]
    {
        let got = world.client.get(nginx.url(path)).send().await.unwrap();
        assert_eq!(got.status(), expected, "{path}");
    }
    // As a browser sends the proxy's own page; what a visitor says of other hosts is not believed.
    let post = |reference: String, origin: &'static str| {
        let body = quote().text("external_reference_id", &reference);
        let (content_type, body) = body.file("a.pdf", "application/pdf", b"%PDF-a").finish();
        world
            .client
            .post(nginx.url("/forms/quote"))
            .header("accept", "application/json")
            .header("content-type", content_type)
            .header(HOST, "leads.example.com")
            .header(ORIGIN, origin)
            .header("x-forwarded-host", "evil.example")
            .header("forwarded", "host=evil.example")
            .body(body)
            .send()
    };
    let (status, deal) =
        answer(post(reference(1), "http://leads.example.com").await.unwrap()).await;
    assert_eq!((status, &deal["deal_id"]), (200, &json!("1")), "{deal}");
    let (status, _) = answer(post(reference(2), "http://evil.example").await.unwrap()).await;
    assert_eq!(status, 403);
    assert_eq!(world.deals().await.len(), 1);
}
