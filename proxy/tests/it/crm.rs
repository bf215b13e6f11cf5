//! A CRM that is away, slow or out of its mind.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::support::{Multipart, World, answer, callback, eventually, millis, pdf, quote};

const REFERENCE: &str = "web-00112233445566778899aabbccddeeff";

fn draft() -> Multipart {
    callback().text("external_reference_id", REFERENCE)
}

/// A refusal of that code, in words for a visitor.
#[track_caller]
fn assert_refused((status, json): &(u16, Value), expected: u16, code: &str, words: &str) {
    assert_eq!((*status, json["code"].as_str()), (expected, Some(code)), "{json}");
    let message = json["error_message"].as_str().unwrap();
    assert!(message.contains(words), "{message}");
    assert_eq!(json["problems"], json!([]));
}

#[tokio::test]
async fn the_crm_s_refusal_is_told_in_its_own_words() {
    let world = World::start().await;
    let words = "Deal <b>closed</b> & \"locked\"";
    world.fault(json!({"kind": "refuse", "error_message": words})).await;
    let (status, json) = world.submit("callback", draft()).await;
    assert_eq!((status, json["code"].as_str()), (422, Some("crm_refused")));
    assert_eq!(json["error_message"], words);
}

#[tokio::test]
async fn a_crm_that_is_down_loses_nothing() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = closed.local_addr().unwrap();
    drop(closed);
    let world = World::with(|config| {
        config.crm_url = format!("http://{address}/site/api/crm_add_deal").parse().unwrap();
    })
    .await;
    let body = quote().file("a.pdf", "application/pdf", &pdf(9));
    let answer = world.submit("quote", body).await;
    assert_refused(&answer, 502, "crm_unreachable", "Nothing was lost");
    world.spool_empties().await;
}

#[tokio::test]
async fn a_slow_crm_ends_in_a_timeout_and_not_in_a_second_deal() {
    let world = World::with(|config| config.timeouts.crm_silence = millis(300)).await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 1500})).await;
    let answer = world.submit("callback", draft()).await;
    assert_refused(&answer, 504, "crm_timeout", "It will not be entered twice");
    // The CRM may have it all the same; sent again, it is the same deal.
    let (status, _) = world.submit("callback", draft()).await;
    assert_eq!(status, 200);
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn a_sender_without_a_reference_is_promised_nothing() {
    let world = World::with(|config| config.timeouts.crm_silence = millis(300)).await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 1500})).await;
    let answer = world.submit("callback", callback()).await;
    assert_refused(&answer, 504, "crm_timeout", "We cannot tell whether your request arrived");
}

#[tokio::test]
async fn a_server_error_of_the_crm_is_told_as_a_fault_of_ours() {
    let world = World::start().await;
    for code in [500, 503, 429] {
        world.fault(json!({"kind": "status", "code": code})).await;
        let answer = world.submit("callback", draft()).await;
        assert_refused(&answer, 502, "crm_error", "has a fault");
    }
}

#[tokio::test]
async fn a_page_instead_of_a_reply_is_not_passed_on() {
    let world = World::start().await;
    world.fault(json!({"kind": "html"})).await;
    let answer = world.submit("callback", draft()).await;
    assert_refused(&answer, 502, "crm_unreadable", "cannot read");
    assert!(!answer.1.to_string().contains('<'));
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_honestly_and_can_be_tried_again() {
    for when in ["before_reading", "before_storing", "after_storing"] {
        let world = World::start().await;
        world.fault(json!({"kind": "drop", "when": when})).await;
        let answer = world.submit("callback", draft()).await;
        assert_refused(&answer, 502, "crm_cut", "It will not be entered twice");
        assert_eq!(world.submit("callback", draft()).await.0, 200, "{when}");
        assert_eq!(world.deals().await.len(), 1, "{when}");
    }
}

/// A server that reads a whole request and answers with those bytes.
async fn answering(bytes: Vec<u8>) -> World {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            // Our boundaries end the body.
            while !request.ends_with(b"--\r\n") {
                if stream.read_buf(&mut request).await.unwrap() == 0 {
                    break;
                }
            }
            // One that stops listening is what some of these tests are about.
            let _ = stream.write_all(&bytes).await;
        }
    });
    World::with(|config| {
        config.crm_url = format!("http://{address}/").parse().unwrap();
        config.timeouts.crm_silence = millis(500);
    })
    .await
}

fn reply(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into()
}

#[tokio::test]
async fn only_a_reply_of_the_crm_counts_as_one() {
    for (status, body) in [
        ("200 OK", ""),
        ("200 OK", "null"),
        ("200 OK", "[]"),
        ("200 OK", "{\"message\":\"ok\"}"),
        ("200 OK", "{\"message\":\"success\""),
        ("404 Not Found", "{\"message\":\"success\",\"deal_id\":\"1\"}"),
        ("404 Not Found", "<h1>Not found</h1>"),
        ("302 Found", "{\"error_message\":\"moved\"}"),
    ] {
        let world = answering(reply(status, body)).await;
        let answer = world.submit("callback", draft()).await;
        assert_refused(&answer, 502, "crm_unreadable", "cannot read");
    }
}

#[tokio::test]
async fn a_reply_with_numbers_and_a_byte_order_mark_is_read() {
    let world =
        answering(reply("200 OK", "\u{feff}{\"message\":\"success\",\"deal_id\":5452}")).await;
    let (status, json) = world.submit("callback", draft()).await;
    assert_eq!((status, &json["deal_id"]), (200, &json!("5452")));
}

#[tokio::test]
async fn an_error_message_under_another_status_is_the_crm_s_refusal() {
    let world = answering(reply("400 Bad Request", "{\"error_message\":\"Wrong stage\"}")).await;
    let (status, json) = world.submit("callback", draft()).await;
    assert_eq!((status, json["code"].as_str()), (422, Some("crm_refused")));
    assert_eq!(json["error_message"], "Wrong stage");
}

#[tokio::test]
async fn an_endless_answer_is_given_up() {
    let long = format!("{{\"message\":\"success\",\"deal_id\":\"{}\"}}", "1".repeat(300_000));
    let world = answering(reply("200 OK", &long)).await;
    let answer = world.submit("callback", draft()).await;
    assert_refused(&answer, 502, "crm_unreadable", "cannot read");
}

#[tokio::test]
async fn an_answer_that_stops_half_way_ends_in_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"mess").await.unwrap();
        tokio::time::sleep(Duration::from_secs(30)).await;
    });
    let world = World::with(|config| {
        config.crm_url = format!("http://{address}/").parse().unwrap();
        config.timeouts.crm_silence = millis(300);
    })
    .await;
    let answer = world.submit("callback", draft()).await;
    assert_refused(&answer, 504, "crm_timeout", "takes too long");
}

#[tokio::test]
async fn the_key_follows_no_redirect() {
    let other = World::start().await;
    let location = other.sandbox.api_url();
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let answer =
            format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let world = answering(answer.into()).await;
        let answer = world.submit("callback", draft()).await;
        assert_refused(&answer, 502, "crm_unreadable", "cannot read");
    }
    assert_eq!(other.calls().await.len(), 0, "the proxy followed");
}

#[tokio::test]
async fn a_visitor_who_leaves_while_the_crm_works_has_a_deal_all_the_same() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_storing_ms": 400})).await;
    let body = quote().file("a.pdf", "application/pdf", &pdf(1_000_000));
    let request = world.post("quote", body).timeout(Duration::from_millis(200)).send();
    assert!(request.await.unwrap_err().is_timeout());
    tokio::time::sleep(Duration::from_millis(800)).await;
    let deal = world.deal().await;
    assert_eq!(deal["attachments"][0]["size"], 1_000_000);
    world.spool_empties().await;
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 500})).await;
    let request = tokio::spawn(world.post("callback", draft()).send());
    let World { proxy, sandbox, client, folder } = world;
    let calls = || async {
        let url = format!("{}requests.json", sandbox.url());
        client.get(url).send().await.unwrap().json::<Vec<Value>>().await.unwrap().len()
    };
    while calls().await == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let addr = proxy.addr;
    proxy.stop().await;
    let (status, json) = answer(request.await.unwrap().unwrap()).await;
    assert_eq!((status, &json["message"]), (200, &json!("success")));
    let again = client.get(format!("http://{addr}/healthz")).send().await;
    assert!(again.unwrap_err().is_connect());
    eventually("the spool is empty", || {
        crate::support::spooled(&folder.path().join("spool")).is_empty()
    })
    .await;
}
