//! A CRM that is unreachable or slow, or that gives unexpected responses.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};

use crate::support::{
    Multipart, World, callback, draft, millis, pdf, quote, read_json, reference, spooled,
    wait_until,
};
use deal_proxy::Config;

fn is_received((status, json): &(u16, Value), reference: &str) -> bool {
    let expected = json!({"message": "received", "external_reference_id": reference});
    *status == 202 && *json == expected
}

#[tokio::test]
async fn passes_on_a_refusal_by_the_crm_verbatim_and_does_not_retry() {
    let world = World::start().await;
    let message = "Deal <b>closed</b> & \"locked\"";
    world.set_faults(json!({"kind": "refuse", "error_message": message})).await;
    for _ in 0..2 {
        let (status, json) = world.submit("callback", draft(&reference(1))).await;
        assert_eq!((status, json["code"].as_str()), (422, Some("crm_refused")));
        assert_eq!((&json["error_message"], &json["problems"]), (&json!(message), &json!([])));
    }
    let (status, json) = world.submission_status("callback", &reference(1)).await;
    let expected = json!({
        "state": "refused", "external_reference_id": reference(1), "revision": "",
        "error_message": message,
    });
    assert_eq!((status, json), (200, expected));
    // A retry of the first submission would have happened before the retry of the second.
    world.set_faults(json!({"kind": "status", "code": 503, "retry_after": 1})).await;
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 202);
    world.wait_for_state("callback", &reference(2), "delivered").await;
    assert_eq!(world.calls().await.len(), 3);
}

#[tokio::test]
async fn delivers_a_deal_and_its_files_once_the_crm_is_reachable_again() {
    // The port is reserved, but nothing listens on it.
    let closed = TcpSocket::new_v4().unwrap();
    closed.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = closed.local_addr().unwrap();
    let down = World::with_config(|config| {
        config.crm_url = format!("http://{address}/site/api/crm_add_deal").parse().unwrap();
    })
    .await;
    let body = quote().text("external_reference_id", &reference(1));
    let body = body.file("a.pdf", "application/pdf", &pdf(100_000));
    assert!(is_received(&down.submit("quote", body).await, &reference(1)));
    assert_eq!(down.submission_status("quote", &reference(1)).await.1["state"], "received");
    assert_eq!(down.spooled().len(), 1);
    let back = down.restart(|_| {}).await;
    let status = back.wait_for_state("quote", &reference(1), "delivered").await;
    let deal = back.deal().await;
    assert_eq!(deal["attachments"][0]["size"], 100_000);
    assert_eq!(status["reply"]["deal_id"], deal["deal_id"]);
    back.wait_for_empty_spool().await;
}

#[tokio::test]
async fn retries_after_a_timeout_without_a_second_deal() {
    let world = World::with_config(|config| config.timeouts.crm_silence = millis(300)).await;
    world.set_faults(json!({"kind": "delay", "before_responding_ms": 600_000})).await;
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    world.wait_for_state("callback", &reference(1), "delivered").await;
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn responds_with_202_after_the_first_attempt_timeout_and_still_delivers() {
    let world = World::with_config(|config| config.timeouts.first_attempt = millis(200)).await;
    world.set_faults(json!({"kind": "delay", "before_responding_ms": 600_000})).await;
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    world.clear_faults().await;
    world.wait_for_state("callback", &reference(1), "delivered").await;
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn returns_the_assigned_reference_to_a_sender_without_one() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "status", "code": 500})).await;
    let (status, json) = world.submit("callback", callback()).await;
    assert_eq!((status, &json["message"]), (202, &json!("received")));
    let reference = json["external_reference_id"].as_str().unwrap();
    world.wait_for_state("callback", reference, "delivered").await;
    assert_eq!(world.deal().await["external_reference_id"], reference);
}

#[tokio::test]
async fn retries_with_the_same_reference_after_an_error_or_interruption_by_the_crm() {
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
        world.set_faults(fault.clone()).await;
        let response = world.submit("callback", draft(&reference(1))).await;
        assert!(is_received(&response, &reference(1)), "{fault}: {response:?}");
        world.wait_for_state("callback", &reference(1), "delivered").await;
        let deals = world.deals().await;
        assert_eq!(deals.len(), 1, "{fault}");
        assert_eq!(deals[0]["external_reference_id"], reference(1));
    }
}

#[tokio::test]
async fn retries_no_sooner_than_retry_after_says() {
    let world = World::start().await;
    let fault = json!({"kind": "status", "code": 503, "retry_after": 2});
    world.set_faults(fault).await;
    let started = std::time::Instant::now();
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    // Sending the form again does not make the proxy retry earlier.
    let (status, _) = world.submit("callback", draft(&reference(1))).await;
    assert_eq!(status, 200);
    assert!(started.elapsed() >= Duration::from_secs(2), "{:?}", started.elapsed());
    assert_eq!(world.calls().await.len(), 2);
}

#[tokio::test]
async fn pauses_all_retries_after_rejections_of_the_key_until_a_probe_succeeds() {
    let world = World::with_config(|config| config.delivery.probe = millis(1_500)).await;
    let wrong = json!({"kind": "refuse", "error_message": "key is not a valid API key"});
    let unauthorized = json!({"kind": "status", "code": 401, "times": "until_cleared"});
    world.set_faults(json!([wrong, unauthorized])).await;
    let started = std::time::Instant::now();
    for number in 1..5 {
        let response = world.submit("callback", draft(&reference(number))).await;
        assert!(is_received(&response, &reference(number)), "{response:?}");
    }
    assert!(world.proxy.is_paused());
    world.clear_faults().await;
    let calls = world.calls().await.len();
    // A slow machine may have sent probes by now.
    let probes = usize::try_from(started.elapsed().as_millis() / 1_500).unwrap();
    assert!((4..=4 + probes).contains(&calls), "{calls} calls, {probes} of them probes");
    for number in 1..5 {
        world.wait_for_state("callback", &reference(number), "delivered").await;
    }
    assert!(started.elapsed() >= Duration::from_millis(1_500), "the probe was too early");
    assert!(!world.proxy.is_paused());
    assert_eq!((world.deals().await.len(), world.calls().await.len()), (4, calls + 4));
}

#[tokio::test]
async fn delivers_other_submissions_while_a_firewall_blocks_some() {
    let firewall = |request: &[u8]| {
        if request.windows(12).any(|part| part == b"UNION SELECT") {
            http_response("403 Forbidden", "<h1>Blocked</h1>")
        } else {
            http_response("200 OK", "{\"message\":\"success\",\"deal_id\":\"1\"}")
        }
    };
    let world = with_crm(firewall, |config| {
        // This interval is long enough for six submissions.
        config.delivery.probe = millis(1_000);
        config.delivery.retry_first = millis(50);
        config.delivery.give_up = millis(2_000);
    })
    .await;
    for number in 1..6 {
        let response = world.submit("callback", attack(&reference(number))).await;
        assert!(is_received(&response, &reference(number)), "{response:?}");
    }
    assert!(world.proxy.is_paused());
    let (status, _) = world.submit("callback", draft(&reference(6))).await;
    assert_eq!((status, world.proxy.is_paused()), (200, false));
    // Only the blocked submissions fail; the operator can retry them.
    for number in 1..6 {
        world.wait_for_state("callback", &reference(number), "failed").await;
    }
}

#[tokio::test]
async fn stays_paused_after_a_refusal_about_the_key() {
    let works = Arc::new(AtomicBool::new(true));
    let key = Arc::clone(&works);
    let probes = Arc::new(AtomicUsize::new(0));
    let refused = Arc::clone(&probes);
    let crm = move |request: &[u8]| {
        let attack = request.windows(12).any(|part| part == b"UNION SELECT");
        if attack || !key.load(Ordering::SeqCst) {
            refused.fetch_add(1, Ordering::SeqCst);
            http_response("200 OK", "{\"error_message\":\"Invalid API key\"}")
        } else {
            http_response("200 OK", "{\"message\":\"success\",\"deal_id\":\"1\"}")
        }
    };
    let world = with_crm(crm, |config| config.delivery.probe = millis(1_000)).await;
    assert_eq!(world.submit("callback", attack(&reference(1))).await.0, 202);
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 200);
    // The success shows that the key works, so only the first submission is suspect. Then the key expires.
    works.store(false, Ordering::SeqCst);
    for number in 3..6 {
        assert_eq!(world.submit("callback", draft(&reference(number))).await.0, 202);
    }
    world.wait_for_state("callback", &reference(1), "refused").await;
    assert!(world.proxy.is_paused(), "the refusal counted as proof of a valid key");
    let before = probes.load(Ordering::SeqCst);
    wait_until("a probe is refused, too", async || probes.load(Ordering::SeqCst) > before).await;
    works.store(true, Ordering::SeqCst);
    for number in 3..6 {
        world.wait_for_state("callback", &reference(number), "delivered").await;
    }
}

#[tokio::test]
async fn retries_after_a_refusal_that_asks_to_try_again_later() {
    let world = World::with_config(|config| config.delivery.retry_first = millis(50)).await;
    let message = "The database is busy, please try again later";
    world.set_faults(json!({"kind": "refuse", "error_message": message, "times": 2})).await;
    assert!(is_received(&world.submit("callback", draft(&reference(1))).await, &reference(1)));
    world.wait_for_state("callback", &reference(1), "delivered").await;
    assert_eq!(world.calls().await.len(), 3);
}

#[tokio::test]
async fn keeps_a_submission_that_fails_for_good_and_accepts_it_again() {
    let world = World::with_config(|config| {
        config.delivery.retry_first = millis(20);
        config.delivery.give_up = millis(200);
    })
    .await;
    world.set_faults(json!({"kind": "status", "code": 500, "times": "until_cleared"})).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    let status = world.wait_for_state("callback", &reference(1), "failed").await;
    let expected =
        json!({"state": "failed", "external_reference_id": reference(1), "revision": ""});
    assert_eq!(status, expected);
    let calls = world.calls().await.len();
    assert!((2..10).contains(&calls), "{calls}");
    // The visitor sends the submission again, and the CRM accepts it.
    world.set_faults(json!([])).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
}

#[tokio::test]
async fn keeps_doubling_the_wait_while_the_result_of_a_call_is_uncertain() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let crm = move |_: &[u8]| {
        counter.fetch_add(1, Ordering::SeqCst);
        http_response("200 OK", "<h1>Thank you!</h1>")
    };
    let world = with_crm(crm, |config| {
        config.delivery.retry_first = millis(1);
        config.delivery.retry_longest = millis(1);
        config.delivery.give_up = millis(800);
    })
    .await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    world.wait_for_state("callback", &reference(1), "failed").await;
    let calls = calls.load(Ordering::SeqCst);
    assert!((15..40).contains(&calls), "{calls}");
}

/// Returns a submission whose text looks like an SQL injection.
fn attack(reference: &str) -> Multipart {
    Multipart::new()
        .text("contact_name", "' UNION SELECT 1")
        .text("contact_phone", "030 123456")
        .text("external_reference_id", reference)
}

/// Starts a proxy whose CRM always gives the same response.
async fn with_response(bytes: Vec<u8>) -> World {
    with_crm(move |_| bytes.clone(), |_| {}).await
}

/// Starts a proxy whose CRM computes the response to each request.
async fn with_crm(
    respond: impl Fn(&[u8]) -> Vec<u8> + Send + 'static,
    change: impl FnOnce(&mut Config),
) -> World {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            // The body ends with the proxy's closing boundary.
            while !request.ends_with(b"--\r\n") {
                if stream.read_buf(&mut request).await.unwrap() == 0 {
                    break;
                }
            }
            // In some tests, the proxy stops reading the response.
            let _ = stream.write_all(&respond(&request)).await;
        }
    });
    World::with_config(|config| {
        config.crm_url = format!("http://{address}/").parse().unwrap();
        change(config);
    })
    .await
}

fn http_response(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into()
}

#[tokio::test]
async fn keeps_a_submission_after_a_response_that_is_not_a_reply_from_the_crm() {
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
        let world = with_response(http_response(status, body)).await;
        let response = world.submit("callback", draft(&reference(1))).await;
        assert!(is_received(&response, &reference(1)), "{status} {body}: {response:?}");
        assert_eq!(world.proxy.is_paused(), paused, "{status} {body}");
    }
}

#[tokio::test]
async fn reads_a_reply_with_numbers_and_a_byte_order_mark() {
    let world = with_response(http_response(
        "200 OK",
        "\u{feff}{\"message\":\"success\",\"deal_id\":5452}",
    ))
    .await;
    let (status, json) = world.submit("callback", draft(&reference(1))).await;
    assert_eq!((status, &json["deal_id"]), (200, &json!("5452")));
}

#[tokio::test]
async fn treats_an_error_message_with_status_400_as_a_refusal() {
    let world =
        with_response(http_response("400 Bad Request", "{\"error_message\":\"Wrong stage\"}"))
            .await;
    let (status, json) = world.submit("callback", draft(&reference(1))).await;
    assert_eq!((status, json["code"].as_str()), (422, Some("crm_refused")));
    assert_eq!(json["error_message"], "Wrong stage");
}

#[tokio::test]
async fn keeps_a_submission_after_a_response_that_is_too_long() {
    let long = format!("{{\"message\":\"success\",\"deal_id\":\"{}\"}}", "1".repeat(300_000));
    let world = with_response(http_response("200 OK", &long)).await;
    let response = world.submit("callback", draft(&reference(1))).await;
    assert!(is_received(&response, &reference(1)), "{response:?}");
}

#[tokio::test]
async fn times_out_on_an_incomplete_response() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"mess").await.unwrap();
        std::future::pending::<()>().await;
    });
    let world = World::with_config(|config| {
        config.crm_url = format!("http://{address}/").parse().unwrap();
        config.timeouts.crm_silence = millis(300);
    })
    .await;
    let response = world.submit("callback", draft(&reference(1))).await;
    assert!(is_received(&response, &reference(1)), "{response:?}");
}

#[tokio::test]
async fn does_not_follow_redirects_that_would_reveal_the_key() {
    let other = World::start().await;
    let location = other.sandbox.api_url();
    for status in ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"] {
        let response =
            format!("HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n");
        let world = with_response(response.into()).await;
        let response = world.submit("callback", draft(&reference(1))).await;
        assert!(is_received(&response, &reference(1)), "{response:?}");
    }
    assert_eq!(other.calls().await.len(), 0, "the proxy followed a redirect");
}

#[tokio::test]
async fn delivers_a_submission_whose_visitor_leaves_before_the_crm_replies() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "delay", "before_storing_ms": 600_000})).await;
    let body = quote().text("external_reference_id", &reference(1));
    let body = body.file("a.pdf", "application/pdf", &pdf(1_000_000));
    let request = tokio::spawn(world.post("quote", body).send());
    world.wait_for_call().await;
    request.abort();
    assert!(request.await.unwrap_err().is_cancelled());
    world.clear_faults().await;
    world.wait_for_state("quote", &reference(1), "delivered").await;
    let deal = world.deal().await;
    assert_eq!(deal["attachments"][0]["size"], 1_000_000);
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn finishes_a_delivery_in_progress_before_it_stops() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "delay", "before_responding_ms": 500})).await;
    let request = tokio::spawn(world.post("callback", draft(&reference(1))).send());
    world.wait_for_call().await;
    let World { proxy, sandbox: _sandbox, client, folder } = world;
    let addr = proxy.addr;
    proxy.stop().await;
    let (status, json) = read_json(request.await.unwrap().unwrap()).await;
    assert_eq!((status, &json["message"]), (200, &json!("success")));
    let again = client.get(format!("http://{addr}/healthz")).send().await;
    assert!(again.unwrap_err().is_connect());
    let spool = folder.path().join("spool");
    wait_until("the spool is empty", async || spooled(&spool).is_empty()).await;
}
