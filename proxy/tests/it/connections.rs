//! Connections, request heads, and the headers of every response.

use std::time::{Duration, Instant};

use reqwest::header::ACCEPT;
use tokio::io::AsyncReadExt;

use crate::support::raw::{Raw, post_head, status};
use crate::support::{DEADLINE, World, assert_refused, callback, read_json};

#[tokio::test]
async fn accepts_only_requests_with_exactly_one_valid_host() {
    let world = World::start().await;
    for (hosts, expected) in [
        ("Host: x\r\n", 200),
        ("Host: leads.example.com\r\n", 200),
        ("Host: leads.example.com:8443\r\n", 200),
        ("Host: [::1]:8070\r\n", 200),
        ("", 400),
        ("Host: x\r\nHost: y\r\n", 400),
        ("Host: \r\n", 400),
        ("Host: a b\r\n", 400),
        ("Host: a/b\r\n", 400),
        ("Host: me@leads.example.com\r\n", 400),
        ("Host: leads.example.com, other.example\r\n", 400),
        ("Host: leads.example.com:port\r\n", 400),
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!("GET /healthz HTTP/1.1\r\n{hosts}\r\n")).await;
        assert_eq!(status(&raw.read_response().await.0), expected, "{hosts:?}");
    }
}

#[tokio::test]
async fn limits_the_size_and_number_of_request_headers() {
    let world = World::start().await;
    let long = format!("X-Long: {}\r\n", "x".repeat(33_000));
    let endless = format!("X-Endless: {}", "x".repeat(200_000));
    for (what, headers) in [("many", "X: y\r\n".repeat(101)), ("long", long), ("endless", endless)]
    {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}")).await;
        if what != "endless" {
            raw.send("\r\n").await;
        }
        assert_eq!(status(&raw.read_response().await.0), 431, "{what}");
    }
    let mut raw = Raw::connect(world.proxy.addr).await;
    let headers = format!("{}X-Long: {}\r\n", "X: y\r\n".repeat(98), "x".repeat(30_000));
    raw.send(format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}\r\n")).await;
    assert_eq!(status(&raw.read_response().await.0), 200);
}

#[tokio::test]
async fn accepts_chunked_bodies_and_no_other_transfer_coding() {
    let world = World::start().await;
    let (_, body) = callback().finish();
    let chunks = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    for (codings, expected) in [
        ("Transfer-Encoding: Chunked", 200),
        ("Transfer-Encoding: gzip, chunked", 501),
        ("Transfer-Encoding: chunked, chunked", 501),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 501),
        ("Transfer-Encoding: identity, chunked", 501),
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(post_head("callback", codings)).await;
        raw.send(&chunks).await;
        let (head, body) = raw.read_response().await;
        let body = String::from_utf8_lossy(&body).into_owned();
        assert_eq!(status(&head), expected, "{codings:?}: {body}");
        if expected == 501 {
            assert!(
                head.contains("connection: close") && body.contains("transfer_coding"),
                "{head}"
            );
        }
    }
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn responds_with_404_to_a_path_that_is_not_valid_utf_8() {
    let world = World::start().await;
    for path in ["/forms/%ff", "/forms/%ff/token", "/forms/%c3/submissions/%ff"] {
        let response = read_json(world.get(path).send().await.unwrap()).await;
        assert_refused(&response, 404, "form_unknown");
    }
    assert_refused(&world.submit("%ff", callback()).await, 404, "form_unknown");
    let page = world.get("/forms/%ff").header(ACCEPT, "text/html").send().await.unwrap();
    assert_eq!(page.status(), 404);
    assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn refuses_a_request_with_conflicting_or_invalid_lengths_and_ignores_the_bytes_after_it() {
    let world = World::start().await;
    for lengths in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +5\r\n",
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!(
            "POST /forms/callback HTTP/1.1\r\nHost: x\r\n{lengths}\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        ))
        .await;
        let (head, _) = raw.read_response().await;
        assert_ne!(status(&head), 200, "{lengths:?}");
        // The proxy does not read the rest as a second request.
        let mut rest = String::new();
        let read = tokio::time::timeout(DEADLINE, raw.0.read_to_string(&mut rest));
        assert!(matches!(read.await, Ok(Ok(_) | Err(_))), "the connection is still open");
        assert!(!rest.contains("200 OK"), "{rest}");
    }
}

#[tokio::test]
async fn closes_a_connection_with_an_incomplete_request_head() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    let started = Instant::now();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(DEADLINE, raw.0.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "still open after {:?}", started.elapsed());
    assert!(started.elapsed() > Duration::from_secs(5), "closed at once");
}

#[tokio::test]
async fn closes_a_connection_that_sends_no_request_or_no_further_request() {
    let world = World::start().await;
    let mut silent = Raw::connect(world.proxy.addr).await;
    let mut served = Raw::connect(world.proxy.addr).await;
    served.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(status(&served.read_response().await.0), 200);
    for raw in [&mut silent, &mut served] {
        let mut rest = Vec::new();
        let read = raw.0.read_to_end(&mut rest);
        let closed = tokio::time::timeout(DEADLINE, read).await;
        assert!(closed.is_ok(), "still open after {DEADLINE:?}");
    }
}

#[tokio::test]
async fn sends_security_headers_with_pages_json_and_errors() {
    let world = World::start().await;
    for path in ["/forms/quote", "/forms/nothing", "/healthz", "/nothing"] {
        for accept in ["text/html", "application/json"] {
            let response = world.get(path).header(ACCEPT, accept).send().await.unwrap();
            let headers = response.headers();
            assert_eq!(headers["x-content-type-options"], "nosniff");
            assert_eq!(headers["referrer-policy"], "same-origin");
            assert_eq!(headers["x-request-id"].len(), 16);
            let html = headers["content-type"].to_str().unwrap().starts_with("text/html");
            assert_eq!(headers.contains_key("content-security-policy"), html, "{path} {accept}");
        }
    }
}

#[tokio::test]
async fn gives_each_request_its_own_id() {
    let world = World::start().await;
    let first = world.get("/healthz").send().await.unwrap().headers()["x-request-id"].clone();
    let second = world.get("/healthz").send().await.unwrap().headers()["x-request-id"].clone();
    assert_ne!(first, second);
}

#[tokio::test]
async fn keeps_a_valid_request_id_only_from_a_trusted_proxy() {
    let world = World::start().await;
    let request_id = async |world: &World, id: &str| {
        let request = world.get("/healthz").header("x-request-id", id);
        request.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    for id in ["7f3a9c1e", "0af76519-16cd-43dd-8448-eb211c80319c", &"x".repeat(64)] {
        assert_eq!(request_id(&world, id).await, id);
    }
    for wrong in ["", "a b", "a\tb", "a=\"b\"", "ä", &"x".repeat(65)] {
        let id = request_id(&world, wrong).await;
        assert!(id.len() == 16 && id != wrong, "{wrong:?} became {id}");
    }
    let world = World::with_config(|config| config.trusted_proxies.clear()).await;
    assert_ne!(request_id(&world, "7f3a9c1e").await, "7f3a9c1e");
}

#[tokio::test]
async fn keeps_a_connection_open_after_a_refusal() {
    let world = World::start().await;
    let (_, body) = callback().text("key", "1").finish();
    let mut raw = Raw::connect(world.proxy.addr).await;
    for _ in 0..2 {
        raw.send(post_head("callback", &format!("Content-Length: {}", body.len()))).await;
        raw.send(&body).await;
        assert_eq!(raw.read_json().await.0, 422);
    }
}

#[tokio::test]
async fn ignores_a_method_override() {
    let world = World::start().await;
    let request = world.get("/forms/quote").header("x-http-method-override", "DELETE");
    let (status, json) = read_json(request.send().await.unwrap()).await;
    assert_eq!((status, json["title"].as_str()), (200, Some("Request a quote")));
}
