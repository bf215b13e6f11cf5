//! What one sender may take, so that the others have enough.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use reqwest::RequestBuilder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::raw::{Raw, status};
use crate::support::{Multipart, PATIENCE, World, answer, callback};

const FORWARDED: &str = "x-forwarded-for";

/// A submission of whoever has that address, through a reverse proxy.
fn from(world: &World, address: &str) -> RequestBuilder {
    world.post("callback", callback()).header(FORWARDED, address)
}

fn count(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

async fn with_rates(rates: &str) -> World {
    let rates = deal_proxy::Config::from_toml(rates).unwrap().rates;
    World::with(|config| config.rates = rates).await
}

/// The head of an upload that goes on.
fn upload(forwarded: &str) -> String {
    format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\n{FORWARDED}: {forwarded}\r\nContent-Type: {}\r\n\
         Content-Length: 10000\r\n\r\n--",
        Multipart::content_type()
    )
}

#[tokio::test]
async fn who_sends_too_often_is_told_when_to_come_back_and_nobody_else_is() {
    let world = with_rates("[rates]\nper_address = \"2 per min\"").await;
    let begun = Instant::now();
    for _ in 0..2 {
        assert_eq!(from(&world, "192.0.2.1").send().await.unwrap().status(), 200);
    }
    let refused = from(&world, "192.0.2.1").send().await.unwrap();
    let wait: u64 = refused.headers()["retry-after"].to_str().unwrap().parse().unwrap();
    let waited = begun.elapsed().as_secs() + 1;
    assert!((30 - waited..=30).contains(&wait), "{wait}, and {waited} before");
    let (status, json) = answer(refused).await;
    assert_eq!((status, json["code"].as_str()), (429, Some("too_many")));
    assert!(json["error_message"].as_str().unwrap().contains("Nothing was lost"));
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
    // What the first one sent twice was the same.
    assert_eq!(world.calls().await.len(), 2);
}

#[tokio::test]
async fn a_wait_is_told_in_the_form_s_language() {
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
async fn junk_leaves_the_form_to_those_who_fill_it_in() {
    let world = with_rates("[rates]\nper_form = \"1 per h\"").await;
    for number in 0..3 {
        let junk =
            world.post("callback", Multipart::new().part("X: y", b"")).header(FORWARDED, number);
        assert_eq!(junk.send().await.unwrap().status(), 400);
    }
    // Caught in the trap.
    let trapped = callback().text("your-website", "https://example.com");
    assert_eq!(world.submit("callback", trapped).await.0, 403);
    assert_eq!(world.submit("callback", callback()).await.0, 200);
    assert_eq!(world.submit("callback", callback()).await.0, 429);
}

#[tokio::test]
async fn an_address_made_up_by_the_visitor_does_not_help() {
    let world = with_rates("[rates]\nper_address = \"1 per h\"").await;
    assert_eq!(from(&world, "203.0.113.1, 192.0.2.1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "203.0.113.2, 192.0.2.1").send().await.unwrap().status(), 429);
    // Another address of the same household.
    assert_eq!(from(&world, "2001:db8::1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "2001:db8::2:1").send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn nobody_is_believed_who_is_no_trusted_proxy() {
    let rates = deal_proxy::Config::from_toml("[rates]\nper_address = \"1 per h\"").unwrap().rates;
    let world = World::with(|config| {
        config.rates = rates;
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    })
    .await;
    assert_eq!(from(&world, "192.0.2.1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn one_address_has_so_many_uploads_at_once() {
    let world = World::with(|config| config.limits.uploads_per_address = count(2)).await;
    let mut uploads = Vec::new();
    for _ in 0..2 {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(upload("192.0.2.1")).await;
        uploads.push(raw);
    }
    // The third, once both are counted.
    let refused = loop {
        let sent = from(&world, "192.0.2.1").send().await.unwrap();
        if sent.status() != 200 {
            break sent;
        }
    };
    assert_eq!(refused.headers()["retry-after"], "10");
    assert_eq!(answer(refused).await.1["code"], "too_many");
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
    // The places are free as soon as their senders have gone.
    drop(uploads);
    let end = Instant::now() + PATIENCE;
    while from(&world, "192.0.2.1").send().await.unwrap().status() != 200 {
        assert!(Instant::now() < end, "the places stay taken");
    }
}

#[tokio::test]
async fn a_stranger_who_was_refused_keeps_no_connection_by_going_on() {
    let world = World::start().await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    let content_type = Multipart::content_type();
    raw.send(format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n\
         Content-Type: {content_type}\r\nContent-Length: 90000000\r\n\r\n"
    ))
    .await;
    assert_eq!(status(&raw.answer().await.0), 403);
    let begun = Instant::now();
    while raw.0.write_all(&[b'x'; 2_000]).await.is_ok() {
        assert!(begun.elapsed() < PATIENCE, "it is read from without end");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// The head of a request that announces more than any form takes.
fn too_large(forwarded: &str) -> String {
    upload(forwarded).replace("Content-Length: 10000", "Content-Length: 200000000")
}

#[tokio::test]
async fn a_body_that_is_announced_as_too_large_counts_towards_the_limits() {
    let world = with_rates("[rates]\nper_address = \"2 per min\"").await;
    for expected in [413, 413, 429] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(too_large("192.0.2.1")).await;
        let (head, _) = raw.answer().await;
        assert_eq!(status(&head), expected);
        assert!(head.contains("\r\nconnection: close\r\n"), "{head}");
    }
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
}

/// The same for whatever else is answered before its end.
#[tokio::test]
async fn a_sender_that_continues_after_an_early_answer_occupies_a_slot() {
    let world = World::with(|config| config.limits.uploads_per_address = count(4)).await;
    let mut open = Vec::new();
    let head = |path: &str, content_type: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\n{FORWARDED}: 192.0.2.1\r\nContent-Type: {content_type}\r\n\
             Content-Length: 10000\r\n\r\nnot the boundary"
        )
    };
    for (request, expected) in [
        (too_large("192.0.2.1"), 413),
        (head("/forms/quote", &Multipart::content_type()), 400),
        (head("/forms/quote", "text/plain"), 415),
        (head("/forms/nothing", &Multipart::content_type()), 404),
    ] {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(request).await;
        assert_eq!(status(&raw.answer().await.0), expected);
        open.push(raw);
    }
    let refused = from(&world, "192.0.2.1").send().await.unwrap();
    assert_eq!(answer(refused).await.1["code"], "too_many");
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
    // The places are free as soon as their senders have gone.
    drop(open);
    let end = Instant::now() + PATIENCE;
    while from(&world, "192.0.2.1").send().await.unwrap().status() != 200 {
        assert!(Instant::now() < end, "the places stay taken");
    }
}

#[tokio::test]
async fn many_bodies_that_are_too_large_do_not_delay_other_requests() {
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
        let asked = world.get("/healthz").timeout(Duration::from_secs(10)).send().await;
        assert_eq!(asked.expect("an answer in time").status(), 200);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for sender in flood {
        sender.abort();
    }
}

#[tokio::test]
async fn networks_that_flood_a_form_leave_it_to_others() {
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
async fn all_uploads_together_are_bounded() {
    let world = World::with(|config| config.limits.uploads = count(1)).await;
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(upload("192.0.2.1")).await;
    let refused = loop {
        let sent = from(&world, "192.0.2.2").send().await.unwrap();
        if sent.status() != 200 {
            break sent;
        }
    };
    assert_eq!(refused.headers()["retry-after"], "60");
    assert_eq!(answer(refused).await, {
        let (status, code) = (503, "unavailable");
        let words = "We cannot take the form just now. Nothing was lost: send it again in a few \
                     minutes.";
        let json = serde_json::json!({"error_message": words, "code": code, "problems": []});
        (status, json)
    });
}

#[tokio::test]
async fn a_household_of_many_networks_leaves_places_to_others() {
    let world = World::with(|config| {
        config.limits.uploads = count(16);
        config.limits.uploads_per_address = count(1);
    })
    .await;
    let mut uploads = Vec::new();
    // Each is refused or goes on; a quarter of the places is what goes on.
    for number in 0..20 {
        let mut raw = Raw::connect(world.proxy.addr).await;
        raw.send(upload(&format!("2001:db8:0:{number:x}::1"))).await;
        uploads.push(raw);
    }
    assert_eq!(from(&world, "2001:db8:1::1").send().await.unwrap().status(), 200);
    assert_eq!(from(&world, "192.0.2.2").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn connections_are_counted_and_the_next_waits_for_a_place() {
    let world = World::with(|config| config.limits.connections = count(2)).await;
    let first = Raw::connect(world.proxy.addr).await;
    let _second = Raw::connect(world.proxy.addr).await;
    let mut third = Raw::connect(world.proxy.addr).await;
    third.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let early = tokio::time::timeout(Duration::from_millis(300), third.0.readable()).await;
    assert!(early.is_err(), "a third connection is served beside two");
    drop(first);
    assert_eq!(status(&third.answer().await.0), 200);
}

#[tokio::test]
async fn one_address_has_a_quarter_of_the_connections() {
    let world = World::with(|config| {
        config.limits.connections = count(8);
        config.trusted_proxies.clear();
    })
    .await;
    let _two = [Raw::connect(world.proxy.addr).await, Raw::connect(world.proxy.addr).await];
    let mut third = Raw::connect(world.proxy.addr).await;
    let mut rest = Vec::new();
    // Closed without a word; a reset says the same.
    let closed = tokio::time::timeout(PATIENCE, third.0.read_to_end(&mut rest)).await;
    assert!(closed.is_ok() && rest.is_empty(), "{closed:?}");
}

/// Whoever asks and does not read keeps no connection.
#[tokio::test]
async fn an_answer_that_nobody_reads_is_given_up() {
    let world = World::with(|config| config.limits.connections = count(1)).await;
    let site = world.folder.path().join("site");
    std::fs::create_dir_all(&site).unwrap();
    std::fs::write(site.join("large.wasm"), vec![b'x'; 20_000_000]).unwrap();
    let mut idle = Raw::connect(world.proxy.addr).await;
    idle.send("GET /large.wasm HTTP/1.1\r\nHost: x\r\n\r\n").await;
    idle.0.readable().await.unwrap();
    let begun = Instant::now();
    let mut next = Raw::connect(world.proxy.addr).await;
    next.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let answer = tokio::time::timeout(2 * PATIENCE, next.answer()).await;
    assert_eq!(status(&answer.expect("the place stays taken").0), 200);
    // Whoever pauses for less than that gets the rest.
    assert!(begun.elapsed() > Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_single_connection_is_for_anybody() {
    let world = World::with(|config| {
        config.limits.connections = count(1);
        config.trusted_proxies.clear();
    })
    .await;
    assert_eq!(world.get("/healthz").send().await.unwrap().status(), 200);
}

/// The slowest answer but one of a hundred.
async fn slowest(world: &World) -> Duration {
    let mut times = Vec::new();
    for _ in 0..100 {
        let begun = Instant::now();
        assert_eq!(world.get("/forms/quote").send().await.unwrap().status(), 200);
        times.push(begun.elapsed());
    }
    times.sort();
    times[98]
}

/// 200 senders that have stopped in the middle do not keep others waiting.
///
/// What else the machine does may slow one measurement down, and not all of them: each is compared
/// with one of a proxy that nobody else uses, made right before.
#[tokio::test]
async fn stalled_senders_slow_nobody_down() {
    let (quiet, crowded) = (World::start().await, World::start().await);
    let mut stalled = Vec::new();
    for number in 0..200 {
        let mut raw = Raw::connect(crowded.proxy.addr).await;
        raw.send(upload(&format!("192.0.2.{number}"))).await;
        stalled.push(raw);
    }
    assert_eq!(from(&crowded, "198.51.100.1").send().await.unwrap().status(), 200);
    let mut measured = Vec::new();
    for _ in 0..20 {
        let (alone, beside) = (slowest(&quiet).await, slowest(&crowded).await);
        if beside < alone * 2 {
            return;
        }
        measured.push((alone, beside));
    }
    panic!("alone and beside stalled senders: {measured:?}");
}
