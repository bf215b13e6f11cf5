//! `deploy/nginx.conf` in a real nginx before a real proxy; without TLS, whose key is the operator's.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use reqwest::header::{HOST, ORIGIN};
use serde_json::json;

use crate::support::{Neighbour, World, answer, quote, reference, skip};

/// What is shipped, with the test's address and the proxy's, in the frame that an installation gives it.
fn settings(folder: &Path, address: SocketAddr, proxy: SocketAddr) -> String {
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
    let folder = folder.display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = kinds.map(|kind| format!("{kind}_temp_path {folder}/{kind};")).join("\n");
    format!(
        "daemon off; master_process off; pid {folder}/pid; events {{}}\n\
         http {{ access_log off; {folders}\n{server}\n}}"
    )
}

#[tokio::test]
async fn a_lead_comes_through_the_nginx_that_is_shipped_and_strangers_see_no_more_than_forms() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let nginx = Neighbour::start(|address| {
        let file = folder.path().join("nginx.conf");
        fs::write(&file, settings(folder.path(), address, world.proxy.addr)).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-c").arg(file).arg("-e").arg(folder.path().join("errors"));
        command
    });
    let Some(nginx) = nginx.await else {
        return skip("deploy/nginx.conf in nginx: there is no nginx on the PATH");
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
        let got = world.client.get(url(path)).send().await.unwrap();
        assert_eq!(got.status(), expected, "{path}");
    }
    // As a browser sends the proxy's own page; what a visitor says of other hosts is not believed.
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
        answer(post(reference(1), "http://leads.example.com").await.unwrap()).await;
    assert_eq!((status, &deal["deal_id"]), (200, &json!("1")), "{deal}");
    let (status, _) = answer(post(reference(2), "http://evil.example").await.unwrap()).await;
    assert_eq!(status, 403);
    assert_eq!(world.deals().await.len(), 1);
}
