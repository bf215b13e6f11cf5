//! One draft, one reference, one deal: whatever is sent twice, at once, or otherwise the second time.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::raw::Raw;
use crate::support::{
    Multipart, PATIENCE, World, answer, draft, eventually, millis, quote, reference,
};

/// A draft of the quote form with a file.
fn with_file(reference: &str, note: &str, bytes: &[u8]) -> Multipart {
    Multipart::new()
        .text("contact_name", "Zoë Söhne")
        .text("contact_email", "zoe@example.com")
        .text("project_type", "shop")
        .text("note", note)
        .text("external_reference_id", reference)
        .file("offer.pdf", "application/pdf", &[b"%PDF-", bytes].concat())
}

async fn text(world: &World, form: &str, body: Multipart) -> (u16, String) {
    let response = world.post(form, body).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

#[tokio::test]
async fn what_is_sent_again_is_answered_byte_for_byte_and_the_crm_hears_nothing() {
    let world = World::start().await;
    let first = text(&world, "quote", with_file(&reference(1), "A shop.", b"x")).await;
    assert_eq!(first.0, 200);
    let again = text(&world, "quote", with_file(&reference(1), "A shop.", b"x")).await;
    assert_eq!(again, first);
    assert_eq!(world.calls().await.len(), 1);
    // After a restart too.
    let world = world.restart(|_| {}).await;
    let again = text(&world, "quote", with_file(&reference(1), "A shop.", b"x")).await;
    assert_eq!(again, first);
    assert_eq!(world.calls().await.len(), 1);
    let (_, status) = world.standing("quote", &reference(1)).await;
    assert_eq!(status["reply"], serde_json::from_str::<Value>(&first.1).unwrap());
    world.spool_empties().await;
}

#[tokio::test]
async fn pressing_twice_on_a_pasted_plain_form_makes_one_deal() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 300})).await;
    let press = |plan: &[u8]| {
        let body = quote().file("plan.txt", "text/plain", plan);
        world.post("quote", body).header("Accept", "text/html").send()
    };
    let (first, second) = tokio::join!(press(b"A shop."), press(b"A shop."));
    let third = press(b"A shop.").await.unwrap();
    for answer in [first.unwrap(), second.unwrap(), third] {
        assert_eq!(answer.status(), 200);
    }
    assert_eq!((world.calls().await.len(), world.deals().await.len()), (1, 1));
    // Whoever sends something else wants something else.
    assert_eq!(press(b"A house.").await.unwrap().status(), 200);
    let deals = world.deals().await;
    assert_eq!(deals.len(), 2);
    let reference = |deal: &Value| deal["external_reference_id"].as_str().unwrap().to_owned();
    assert_eq!(reference(&deals[0]).len(), "web-".len() + 32);
    assert_ne!(reference(&deals[0]), reference(&deals[1]));
}

#[tokio::test]
async fn another_text_or_another_file_after_delivery_updates_the_same_deal() {
    let world = World::start().await;
    for (note, bytes) in [("A shop.", b"x"), ("A shop for tea.", b"x"), ("A shop for tea.", b"y")] {
        let (status, json) = world.submit("quote", with_file(&reference(1), note, bytes)).await;
        assert_eq!((status, &json["message"]), (200, &json!("success")));
    }
    let calls = world.calls().await;
    let outcomes: Vec<&str> = calls.iter().map(|call| call["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["added", "updated", "updated"]);
    let deals = world.deals().await;
    assert_eq!((deals.len(), &deals[0]["notes"][2]["text"]), (1, &json!("A shop for tea.")));
    world.spool_empties().await;
}

#[tokio::test]
async fn another_content_takes_the_place_of_what_is_still_queued() {
    let world = World::with(|config| config.delivery.retry_first = millis(2_000)).await;
    world.fault(json!({"kind": "status", "code": 500})).await;
    let first = with_file(&reference(1), "Wrong", b"first");
    assert_eq!(world.submit("quote", first).await.0, 202);
    assert_eq!(world.spooled().len(), 1);
    let second = with_file(&reference(1), "Right", b"second!");
    assert_eq!(world.submit("quote", second).await.0, 200);
    let deal = world.deal().await;
    assert_eq!(deal["notes"].as_array().unwrap().len(), 1);
    assert_eq!(deal["notes"][0]["text"], "Right");
    assert_eq!(deal["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(deal["attachments"][0]["size"], 12);
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert_eq!(world.calls().await.len(), 2, "what was replaced was sent");
    world.spool_empties().await;
}

#[tokio::test]
async fn another_content_waits_for_the_attempt_that_is_under_way() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_storing_ms": 600_000})).await;
    let first = world.post("quote", with_file(&reference(1), "First", b"first")).send();
    let first = tokio::spawn(first);
    world.is_called().await;
    let second = world.post("quote", with_file(&reference(1), "Second", b"2nd")).send();
    let second = tokio::spawn(second);
    // Replaced while it was under way, the first is told that it was received; the deal is one.
    assert_eq!(first.await.unwrap().unwrap().status(), 202);
    world.repair().await;
    let (status, json) = answer(second.await.unwrap().unwrap()).await;
    assert_eq!(status, 200, "{json}");
    let calls = world.calls().await;
    assert_eq!(calls.iter().map(|call| &call["outcome"]).collect::<Vec<_>>(), ["added", "updated"]);
    let notes = world.deal().await["notes"].clone();
    assert_eq!((&notes[0]["text"], &notes[1]["text"]), (&json!("First"), &json!("Second")));
    world.spool_empties().await;
}

#[tokio::test]
async fn eight_at_once_are_one_call_and_hear_the_same() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_storing_ms": 300})).await;
    let sent: Vec<_> = (0..8)
        .map(|_| world.post("quote", with_file(&reference(1), "Twins", &vec![7; 50_000])).send())
        .map(tokio::spawn)
        .collect();
    let mut answers = Vec::new();
    for one in sent {
        let response = one.await.unwrap().unwrap();
        answers.push((response.status().as_u16(), response.text().await.unwrap()));
    }
    assert_eq!(answers[0].0, 200);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
    assert_eq!(world.calls().await.len(), 1);
    assert_eq!(world.deals().await.len(), 1);
    world.spool_empties().await;
}

#[tokio::test]
async fn a_twin_waits_no_longer_than_is_set() {
    let world = World::with(|config| config.timeouts.first_attempt = millis(300)).await;
    world.fault(json!({"kind": "delay", "before_answering_ms": 600_000})).await;
    let (one, two) = tokio::join!(
        world.submit("callback", draft(&reference(1))),
        world.submit("callback", draft(&reference(1))),
    );
    assert_eq!((one.0, two.0), (202, 202));
    assert_eq!(one.1, two.1);
    world.repair().await;
    world.becomes("callback", &reference(1), "delivered").await;
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn a_reference_of_another_shape_or_of_another_form_is_refused() {
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
async fn what_never_arrived_has_no_status() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 200);
    for (form, reference, code) in [
        ("callback", reference(2), "submission_unknown"),
        ("quote", reference(1), "submission_unknown"),
        ("callback", "Deal656588".to_owned(), "submission_unknown"),
        ("nothing", reference(1), "form_unknown"),
    ] {
        let (status, json) = world.standing(form, &reference).await;
        assert_eq!((status, json["code"].as_str()), (404, Some(code)), "{form} {reference}");
    }
    // A body that breaks off never arrived, and leaves nothing.
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(format!(
        "POST /forms/quote HTTP/1.1\r\nHost: x\r\nContent-Type: {}\r\nContent-Length: 9000000\r\n\r\n",
        Multipart::content_type()
    ))
    .await;
    raw.send(with_file(&reference(3), "Cut", &vec![1; 500_000]).unfinished()).await;
    eventually("the file is being spooled", || !world.spooled().is_empty()).await;
    drop(raw);
    world.spool_empties().await;
    assert_eq!(world.standing("quote", &reference(3)).await.0, 404);
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_ask_for_the_status_and_nobody_keeps_it() {
    let origin = "https://www.example.com";
    let world = World::with(|config| {
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
async fn answers_are_forgotten_after_the_set_time_and_what_is_not_settled_never_is() {
    let world = World::with(|config| config.delivery.retry_first = millis(600_000)).await;
    world.fault(json!([{"kind": "refuse"}, {"kind": "status", "code": 500}])).await;
    let answers = [(1, 422), (2, 202), (3, 200)];
    for (number, expected) in answers {
        let body = with_file(&reference(number), "A shop.", b"x");
        assert_eq!(world.submit("quote", body).await.0, expected);
    }
    // What was refused is kept: somebody may mend a preset and send it again.
    eventually("the delivered one's files are gone", || world.spooled().len() == 2).await;
    let world = world.restart(|config| config.delivery.keep = millis(1)).await;
    for number in [1, 3] {
        let path = format!("/forms/quote/submissions/{}", reference(number));
        let end = std::time::Instant::now() + PATIENCE;
        while world.get(&path).send().await.unwrap().status() != 404 {
            assert!(std::time::Instant::now() < end, "it is remembered for ever");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    assert_eq!(world.standing("quote", &reference(2)).await.1["state"], "received");
    eventually("the files are gone", || world.spooled().len() == 1).await;
}

#[tokio::test]
async fn ten_thousand_open_submissions_are_taken_up_and_none_is_left_out() {
    // The CRM is away while they come in, which is faster than sending them one by one: the journal
    // is what a restart reads.
    let world = World::with(|config| config.delivery.probe = millis(600_000)).await;
    world.fault(json!({"kind": "status", "code": 403, "times": "until_cleared"})).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    assert!(world.proxy.is_paused());
    let journal = world.folder.path().join("spool/journal.sqlite");
    let copies = "INSERT INTO submissions
            (reference, form, content, state, body, received_at, due_at)
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
        SELECT printf('web-%032x', i), form, content, 'queued', body, received_at, due_at
        FROM n, (SELECT * FROM submissions LIMIT 1)";
    rusqlite::Connection::open(&journal).unwrap().execute_batch(copies).unwrap();
    world.fault(json!([])).await;
    let begun = std::time::Instant::now();
    let world = world.restart(|config| config.delivery.at_once = 64).await;
    // The promise is two seconds, on a machine with nothing else to do.
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    assert_eq!(world.proxy.counts().await.unwrap().queued, 10_000);
    // Somebody who comes now does not wait for all of them.
    assert_eq!(world.submit("callback", draft(&reference(2))).await.0, 200);
    assert!(world.proxy.counts().await.unwrap().queued > 0, "all were delivered in no time");
}
