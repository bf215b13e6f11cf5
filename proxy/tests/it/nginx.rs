//! `deploy/nginx.conf` in a real nginx in front of a proxy, without TLS.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use reqwest::header::{HOST, ORIGIN};
use serde_json::json;

use crate::support::{ExternalServer, World, quote, read_json, reference, skip};

/// The shipped configuration with the addresses of the test, inside the main configuration that nginx
/// needs.
fn settings(folder: &Path, address: SocketAddr, proxy: SocketAddr) -> String {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx.conf");
    let shipped = fs::read_to_string(shipped).unwrap();
    for line in ["listen 443 ssl;", "proxy_pass http://127.0.0.1:8070;"] {
        assert!(shipped.contains(line), "{line}");
    }
    let tls_words = ["listen [::]", "http2 ", "ssl_"];
    let server: Vec<_> = shipped
        .lines()
        .filter(|line| !tls_words.iter().any(|word| line.trim_start().starts_with(word)))
        .collect();
    let server = server
        .join("\n")
        .replace("listen 443 ssl;", &format!("listen {address};"))
        .replace("http://127.0.0.1:8070", &format!("http://{proxy}"));
    let folder = folder.display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = kinds.map(|kind| format!("{kind}_temp_path {folder}/{kind};")).join("\n");
    format!(
        "daemon off; master_process off; pid {folder}/pid; events {{}}\n\
         http {{ access_log off; {folders}\n{server}\n}}"
    )
}

#[tokio::test]
async fn forwards_submissions_and_hides_other_addresses_with_the_shipped_nginx_configuration() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let nginx = ExternalServer::start(|address| {
        let file = folder.path().join("nginx.conf");
        fs::write(&file, settings(folder.path(), address, world.proxy.addr)).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-c").arg(file).arg("-e").arg(folder.path().join("errors"));
        command
    });
    let Some(nginx) = nginx.await else {
        return skip("deploy/nginx.conf in nginx: nginx is not on the PATH");
    };
    let url = |path: &str| format!("http://{}{path}", nginx.address);
    let site = world.folder.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::write(site.join("index.html"), "<!doctype html><title>Showcase</title>").unwrap();
    for (path, expected) in [
        ("/forms/quote", 200),
        ("/healthz", 200),
        ("/", 404),
        ("/index.html", 404),
        ("/metrics", 404),
        ("/readyz", 404),
    ] {
        let response = world.client.get(url(path)).send().await.unwrap();
        assert_eq!(response.status(), expected, "{path}");
    }
    // A submission of the proxy's own page, with forged forwarding headers that nginx must not pass on.
    let post = |reference: String, origin: &'static str| {
        let body = quote().text("external_reference_id", &reference);
        let (content_type, body) = body.file("a.pdf", "application/pdf", b"%PDF-a").finish();
        world
            .client
            .post(url("/forms/quote"))
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
        read_json(post(reference(1), "http://leads.example.com").await.unwrap()).await;
    assert_eq!((status, &deal["deal_id"]), (200, &json!("1")), "{deal}");
    let (status, _) = read_json(post(reference(2), "http://evil.example").await.unwrap()).await;
    assert_eq!(status, 403);
    assert_eq!(world.deals().await.len(), 1);
}
