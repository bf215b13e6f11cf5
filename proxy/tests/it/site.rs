//! The files of the site folder.

use std::fs;

use reqwest::header::{ACCEPT_ENCODING, IF_MODIFIED_SINCE, IF_NONE_MATCH};

use crate::support::raw::Raw;
use crate::support::{World, assert_refused, read_json};

async fn world() -> World {
    let world = World::start().await;
    let site = world.folder.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::create_dir(site.join("docs")).unwrap();
    for (name, content) in [
        ("index.html", "<!doctype html><title>Home</title>"),
        ("deal-form.js", "export {}"),
        ("deal-form-0123456789abcdef_bg.wasm", "\0asm"),
        ("deal-form-0123456789abcdef_bg.wasm.br", "brotli"),
        ("deal-form-0123456789abcdef_bg.wasm.gz", "gzip"),
        ("docs/index.html", "<!doctype html><title>Docs</title>"),
    ] {
        fs::write(site.join(name), content).unwrap();
    }
    fs::write(world.folder.path().join("secret.txt"), "secret").unwrap();
    world
}

#[tokio::test]
async fn serves_index_html_for_a_folder_with_a_content_security_policy() {
    let world = world().await;
    for (path, title) in [("/", "Home"), ("/index.html", "Home"), ("/docs/", "Docs")] {
        let response = world.get(path).send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "text/html");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'"), "{policy}");
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(response.text().await.unwrap().contains(title), "{path}");
    }
}

/// Requests for impossible names are not errors in the proxy.
#[tokio::test]
async fn responds_with_404_to_an_impossible_file_name() {
    let world = world().await;
    for name in ["x".repeat(400), "x/".repeat(3_000), "a%00b".to_owned(), "%ff".repeat(300)] {
        let (status, json) = read_json(world.get(&format!("/{name}")).send().await.unwrap()).await;
        assert_eq!((status, json["code"].as_str()), (404, Some("not_found")), "{name}");
    }
}

#[tokio::test]
async fn never_redirects_to_another_host() {
    let world = world().await;
    for path in ["//docs", "//docs/", "///docs", "/docs//..//docs"] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
        let (head, _) = raw.read_response().await;
        assert!(head.starts_with("HTTP/1.1 404"), "{path}: {head}");
    }
    let moved = world.get("/docs").send().await.unwrap();
    assert_eq!(moved.headers()["location"], "/docs/");
}

#[tokio::test]
async fn serves_files_with_content_type_and_cache_lifetime() {
    let world = world().await;
    for (path, media_type, caching) in [
        ("/deal-form.js", "text/javascript", "no-cache"),
        (
            "/deal-form-0123456789abcdef_bg.wasm",
            "application/wasm",
            "public, max-age=31536000, immutable",
        ),
    ] {
        let response = world.get(path).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], media_type);
        assert_eq!(response.headers()["cache-control"], caching);
    }
    // A response with status 416 must not be cached, because the file may change.
    let beyond = world.get("/deal-form-0123456789abcdef_bg.wasm").header("range", "bytes=1000000-");
    let response = beyond.send().await.unwrap();
    assert_eq!(response.status(), 416);
    assert_eq!(response.headers()["cache-control"], "no-store");
}

#[tokio::test]
async fn serves_the_smallest_encoding_that_the_browser_accepts() {
    let world = world().await;
    for (accepted, encoding, content) in [
        ("gzip, deflate, br, zstd", Some("br"), "brotli"),
        ("gzip", Some("gzip"), "gzip"),
        ("identity", None, "\0asm"),
    ] {
        let request = world.get("/deal-form-0123456789abcdef_bg.wasm");
        let response = request.header(ACCEPT_ENCODING, accepted).send().await.unwrap();
        let sent = response.headers().get("content-encoding").map(|value| value.to_str().unwrap());
        assert_eq!(sent, encoding, "{accepted}");
        assert_eq!(response.headers()["content-type"], "application/wasm");
        let vary: Vec<_> = response.headers().get_all("vary").iter().collect();
        assert!(vary.iter().any(|value| *value == "Accept-Encoding"), "{vary:?}");
        assert_eq!(response.text().await.unwrap(), content);
    }
}

#[tokio::test]
async fn responds_with_304_if_the_file_has_not_changed() {
    let world = world().await;
    let first = world.get("/deal-form.js").send().await.unwrap();
    let modified = first.headers()["last-modified"].clone();
    let again = world.get("/deal-form.js").header(IF_MODIFIED_SINCE, modified).send().await;
    assert_eq!(again.unwrap().status(), 304);
}

#[tokio::test]
async fn serves_the_stylesheet_of_plain_forms_in_landing_pages() {
    let world = world().await;
    let first = world.get("/deal-form.css").send().await.unwrap();
    assert_eq!(first.status(), 200);
    assert_eq!(first.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(first.headers()["cache-control"], "no-cache");
    let etag = first.headers()["etag"].clone();
    assert!(first.text().await.unwrap().contains(".df-form"));
    let again = world.get("/deal-form.css").header(IF_NONE_MATCH, etag).send().await.unwrap();
    assert_eq!(again.status(), 304);
    assert_eq!(again.text().await.unwrap(), "");
}

#[tokio::test]
async fn serves_nothing_outside_the_folder() {
    let world = world().await;
    for path in [
        "/nothing",
        "/deal-form.js/x",
        "/docs/nothing",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/docs/..%2f..%2fsecret.txt",
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")).await;
        let (status, json) = raw.read_json().await;
        assert_eq!((status, json["code"].as_str()), (404, Some("not_found")), "{path}");
    }
    let response = read_json(world.client.post(world.url("/")).send().await.unwrap()).await;
    assert_refused(&response, 405, "method_not_allowed");
}
