//! Connections, heads of requests, and headers on every answer.

use std::time::{Duration, Instant};

use reqwest::header::ACCEPT;
use tokio::io::AsyncReadExt;

use crate::support::raw::{Raw, status};
use crate::support::{PATIENCE, World, answer, callback};

#[tokio::test]
async fn a_request_names_exactly_one_host() {
    let world = World::start().await;
    for (hosts, expected) in [("Host: x\r\n", 200), ("", 400), ("Host: x\r\nHost: y\r\n", 400)] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!("GET /healthz HTTP/1.1\r\n{hosts}\r\n")).await;
        assert_eq!(status(&raw.answer().await.0), expected, "{hosts:?}");
    }
}

#[tokio::test]
async fn a_host_is_a_host() {
    let world = World::start().await;
    for (host, expected) in [
        ("leads.example.com", 200),
        ("leads.example.com:8443", 200),
        ("[::1]:8070", 200),
        ("", 400),
        ("a b", 400),
        ("a/b", 400),
        ("me@leads.example.com", 400),
        ("leads.example.com, other.example", 400),
        ("leads.example.com:port", 400),
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!("GET /healthz HTTP/1.1\r\nHost: {host}\r\n\r\n")).await;
        assert_eq!(status(&raw.answer().await.0), expected, "{host:?}");
    }
}

#[tokio::test]
async fn a_head_is_bounded() {
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
        assert_eq!(status(&raw.answer().await.0), 431, "{what}");
    }
    let mut raw = Raw::connect(world.proxy.addr).await;
    let headers = format!("{}X-Long: {}\r\n", "X: y\r\n".repeat(98), "x".repeat(30_000));
    raw.send(format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{headers}\r\n")).await;
    assert_eq!(status(&raw.answer().await.0), 200);
}

#[tokio::test]
async fn a_body_comes_in_pieces_and_in_no_other_coding() {
    let world = World::start().await;
    let (content_type, body) = callback().finish();
    let pieces = [format!("{:x}\r\n", body.len()).as_bytes(), &body, b"\r\n0\r\n\r\n"].concat();
    for (codings, expected) in [
        ("Transfer-Encoding: Chunked\r\n", 200),
        ("Transfer-Encoding: gzip, chunked\r\n", 501),
        ("Transfer-Encoding: chunked, chunked\r\n", 501),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 501),
        ("Transfer-Encoding: identity, chunked\r\n", 501),
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(format!(
            "POST /forms/callback HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\n{codings}\r\n"
        ))
        .await;
        raw.send(&pieces).await;
        let (head, body) = raw.answer().await;
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
async fn an_address_that_is_no_text_is_told_so_like_any_other_wrong_one() {
    let world = World::start().await;
    for path in ["/forms/%ff", "/forms/%ff/token", "/forms/%c3/submissions/%ff"] {
        let (status, json) = answer(world.get(path).send().await.unwrap()).await;
        assert_eq!((status, json["code"].as_str()), (404, Some("form_unknown")), "{path}");
    }
    let (status, json) = world.submit("%ff", callback()).await;
    assert_eq!((status, json["code"].as_str()), (404, Some("form_unknown")));
    let page = world.get("/forms/%ff").header(ACCEPT, "text/html").send().await.unwrap();
    assert_eq!(page.status(), 404);
    assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
}

#[tokio::test]
async fn a_request_with_two_lengths_is_no_request() {
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
        let (head, _) = raw.answer().await;
        assert_ne!(status(&head), 200, "{lengths:?}");
        // Whatever follows is not taken for a second request.
        let mut rest = String::new();
        let read = tokio::time::timeout(PATIENCE, raw.0.read_to_string(&mut rest));
        assert!(matches!(read.await, Ok(Ok(_) | Err(_))), "the connection stays open");
        assert!(!rest.contains("200 OK"), "{rest}");
    }
}

#[tokio::test]
async fn half_a_head_does_not_stay_open() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
    let begun = Instant::now();
    let mut rest = Vec::new();
    let closed = tokio::time::timeout(PATIENCE, raw.0.read_to_end(&mut rest)).await;
    assert!(closed.is_ok(), "still open after {:?}", begun.elapsed());
    assert!(begun.elapsed() > Duration::from_secs(5), "closed at once");
}

/// Whoever has said nothing yet, or has its answer and says nothing more, keeps no connection from
/// others.
#[tokio::test]
async fn a_silent_connection_does_not_stay_open() {
    let world = World::start().await;
    let mut silent = Raw::connect(world.proxy.addr).await;
    let mut served = Raw::connect(world.proxy.addr).await;
    served.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(status(&served.answer().await.0), 200);
    for raw in [&mut silent, &mut served] {
        let mut rest = Vec::new();
        let read = raw.0.read_to_end(&mut rest);
        let closed = tokio::time::timeout(PATIENCE, read).await;
        assert!(closed.is_ok(), "still open after {PATIENCE:?}");
    }
}

#[tokio::test]
async fn every_answer_tells_browsers_what_not_to_do() {
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
async fn each_request_has_a_number_of_its_own() {
    let world = World::start().await;
    let first = world.get("/healthz").send().await.unwrap().headers()["x-request-id"].clone();
    let second = world.get("/healthz").send().await.unwrap().headers()["x-request-id"].clone();
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_number_that_a_trusted_proxy_gave_is_kept() {
    let world = World::start().await;
    let given = async |world: &World, id: &str| {
        let request = world.get("/healthz").header("x-request-id", id);
        request.send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned()
    };
    for id in ["7f3a9c1e", "0af76519-16cd-43dd-8448-eb211c80319c", &"x".repeat(64)] {
        assert_eq!(given(&world, id).await, id);
    }
    for wrong in ["", "a b", "a\tb", "a=\"b\"", "ä", &"x".repeat(65)] {
        let id = given(&world, wrong).await;
        assert!(id.len() == 16 && id != wrong, "{wrong:?} became {id}");
    }
    let world = World::with(|config| config.trusted_proxies.clear()).await;
    assert_ne!(given(&world, "7f3a9c1e").await, "7f3a9c1e");
}

#[tokio::test]
async fn a_connection_serves_again_after_a_refusal() {
    let world = World::start().await;
    let (content_type, body) = callback().text("key", "1").finish();
    let mut raw = Raw::connect(world.proxy.addr).await;
    for expected in [422, 422] {
        let length = body.len();
        raw.send(format!(
            "POST /forms/callback HTTP/1.1\r\nHost: x\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n"
        ))
        .await;
        raw.send(&body).await;
        assert_eq!(raw.json().await.0, expected);
    }
}

#[tokio::test]
async fn a_method_override_overrides_nothing() {
    let world = World::start().await;
    let request = world.get("/forms/quote").header("x-http-method-override", "DELETE");
    let (status, json) = answer(request.send().await.unwrap()).await;
    assert_eq!((status, json["title"].as_str()), (200, Some("Request a quote")));
}
