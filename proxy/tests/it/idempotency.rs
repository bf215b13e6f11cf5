//! A draft becomes one deal, even if it is sent repeatedly, simultaneously or with changes.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::raw::{Raw, post_head};
use crate::support::{
    DEADLINE, Multipart, World, draft, millis, quote, read_json, reference, wait_until,
};

/// Returns a submission of the quote form with a reference and a file.
fn with_file(reference: &str, note: &str, bytes: &[u8]) -> Multipart {
    Multipart::new()
        .text("contact_name", "Zoë Söhne")
        .text("contact_email", "zoe@example.com")
        .text("project_type", "shop")
        .text("note", note)
        .text("external_reference_id", reference)
        .file("offer.pdf", "application/pdf", &[b"%PDF-", bytes].concat())
}

/// Returns the note that the CRM gets: the visitor's note, and the answer for the custom field.
fn note(own: &str) -> Value {
    json!(format!("{own}\r\n\r\nWhat is it about? An online shop"))
}

async fn text(world: &World, form: &str, body: Multipart) -> (u16, String) {
    let response = world.post(form, body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn repeats_the_stored_reply_for_the_same_content_without_calling_the_crm() {
    let world = World::start().await;
    let first = text(&world, "quote", with_file(&reference(1), "A shop.", b"x")).await;
    assert_eq!(first.0, 200);
    let again = text(&world, "quote", with_file(&reference(1), "A shop.", b"x")).await;
    assert_eq!(again, first);
    assert_eq!(world.calls().await.len(), 1);
    // The stored response survives a restart.
    let world = world.restart(|_| {}).await;
    let again = text(&world, "quote", with_file(&reference(1), "A shop.", b"x")).await;
    assert_eq!(again, first);
    assert_eq!(world.calls().await.len(), 1);
    let (_, status) = world.submission_status("quote", &reference(1)).await;
    assert_eq!(status["reply"], serde_json::from_str::<Value>(&first.1).unwrap());
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn creates_one_deal_from_a_plain_form_that_is_submitted_repeatedly() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "delay", "before_responding_ms": 300})).await;
    let press = |plan: &[u8]| {
        let body = quote().file("plan.txt", "text/plain", plan);
        world.post("quote", body).header("Accept", "text/html").send()
    };
    let (first, second) = tokio::join!(press(b"A shop."), press(b"A shop."));
    let third = press(b"A shop.").await.unwrap();
    for response in [first.unwrap(), second.unwrap(), third] {
        assert_eq!(response.status(), 200);
    }
    assert_eq!((world.calls().await.len(), world.deals().await.len()), (1, 1));
    // Other content without a reference creates another deal.
    assert_eq!(press(b"A house.").await.unwrap().status(), 200);
    let deals = world.deals().await;
    assert_eq!(deals.len(), 2);
    let reference = |deal: &Value| deal["external_reference_id"].as_str().unwrap().to_owned();
    assert_eq!(reference(&deals[0]).len(), "web-".len() + 32);
    assert_ne!(reference(&deals[0]), reference(&deals[1]));
}

#[tokio::test]
async fn updates_the_deal_if_an_answer_or_a_file_changes_after_delivery() {
    let world = World::start().await;
    for (note, bytes) in [("A shop.", b"x"), ("A shop for tea.", b"x"), ("A shop for tea.", b"y")] {
        let (status, json) = world.submit("quote", with_file(&reference(1), note, bytes)).await;
        assert_eq!((status, &json["message"]), (200, &json!("success")));
    }
    let calls = world.calls().await;
    let outcomes: Vec<&str> = calls.iter().map(|call| call["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["added", "updated", "updated"]);
    let deals = world.deals().await;
    assert_eq!((deals.len(), &deals[0]["notes"][2]["text"]), (1, &note("A shop for tea.")));
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn replaces_queued_content_with_a_correction() {
    let world = World::with_config(|config| config.delivery.retry_first = millis(2_000)).await;
    world.set_faults(json!({"kind": "status", "code": 500})).await;
    let first = with_file(&reference(1), "Wrong", b"first");
    assert_eq!(world.submit("quote", first).await.0, 202);
    assert_eq!(world.spooled().len(), 1);
    let second = with_file(&reference(1), "Right", b"second!");
    assert_eq!(world.submit("quote", second).await.0, 200);
    let deal = world.deal().await;
    assert_eq!(deal["notes"].as_array().unwrap().len(), 1);
    assert_eq!(deal["notes"][0]["text"], note("Right"));
    assert_eq!(deal["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(deal["attachments"][0]["size"], 12);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(world.calls().await.len(), 2, "the replaced content was sent");
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn sends_a_correction_after_the_attempt_in_progress() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "delay", "before_storing_ms": 600_000})).await;
    let first = world.post("quote", with_file(&reference(1), "First", b"first")).send();
    let first = tokio::spawn(first);
    world.wait_for_call().await;
    let second = world.post("quote", with_file(&reference(1), "Second", b"2nd")).send();
    let second = tokio::spawn(second);
    // The first request gets 202, because its content is replaced during the attempt.
    assert_eq!(first.await.unwrap().unwrap().status(), 202);
    world.clear_faults().await;
    let (status, json) = read_json(second.await.unwrap().unwrap()).await;
    assert_eq!(status, 200, "{json}");
    let calls = world.calls().await;
    assert_eq!(calls.iter().map(|call| &call["outcome"]).collect::<Vec<_>>(), ["added", "updated"]);
    let notes = world.deal().await["notes"].clone();
    assert_eq!((&notes[0]["text"], &notes[1]["text"]), (&note("First"), &note("Second")));
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn makes_one_call_for_eight_simultaneous_requests_and_gives_them_the_same_response() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "delay", "before_storing_ms": 300})).await;
    let sent: Vec<_> = (0..8)
        .map(|_| world.post("quote", with_file(&reference(1), "Twins", &vec![7; 50_000])).send())
        .map(tokio::spawn)
        .collect();
    let mut responses = Vec::new();
    for one in sent {
        let response = one.await.unwrap().unwrap();
        responses.push((response.status().as_u16(), response.text().await.unwrap()));
    }
    assert_eq!(responses[0].0, 200);
    assert!(responses.iter().all(|response| *response == responses[0]), "{responses:?}");
    assert_eq!(world.calls().await.len(), 1);
    assert_eq!(world.deals().await.len(), 1);
    world.wait_for_empty_spool().await;
}

#[tokio::test]
async fn responds_with_202_to_simultaneous_requests_after_the_first_attempt_timeout() {
    let world = World::with_config(|config| config.timeouts.first_attempt = millis(300)).await;
    world.set_faults(json!({"kind": "delay", "before_responding_ms": 600_000})).await;
    let (one, two) = tokio::join!(
        world.submit("callback", draft(&reference(1))),
        world.submit("callback", draft(&reference(1))),
    );
    assert_eq!((one.0, two.0), (202, 202));
    assert_eq!(one.1, two.1);
    world.clear_faults().await;
    world.wait_for_state("callback", &reference(1), "delivered").await;
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn refuses_a_malformed_reference_and_a_reference_of_another_form() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    let other = quote().text("external_reference_id", &reference(1));
    for (form, body) in [("quote", other), ("callback", draft("Deal656588"))] {
        let (status, json) = world.submit(form, body).await;
        assert_eq!(status, 422);
        assert_eq!(json["problems"][0]["code"], "reference_shape");
    }
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn responds_with_404_to_a_status_request_for_an_unknown_submission() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    for (form, reference, code) in [
        ("callback", reference(2), "submission_unknown"),
        ("quote", reference(1), "submission_unknown"),
        ("callback", "Deal656588".to_owned(), "submission_unknown"),
        ("nothing", reference(1), "form_unknown"),
    ] {
        let (status, json) = world.submission_status(form, &reference).await;
        assert_eq!((status, json["code"].as_str()), (404, Some(code)), "{form} {reference}");
    }
    // An incomplete request leaves no submission.
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(post_head("quote", "Content-Length: 9000000")).await;
    raw.send(with_file(&reference(3), "Cut", &vec![1; 500_000]).unfinished()).await;
    wait_until("the file is being spooled", async || !world.spooled().is_empty()).await;
    drop(raw);
    world.wait_for_empty_spool().await;
    assert_eq!(world.submission_status("quote", &reference(3)).await.0, 404);
}

#[tokio::test]
async fn serves_the_status_to_allowed_origins_and_forbids_caching() {
    let origin = "https://www.example.com";
    let world = World::with_config(|config| {
        config.allowed_origins = vec![origin.to_owned().try_into().unwrap()];
    })
    .await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    let path = format!("/forms/callback/submissions/{}", reference(1));
    let response = world.get(&path).header("origin", origin).send().await.unwrap();
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap());
    assert_eq!(header("access-control-allow-origin"), Some(origin));
    assert_eq!(header("cache-control"), Some("no-store"));
    let response = world.get(&path).header("origin", "https://other.example").send().await.unwrap();
    assert_eq!(response.headers().get("access-control-allow-origin"), None);
}

#[tokio::test]
async fn removes_settled_submissions_after_the_keep_time_and_keeps_queued_ones() {
    let world = World::with_config(|config| config.delivery.retry_first = millis(600_000)).await;
    world.set_faults(json!([{"kind": "refuse"}, {"kind": "status", "code": 500}])).await;
    let responses = [(1, 422), (2, 202), (3, 200)];
    for (number, expected) in responses {
        let body = with_file(&reference(number), "A shop.", b"x");
        assert_eq!(world.submit("quote", body).await.0, expected);
    }
    // Files of refused submissions are kept, because the operator may fix the cause and retry them.
    wait_until("the files of the delivered submission are removed", async || {
        world.spooled().len() == 2
    })
    .await;
    let world = world.restart(|config| config.delivery.keep = millis(1)).await;
    for number in [1, 3] {
        wait_until("the submission is removed", async || {
            world.submission_status("quote", &reference(number)).await.0 == 404
        })
        .await;
    }
    assert_eq!(world.submission_status("quote", &reference(2)).await.1["state"], "received");
    wait_until("the files of the refused submission are removed", async || {
        world.spooled().len() == 1
    })
    .await;
}

#[tokio::test]
async fn resumes_10_000_queued_submissions_after_a_restart() {
    // Copy one submission in the journal, because that is faster than sending 10,000.
    let world = World::with_config(|config| config.delivery.probe = millis(600_000)).await;
    world.set_faults(json!({"kind": "status", "code": 403, "times": "until_cleared"})).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    assert!(world.proxy.is_paused());
    let journal = world.folder.path().join("spool/journal.sqlite");
    let copies = "INSERT INTO submissions
            (reference, form, content, state, body, received_at, due_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
        SELECT printf('web-%032x', i), form, content, 'queued', body, received_at, due_at
        FROM n, (SELECT * FROM submissions LIMIT 1)";
    rusqlite::Connection::open(&journal).unwrap().execute_batch(copies).unwrap();
    world.set_faults(json!([])).await;
    let started = std::time::Instant::now();
    let world = world.restart(|config| config.delivery.at_once = 64).await;
    // The target on an idle machine is two seconds.
    assert!(started.elapsed() < DEADLINE, "{:?}", started.elapsed());
    assert_eq!(world.proxy.counts().await.unwrap().queued, 10_000);
    // A new submission does not wait for the queue.
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 200);
    assert!(world.proxy.counts().await.unwrap().queued > 0, "the queue was already empty");
}
