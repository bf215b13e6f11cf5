//! Limits for each sender and for all senders together.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use reqwest::{RequestBuilder, Response};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::raw::{Raw, post_head, status};
use crate::support::{DEADLINE, Multipart, World, assert_refused, callback, read_json, wait_until};

const FORWARDED: &str = "x-forwarded-for";

/// Builds a submission from the given address, through a reverse proxy.
fn from(world: &World, address: &str) -> RequestBuilder {
    world.post("callback", callback()).header(FORWARDED, address)
}

fn count(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

async fn with_rates(rates: &str) -> World {
    let rates = deal_proxy::Config::from_toml(rates).unwrap().rates;
    World::with_config(|config| config.rates = rates).await
}

/// Returns the head and the first bytes of an upload.
fn upload(forwarded: &str) -> String {
    post_head("quote", &format!("{FORWARDED}: {forwarded}\r\nContent-Length: 10000")) + "--"
}

#[tokio::test]
async fn refuses_only_a_sender_that_exceeds_its_rate() {
    let world = with_rates("[rates]\nper_address = \"2 per min\"").await;
    let started = Instant::now();
    for _ in 0..2 {
        assert_eq!(from(&world, "192.0.2.1").send().await.unwrap().status(), 200);
    }
    let refused = from(&world, "192.0.2.1").send().await.unwrap();
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    let waited = started.elapsed().as_secs() + 1;
    assert!((30 - waited..=30).contains(&wait), "Retry-After: {wait}, after {waited} s");
    let refused = read_json(refused).await;
    assert_refused(&refused, 429, "too_many");
    assert!(refused.1["error_message"].as_str().unwrap().contains("Nothing was lost"));
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
    // The first sender sent the same content twice.
    assert_eq!(world.calls().await.len(), 2);
}

#[tokio::test]
async fn asks_the_visitor_to_wait_in_the_language_of_the_form() {
    let world = with_rates("[rates]\nper_form = \"1 per h\"").await;
    let send = || world.post("anfrage", Multipart::new()).header("accept", "text/html");
    assert_eq!(send().send().await.unwrap().status(), 422);
    let refused = send().send().await.unwrap();
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let page = refused.text().await.unwrap();
    assert!(page.contains("Warten Sie ein paar Minuten"), "{page}");
}

#[tokio::test]
async fn does_not_count_invalid_submissions_towards_a_forms_rate_limit() {
    let world = with_rates("[rates]\nper_form = \"1 per h\"").await;
    for number in 0..3 {
        let junk =
            world.post("callback", Multipart::new().part("X: y", b"")).header(FORWARDED, number);
        assert_eq!(junk.send().await.unwrap().status(), 400);
    }
    // A bot filled in the hidden field.
    let trapped = callback().text("your-website", "https://example.com");
    assert_eq!(world.submit("callback", trapped).await.0, 403);
    assert_eq!(world.submit("callback", callback()).await.0, 200);
    assert_eq!(world.submit("callback", callback()).await.0, 429);
}

#[tokio::test]
async fn ignores_an_address_that_the_visitor_made_up() {
    let world = with_rates("[rates]\nper_address = \"1 per h\"").await;
    assert_eq!(from(&world, "203.0.113.1, 192.0.2.1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "203.0.113.2, 192.0.2.1").send().await.unwrap().status(), 429);
    // Two addresses of the same IPv6 network share a limit.
    assert_eq!(from(&world, "2001:db8::1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "2001:db8::2:1").send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn ignores_the_forwarded_address_of_an_untrusted_proxy() {
    let rates = deal_proxy::Config::from_toml("[rates]\nper_address = \"1 per h\"").unwrap().rates;
    let world = World::with_config(|config| {
        config.rates = rates;
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    assert_eq!(from(&world, "192.0.2.1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn limits_the_simultaneous_uploads_of_one_address() {
    let world = World::with_config(|config| config.limits.uploads_per_address = count(2)).await;
    let mut uploads = Vec::new();
    for _ in 0..2 {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(upload("192.0.2.1")).await;
        uploads.push(raw);
    }
    let refused = refused_upload(&world, "192.0.2.1").await;
    assert_eq!(refused.headers()["retry-after"], "10");
    assert_eq!(read_json(refused).await.1["code"], "too_many");
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
    drop(uploads);
    wait_until_accepted(&world, "192.0.2.1").await;
}

/// Sends submissions until one is refused, because the proxy counts open uploads with a delay.
async fn refused_upload(world: &World, address: &str) -> Response {
    loop {
        let response = from(world, address).send().await.unwrap();
        if response.status() != 200 {
            break response;
        }
    }
}

async fn wait_until_accepted(world: &World, address: &str) {
    wait_until("the closed uploads no longer count", async || {
        from(world, address).send().await.unwrap().status() == 200
    })
    .await;
}

#[tokio::test]
async fn closes_the_connection_of_a_refused_origin_that_keeps_sending() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    let headers = "Origin: https://evil.example\r\nContent-Length: 90000000";
    raw.send(post_head("quote", headers)).await;
    assert_eq!(status(&raw.read_response().await.0), 403);
    let started = Instant::now();
    while raw.0.write_all(&[b'x'; 2_000]).await.is_ok() {
        assert!(started.elapsed() < DEADLINE, "the connection is still open");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// Returns the head of a request whose content length exceeds every form's limit.
fn too_large(forwarded: &str) -> String {
    upload(forwarded).replace("Content-Length: 10000", "Content-Length: 200000000")
}

#[tokio::test]
async fn counts_requests_with_a_too_large_content_length_towards_the_rate() {
    let world = with_rates("[rates]\nper_address = \"2 per min\"").await;
    for expected in [413, 413, 429] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(too_large("192.0.2.1")).await;
        let (head, _) = raw.read_response().await;
        assert_eq!(status(&head), expected);
        assert!(head.contains("\r\nconnection: close\r\n"), "{head}");
    }
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn counts_a_sender_that_keeps_sending_after_an_early_response_as_an_upload() {
    let world = World::with_config(|config| config.limits.uploads_per_address = count(4)).await;
    let mut open = Vec::new();
    let head = |form: &str| {
        let headers = format!("{FORWARDED}: 192.0.2.1\r\nContent-Length: 10000");
        post_head(form, &headers) + "not the boundary"
    };
    for (request, expected) in [
        (too_large("192.0.2.1"), 413),
        (head("quote"), 400),
        (head("quote").replace(&Multipart::content_type(), "text/plain"), 415),
        (head("nothing"), 404),
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(request).await;
        assert_eq!(status(&raw.read_response().await.0), expected);
        open.push(raw);
    }
    let refused = from(&world, "192.0.2.1").send().await.unwrap();
    assert_eq!(read_json(refused).await.1["code"], "too_many");
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
    drop(open);
    wait_until_accepted(&world, "192.0.2.1").await;
}

#[tokio::test]
async fn serves_other_requests_during_many_uploads_that_are_too_large() {
    let world = World::start().await;
    let flood: Vec<_> = (0..64)
        .map(|_| {
            let addr = world.proxy.addr;
            tokio::spawn(async move {
                let mut raw = Raw::connect(addr).await;
                raw.send(too_large("192.0.2.1")).await;
                let zeros = vec![0; 100_000];
                while raw.0.write_all(&zeros).await.is_ok() {}
            })
        })
        .collect();
    for _ in 0..20 {
        let response = world.get("/healthz").timeout(Duration::from_secs(10)).send().await;
        assert_eq!(response.expect("the proxy responds in time").status(), 200);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for sender in flood {
        sender.abort();
    }
}

#[tokio::test]
async fn accepts_other_visitors_while_some_networks_flood_a_form() {
    let world =
        with_rates("[rates]\nper_address = \"20 per min\"\nper_form = \"60 per min\"").await;
    let flood = async |step: u16| {
        let address = format!("2001:db8:{}:{step:x}::1", step % 3);
        from(&world, &address).send().await.unwrap().status().as_u16()
    };
    let mut refused = 0;
    for step in 0..150 {
        refused += u16::from(flood(step).await == 429);
    }
    assert!(refused > 50, "{refused} of 150 were refused");
    for visitor in 1..=10 {
        let sent = from(&world, &format!("192.0.2.{visitor}")).send().await.unwrap();
        assert_eq!(sent.status(), 200, "{visitor}");
    }
}

#[tokio::test]
async fn limits_the_total_number_of_uploads() {
    let world = World::with_config(|config| config.limits.uploads = count(1)).await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(upload("192.0.2.1")).await;
    let refused = refused_upload(&world, "192.0.2.2").await;
    assert_eq!(refused.headers()["retry-after"], "60");
    let message =
        "We cannot accept the form right now. Nothing was lost: send it again in a few minutes.";
    let expected = json!({"error_message": message, "code": "unavailable", "problems": []});
    assert_eq!(read_json(refused).await, (503, expected));
}

#[tokio::test]
async fn accepts_other_senders_while_a_household_with_many_networks_uploads() {
    let world = World::with_config(|config| {
        config.limits.uploads = count(16);
        config.limits.uploads_per_address = count(1);
    })
    .await;
    let mut uploads = Vec::new();
    // One household may use a quarter of the upload places. The proxy refuses its other uploads.
    for number in 0..20 {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(upload(&format!("2001:db8:0:{number:x}::1"))).await;
        uploads.push(raw);
    }
    assert_eq!(from(&world, "2001:db8:1::1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn serves_a_connection_over_the_limit_after_another_has_closed() {
    let world = World::with_config(|config| config.limits.connections = count(2)).await;
    let first = Raw::connect(world.proxy.addr).await;
    let _second = Raw::connect(world.proxy.addr).await;
    let mut third = Raw::connect(world.proxy.addr).await;
    third.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let early = tokio::time::timeout(Duration::from_millis(300), third.0.readable()).await;
    assert!(early.is_err(), "a third connection is served even though the limit is two");
    drop(first);
    assert_eq!(status(&third.read_response().await.0), 200);
}

#[tokio::test]
async fn limits_one_address_to_a_quarter_of_the_connections() {
    let world = World::with_config(|config| {
        config.limits.connections = count(8);
        config.trusted_proxies.clear();
    })
    .await;
    let _two = [Raw::connect(world.proxy.addr).await, Raw::connect(world.proxy.addr).await];
    let mut third = Raw::connect(world.proxy.addr).await;
    let mut rest = Vec::new();
    // The connection is closed or reset without a response.
    let closed = tokio::time::timeout(DEADLINE, third.0.read_to_end(&mut rest)).await;
    assert!(closed.is_ok() && rest.is_empty(), "{closed:?}");
}

#[tokio::test]
async fn closes_the_connection_of_a_client_that_does_not_read_the_response() {
    let world = World::with_config(|config| config.limits.connections = count(1)).await;
    let site = world.folder.path().join("site");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(site.join("large.wasm"), vec![b'x'; 20_000_000]).unwrap();
    let mut idle = Raw::connect(world.proxy.addr).await;
    idle.send("GET /large.wasm HTTP/1.1\r\nHost: x\r\n\r\n").await;
    idle.0.readable().await.unwrap();
    let started = Instant::now();
    let mut next = Raw::connect(world.proxy.addr).await;
    next.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let response = tokio::time::timeout(2 * DEADLINE, next.read_response()).await;
    assert_eq!(status(&response.expect("the idle connection is closed").0), 200);
    // A client may pause for at least 20 seconds.
    assert!(started.elapsed() > Duration::from_secs(20), "{:?}", started.elapsed());
}

#[tokio::test]
async fn serves_any_address_if_only_one_connection_is_allowed() {
    let world = World::with_config(|config| {
        config.limits.connections = count(1);
        config.trusted_proxies.clear();
    })
    .await;
    assert_eq!(world.get("/healthz").send().await.unwrap().status(), 200);
}

/// Returns the second longest of one hundred response times.
async fn slowest(world: &World) -> Duration {
    let mut times = Vec::new();
    for _ in 0..100 {
        let started = Instant::now();
        assert_eq!(world.get("/forms/quote").send().await.unwrap().status(), 200);
        times.push(started.elapsed());
    }
    times.sort();
    times[98]
}

/// Other load on the machine may disturb single measurements. So an idle proxy is measured just before
/// each measurement, and one good pair is enough.
#[tokio::test]
async fn serves_other_requests_quickly_despite_200_stalled_uploads() {
    let (idle, loaded) = (World::start().await, World::start().await);
    let mut stalled = Vec::new();
    for number in 0..200 {
        let mut raw = Raw::connect(loaded.proxy.addr).await;
        raw.send(upload(&format!("192.0.2.{number}"))).await;
        stalled.push(raw);
    }
    assert_eq!(from(&loaded, "198.51.100.1").send().await.unwrap().status(), 200);
    let mut measured = Vec::new();
    for _ in 0..20 {
        let (without, with) = (slowest(&idle).await, slowest(&loaded).await);
        if with < without * 2 {
            return;
        }
        measured.push((without, with));
    }
    panic!("response times without and with stalled uploads: {measured:?}");
}
