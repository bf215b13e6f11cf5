//! A CRM that is away, slow or out of its mind.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use crate::support::{Multipart, World, answer, draft, eventually, millis, pdf, quote, reference};
use deal_proxy::Config;

fn is_received((status, json): &(u16, Value), reference: &str) -> bool {
    let expected = json!({"message": "received", "external_reference_id": reference});
    *status == 202 && *json == expected
}

#[tokio::test]
async fn the_crm_s_refusal_is_told_in_its_own_words_and_never_tried_again() {
    let world = World::start().await;
    let words = "Deal <b>closed</b> & \"locked\"";
    world.fault(json!({"kind": "refuse", "error_message": words})).await;
    for _ in 0..2 {
        let (status, json) = world.submit("callback", draft(&reference(1))).await;
        assert_eq!((status, json["code"].as_str()), (422, Some("crm_refused")));
        assert_eq!((&json["error_message"], &json["problems"]), (&json!(words), &json!([])));
    }
    let (status, json) = world.standing("callback", &reference(1)).await;
    let expected = json!({
        "state": "refused", "external_reference_id": reference(1), "revision": "",
        "error_message": words,
    });
    assert_eq!((status, json), (200, expected));
    // By the time that another one is tried again, so would have been this one.
    world.fault(json!({"kind": "status", "code": 503, "retry_after": 1})).await;
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 202);
    world.becomes("callback", &reference(2), "delivered").await;
    assert_eq!(world.calls().await.len(), 3);
}

#[tokio::test]
async fn a_crm_that_is_down_gets_the_deal_and_its_files_when_it_is_back() {
    // It listens to nobody, and nobody else has its port.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = closed.local_addr().unwrap();
    let down = World::with(|config| {
        config.crm_url = format!("http://{address}/site/api/crm_add_deal").parse().unwrap();
    })
    .await;
    let body = quote().text("external_reference_id", &reference(1));
    let body = body.file("a.pdf", "application/pdf", &pdf(100_000));
    assert!(is_received(&down.submit("quote", body).await, &reference(1)));
    assert_eq!(down.standing("quote", &reference(1)).await.1["state"], "received");
    assert_eq!(down.spooled().len(), 1);
    let back = down.restart(|_| {}).await;
    let status = back.becomes("quote", &reference(1), "delivered").await;
    let deal = back.deal().await;
    assert_eq!(deal["attachments"][0]["size"], 100_000);
    assert_eq!(status["reply"]["deal_id"], deal["deal_id"]);
    back.spool_empties().await;
}

#[tokio::test]
async fn a_slow_crm_is_asked_again_and_makes_no_second_deal() {
    let world = World::with(|config| config.timeouts.crm_silence = millis(300)).await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 600_000})).await;
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    world.becomes("callback", &reference(1), "delivered").await;
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn a_visitor_does_not_wait_longer_than_is_set_and_the_deal_comes_all_the_same() {
    let world = World::with(|config| config.timeouts.first_attempt = millis(200)).await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 600_000})).await;
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    world.repair().await;
    world.becomes("callback", &reference(1), "delivered").await;
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn a_sender_without_a_reference_is_told_the_one_that_it_got() {
    let world = World::start().await;
    world.fault(json!({"kind": "status", "code": 500})).await;
    let (status, json) = world.submit("callback", crate::support::callback()).await;
    assert_eq!((status, &json["message"]), (202, &json!("received")));
    let reference = json["external_reference_id"].as_str().unwrap();
    world.becomes("callback", reference, "delivered").await;
    assert_eq!(world.deal().await["external_reference_id"], reference);
}

#[tokio::test]
async fn what_is_no_answer_of_the_crm_s_is_tried_again_under_the_same_reference() {
    for fault in [
        json!({"kind": "status", "code": 408}),
        json!({"kind": "status", "code": 425}),
        json!({"kind": "status", "code": 429}),
        json!({"kind": "status", "code": 500}),
        json!({"kind": "status", "code": 503}),
        json!({"kind": "html"}),
        json!({"kind": "drop", "when": "before_reading"}),
        json!({"kind": "drop", "when": "before_storing"}),
        json!({"kind": "drop", "when": "after_storing"}),
    ] {
        let world = World::start().await;
        world.fault(fault.clone()).await;
        let answer = world.submit("callback", draft(&reference(1))).await;
        assert!(is_received(&answer, &reference(1)), "{fault}: {answer:?}");
        world.becomes("callback", &reference(1), "delivered").await;
        let deals = world.deals().await;
        assert_eq!(deals.len(), 1, "{fault}");
        assert_eq!(deals[0]["external_reference_id"], reference(1));
    }
}

#[tokio::test]
async fn the_crm_is_not_asked_before_the_time_that_it_names() {
    let world = World::start().await;
    let fault = json!({"kind": "status", "code": 503, "retry_after": 2});
    world.fault(fault).await;
    let begun = std::time::Instant::now();
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    // Sent again meanwhile, it is known, and asks no sooner.
    let (status, _) = world.submit("callback", draft(&reference(1))).await;
    assert_eq!(status, 200);
    assert!(begun.elapsed() >= Duration::from_secs(2), "{:?}", begun.elapsed());
    assert_eq!(world.calls().await.len(), 2);
}

#[tokio::test]
async fn with_a_wrong_key_everything_waits_for_a_probe_that_gets_through() {
    let world = World::with(|config| config.delivery.probe = millis(1_500)).await;
    let wrong = json!({"kind": "refuse", "error_message": "key is not a valid API key"});
    let unauthorized = json!({"kind": "status", "code": 401, "times": "until_cleared"});
    world.fault(json!([wrong, unauthorized])).await;
    let begun = std::time::Instant::now();
    for number in 1..5 {
        let answer = world.submit("callback", draft(&reference(number))).await;
        assert!(is_received(&answer, &reference(number)), "{answer:?}");
    }
    assert!(world.proxy.is_paused());
    world.repair().await;
    let calls = world.calls().await.len();
    // A machine that was held up for so long has seen probes.
    let probes = usize::try_from(begun.elapsed().as_millis() / 1_500).unwrap();
    assert!((4..=4 + probes).contains(&calls), "{calls} calls, {probes} of them probes");
    for number in 1..5 {
        world.becomes("callback", &reference(number), "delivered").await;
    }
    assert!(begun.elapsed() >= Duration::from_millis(1_500), "the probe came early");
    assert!(!world.proxy.is_paused());
    assert_eq!((world.deals().await.len(), world.calls().await.len()), (4, calls + 4));
}

#[tokio::test]
async fn words_that_a_firewall_dislikes_stop_nobody_else() {
    let firewall = |request: &[u8]| {
        if request.windows(12).any(|part| part == b"UNION SELECT") {
            reply("403 Forbidden", "<h1>Blocked</h1>")
        } else {
            reply("200 OK", "{\"message\":\"success\",\"deal_id\":\"1\"}")
        }
    };
    let world = asking(firewall, |config| {
        // Long enough for six submissions.
        config.delivery.probe = millis(1_000);
        config.delivery.retry_first = millis(50);
        config.delivery.give_up = millis(2_000);
    })
    .await;
    for number in 1..6 {
        let answer = world.submit("callback", attack(&reference(number))).await;
        assert!(is_received(&answer, &reference(number)), "{answer:?}");
    }
    assert!(world.proxy.is_paused());
    let (status, _) = world.submit("callback", draft(&reference(6))).await;
    assert_eq!((status, world.proxy.is_paused()), (200, false));
    // They are the only ones, and are set aside for the operator.
    for number in 1..6 {
        world.becomes("callback", &reference(number), "failed").await;
    }
}

#[tokio::test]
async fn a_refusal_about_the_key_says_nothing_good_of_the_key() {
    let works = Arc::new(AtomicBool::new(true));
    let key = Arc::clone(&works);
    let probes = Arc::new(AtomicUsize::new(0));
    let refused = Arc::clone(&probes);
    let crm = move |request: &[u8]| {
        let attack = request.windows(12).any(|part| part == b"UNION SELECT");
        if attack || !key.load(Ordering::SeqCst) {
            refused.fetch_add(1, Ordering::SeqCst);
            reply("200 OK", "{\"error_message\":\"Invalid API key\"}")
        } else {
            reply("200 OK", "{\"message\":\"success\",\"deal_id\":\"1\"}")
        }
    };
    let world = asking(crm, |config| config.delivery.probe = millis(1_000)).await;
    assert_eq!(world.submit("callback", attack(&reference(1))).await.0, 202);
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 200);
    // The first is alone to blame by now; then the key expires.
    works.store(false, Ordering::SeqCst);
    for number in 3..6 {
        assert_eq!(world.submit("callback", draft(&reference(number))).await.0, 202);
    }
    world.becomes("callback", &reference(1), "refused").await;
    assert!(world.proxy.is_paused(), "it vouched for the key");
    let before = probes.load(Ordering::SeqCst);
    eventually("a probe is told the same", || probes.load(Ordering::SeqCst) > before).await;
    works.store(true, Ordering::SeqCst);
    for number in 3..6 {
        world.becomes("callback", &reference(number), "delivered").await;
    }
}

#[tokio::test]
async fn words_that_ask_for_patience_are_no_refusal() {
    let world = World::with(|config| config.delivery.retry_first = millis(50)).await;
    let words = "The database is busy, please try again later";
    world.fault(json!({"kind": "refuse", "error_message": words, "times": 2})).await;
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    world.becomes("callback", &reference(1), "delivered").await;
    assert_eq!(world.calls().await.len(), 3);
}

#[tokio::test]
async fn what_never_gets_through_is_set_aside_and_not_lost() {
    let world = World::with(|config| {
        config.delivery.retry_first = millis(20);
        config.delivery.give_up = millis(200);
    })
    .await;
    world.fault(json!({"kind": "status", "code": 500, "times": "until_cleared"})).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    let status = world.becomes("callback", &reference(1), "failed").await;
    let expected =
        json!({"state": "failed", "external_reference_id": reference(1), "revision": ""});
    assert_eq!(status, expected);
    let calls = world.calls().await.len();
    assert!((2..10).contains(&calls), "{calls}");
    // Sent again by its visitor, it is tried anew.
    world.fault(json!([])).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
}

#[tokio::test]
async fn a_crm_that_may_have_the_deal_is_asked_ever_more_seldom() {
    let calls = Arc::new(AtomicUsize::new(0));
    let heard = Arc::clone(&calls);
    let crm = move |_: &[u8]| {
        heard.fetch_add(1, Ordering::SeqCst);
        reply("200 OK", "<h1>Thank you!</h1>")
    };
    let world = asking(crm, |config| {
        config.delivery.retry_first = millis(1);
        config.delivery.retry_longest = millis(1);
        config.delivery.give_up = millis(800);
    })
    .await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    world.becomes("callback", &reference(1), "failed").await;
    let calls = calls.load(Ordering::SeqCst);
    assert!((15..40).contains(&calls), "{calls}");
}

/// A submission whose words look like an attack on a database.
fn attack(reference: &str) -> Multipart {
    Multipart::new()
        .text("contact_name", "' UNION SELECT 1")
        .text("contact_phone", "030 123456")
        .text("external_reference_id", reference)
}

/// A server that reads a whole request and answers with those bytes.
async fn answering(bytes: Vec<u8>) -> World {
    asking(move |_| bytes.clone(), |_| {}).await
}

/// A server that reads a whole request and is asked what it answers.
async fn asking(
    answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static,
    change: impl FnOnce(&mut Config),
) -> World {
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
            let _ = stream.write_all(&answer(&request)).await;
        }
    });
    World::with(|config| {
        config.crm_url = format!("http://{address}/").parse().unwrap();
        change(config);
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
    for (status, body, paused) in [
        ("200 OK", "", false),
        ("200 OK", "null", false),
        ("200 OK", "[]", false),
        ("200 OK", "{\"message\":\"ok\"}", false),
        ("200 OK", "{\"message\":\"success\"", false),
        ("400 Bad Request", "{\"message\":\"success\",\"deal_id\":\"1\"}", false),
        ("404 Not Found", "{\"message\":\"success\",\"deal_id\":\"1\"}", true),
        ("404 Not Found", "<h1>Not found</h1>", true),
        ("301 Moved Permanently", "", true),
        ("302 Found", "{\"error_message\":\"moved\"}", true),
        ("307 Temporary Redirect", "", true),
        ("401 Unauthorized", "", true),
        ("403 Forbidden", "{\"error_message\":\"Invalid key\"}", true),
    ] {
        let world = answering(reply(status, body)).await;
        let answer = world.submit("callback", draft(&reference(1))).await;
        assert!(is_received(&answer, &reference(1)), "{status} {body}: {answer:?}");
        assert_eq!(world.proxy.is_paused(), paused, "{status} {body}");
    }
}

#[tokio::test]
async fn a_reply_with_numbers_and_a_byte_order_mark_is_read() {
    let world =
        answering(reply("200 OK", "\u{feff}{\"message\":\"success\",\"deal_id\":5452}")).await;
    let (status, json) = world.submit("callback", draft(&reference(1))).await;
    assert_eq!((status, &json["deal_id"]), (200, &json!("5452")));
}

#[tokio::test]
async fn an_error_message_under_another_status_is_the_crm_s_refusal() {
    let world = answering(reply("400 Bad Request", "{\"error_message\":\"Wrong stage\"}")).await;
    let (status, json) = world.submit("callback", draft(&reference(1))).await;
    assert_eq!((status, json["code"].as_str()), (422, Some("crm_refused")));
    assert_eq!(json["error_message"], "Wrong stage");
}

#[tokio::test]
async fn an_endless_answer_is_given_up() {
    let long = format!("{{\"message\":\"success\",\"deal_id\":\"{}\"}}", "1".repeat(300_000));
    let world = answering(reply("200 OK", &long)).await;
    let answer = world.submit("callback", draft(&reference(1))).await;
    assert!(is_received(&answer, &reference(1)), "{answer:?}");
}

#[tokio::test]
async fn an_answer_that_stops_half_way_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"mess").await.unwrap();
        std::future::pending::<()>().await;
    });
    let world = World::with(|config| {
        config.crm_url = format!("http://{address}/").parse().unwrap();
        config.timeouts.crm_silence = millis(300);
    })
    .await;
    let answer = world.submit("callback", draft(&reference(1))).await;
    assert!(is_received(&answer, &reference(1)), "{answer:?}");
}

#[tokio::test]
async fn the_key_follows_no_redirect() {
    let other = World::start().await;
    let location = other.sandbox.api_url();
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let answer =
            format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let world = answering(answer.into()).await;
        let answer = world.submit("callback", draft(&reference(1))).await;
        assert!(is_received(&answer, &reference(1)), "{answer:?}");
    }
    assert_eq!(other.calls().await.len(), 0, "the proxy followed");
}

#[tokio::test]
async fn a_visitor_who_leaves_while_the_crm_works_has_a_deal_all_the_same() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_storing_ms": 600_000})).await;
    let body = quote().text("external_reference_id", &reference(1));
    let body = body.file("a.pdf", "application/pdf", &pdf(1_000_000));
    let request = tokio::spawn(world.post("quote", body).send());
    world.is_called().await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    world.repair().await;
    world.becomes("quote", &reference(1), "delivered").await;
    let deal = world.deal().await;
    assert_eq!(deal["attachments"][0]["size"], 1_000_000);
    world.spool_empties().await;
}

#[tokio::test]
async fn a_stop_finishes_what_is_under_way() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 500})).await;
    let request = tokio::spawn(world.post("callback", draft(&reference(1))).send());
    world.is_called().await;
    let World { proxy, sandbox: _sandbox, client, folder } = world;
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
