//! Tests `deploy/nginx.conf` with the installed nginx in front of a proxy, with TLS.

use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;

use reqwest::header::{LOCATION, ORIGIN};
use reqwest::{Certificate, Client, redirect};
use serde_json::json;

use crate::support::{ExternalServer, World, quote, read_json, reference, skip};

const HOST: &str = "leads.example.com";

/// The addresses that nginx listens on, instead of the ports 80 and 443.
struct Addresses {
    plain: SocketAddr,
    tls: SocketAddr,
}

/// Returns the shipped configuration with the addresses and the certificate of the test, inside the
/// main configuration that nginx needs.
fn settings(folder: &Path, addresses: &Addresses, proxy: SocketAddr) -> String {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../deploy/nginx.conf");
    let mut shipped = fs::read_to_string(shipped).unwrap();
    let Addresses { plain, tls } = addresses;
    let shown = folder.display();
    for (from, to) in [
        ("    listen 80;", format!("    listen {plain};")),
        ("    listen [::]:80;", String::new()),
        ("    listen 443 ssl;", format!("    listen {tls} ssl;")),
        ("    listen [::]:443 ssl;", String::new()),
        ("http://127.0.0.1:8070", format!("http://{proxy}")),
        ("/etc/letsencrypt/live/leads.example.com/", format!("{shown}/")),
        ("/var/www/html", format!("{shown}/html")),
    ] {
        assert!(shipped.contains(from), "{from}");
        shipped = shipped.replace(from, &to);
    }
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = kinds.map(|kind| format!("{kind}_temp_path {shown}/{kind};")).join("\n");
    format!(
        "daemon off; master_process off; pid {shown}/pid; events {{}}\n\
         http {{ access_log off; {folders}\n{shipped}\n}}"
    )
}

/// Writes a certificate for the host, and returns a client that trusts the certificate and resolves the
/// host.
fn client(folder: &Path, tls: SocketAddr) -> Client {
    let certified = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let certificate = certified.cert.pem();
    fs::write(folder.join("fullchain.pem"), &certificate).unwrap();
    fs::write(folder.join("privkey.pem"), certified.signing_key.serialize_pem()).unwrap();
    Client::builder()
        .no_proxy()
        .redirect(redirect::Policy::none())
        .resolve(HOST, tls)
        .tls_certs_only([Certificate::from_pem(certificate.as_bytes()).unwrap()])
        .build()
        .unwrap()
}

#[tokio::test]
async fn forwards_submissions_and_hides_other_addresses_with_the_shipped_nginx_configuration() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = free.local_addr().unwrap();
    drop(free);
    let mut client = None;
    let nginx = ExternalServer::start(|tls| {
        client = Some(self::client(folder.path(), tls));
        let file = folder.path().join("nginx.conf");
        let addresses = Addresses { plain, tls };
        fs::write(&file, settings(folder.path(), &addresses, world.proxy.addr)).unwrap();
        let mut command = Command::new("nginx");
        command.arg("-c").arg(file).arg("-e").arg(folder.path().join("errors"));
        command
    });
    let Some(nginx) = nginx.await else {
        return skip("deploy/nginx.conf in nginx: nginx is not on the PATH");
    };
    let client = client.unwrap();
    let url = |path: &str| format!("https://{HOST}:{}{path}", nginx.address.port());
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
        let response = client.get(url(path)).send().await.unwrap();
        assert_eq!(response.status(), expected, "{path}");
    }
    // A submission from the proxy's own page, with forged forwarding headers that nginx must not pass
    // on.
    let post = |reference: String, origin: &'static str| {
        let body = quote().text("external_reference_id", &reference);
        let (content_type, body) = body.file("a.pdf", "application/pdf", b"%PDF-a").finish();
        client
            .post(url("/forms/quote"))
            .header("accept", "application/json")
            .header("content-type", content_type)
            .header(ORIGIN, origin)
            .header("x-forwarded-host", "evil.example")
            .header("forwarded", "host=evil.example")
            .body(body)
            .send()
    };
    let (status, deal) =
        read_json(post(reference(1), "https://leads.example.com").await.unwrap()).await;
    assert_eq!((status, &deal["deal_id"]), (200, &json!("1")), "{deal}");
    let (status, _) = read_json(post(reference(2), "https://evil.example").await.unwrap()).await;
    assert_eq!(status, 403);
    assert_eq!(world.deals().await.len(), 1);

    // On port 80, nginx redirects visitors, and responds to the certificate authority.
    let challenges = folder.path().join("html/.well-known/acme-challenge");
    fs::create_dir_all(&challenges).unwrap();
    fs::write(challenges.join("token"), "proof").unwrap();
    let get = |path: &str| world.client.get(format!("http://{plain}{path}"));
    let response = get("/forms/quote?utm_source=x").header("host", HOST).send().await.unwrap();
    assert_eq!(response.status(), 301);
    assert_eq!(response.headers()[LOCATION], "https://leads.example.com/forms/quote?utm_source=x");
    let response = get("/.well-known/acme-challenge/token").send().await.unwrap();
    assert_eq!(response.text().await.unwrap(), "proof");
    // nginx logs a warning about each deprecated directive.
    let errors = fs::read_to_string(folder.path().join("errors")).unwrap();
    assert!(!errors.contains("[warn]") && !errors.contains("deprecated"), "{errors}");
}
