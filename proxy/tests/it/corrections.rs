//! Drafts that are sent again with other content. The tests check the deal's final content and the
//! response to each request.

use crm_sandbox::CustomField;
use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::raw::{Raw, post_head};
use crate::support::{Multipart, World, draft, quote, reference};

/// Builds a submission of draft 1 with the given name.
fn named(name: &str) -> Multipart {
    Multipart::new()
        .text("contact_name", name)
        .text("contact_phone", "030 123456")
        .text("external_reference_id", &reference(1))
}

/// Builds a submission of draft 1 with the given name and revision.
fn numbered(name: &str, revision: &str) -> Multipart {
    named(name).text("df-revision", revision)
}

fn plain(world: &World, body: Multipart) -> RequestBuilder {
    let (content_type, body) = body.finish();
    let request = world.client.post(world.url("/forms/callback"));
    request.header(ACCEPT, "text/html").header(CONTENT_TYPE, content_type).body(body)
}

/// Sends draft 1 with the given name and note, as a page without scripts does.
async fn send_plain(world: &World, name: &str, note: &str) -> (u16, String) {
    let response = plain(world, named(name).text("note", note)).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

fn names(deals: &[Value]) -> Vec<&str> {
    deals.iter().map(|deal| deal["parameters"]["contact_name"].as_str().unwrap()).collect()
}

/// Sends a request except for its last bytes, and returns these bytes.
async fn send_incomplete(world: &World, body: Multipart) -> (Raw, Vec<u8>) {
    let (_, body) = body.finish();
    let (sent, rest) = body.split_at(body.len() - 10);
    let headers = format!("Accept: application/json\r\nContent-Length: {}", body.len());
    let head = post_head("callback", &headers);
    let mut raw = Raw::connect(world.proxy.addr).await;
    raw.send(head).await;
    raw.send(sent.to_vec()).await;
    world.wait_for_metrics(&["deal_proxy_uploads 1".to_owned()]).await;
    (raw, rest.to_vec())
}

#[tokio::test]
async fn repeats_the_revision_in_responses_and_in_the_status() {
    let world = World::start().await;
    let (status, json) = world.submit("callback", numbered("Ana", "0000000a-1")).await;
    assert_eq!((status, &json["revision"]), (200, &json!("0000000a-1")));
    let (_, json) = world.submission_status("callback", &reference(1)).await;
    assert_eq!(json["revision"], "0000000a-1");
    // The same content with a newer revision updates the stored revision.
    let (_, json) = world.submit("callback", numbered("Ana", "0000000a-2")).await;
    assert_eq!(json["revision"], "0000000a-2");
    let (_, json) = world.submission_status("callback", &reference(1)).await;
    assert_eq!(json["revision"], "0000000a-2");
    assert_eq!(world.calls().await.len(), 1);
    // A client that sends no revision gets no revision back.
    let (_, json) = world.submit("callback", draft(&reference(2))).await;
    assert_eq!(json.get("revision"), None);
    assert_eq!(world.submission_status("callback", &reference(2)).await.1["revision"], "");
}

#[tokio::test]
async fn refuses_a_malformed_revision() {
    let world = World::start().await;
    for revision in ["", "1.5", "a-1", "-1", "99999999999"] {
        let (status, json) = world.submit("callback", numbered("Ana", revision)).await;
        assert_eq!((status, &json["code"]), (400, &json!("malformed")), "{revision}");
    }
    assert_eq!(world.deals().await.len(), 0);
}

#[tokio::test]
async fn responds_to_a_late_older_revision_with_the_state_of_the_newer_one() {
    let world = World::start().await;
    let (mut late, rest) = send_incomplete(&world, numbered("Old", "0000000a-1")).await;
    assert_eq!(world.submit("callback", numbered("New", "0000000a-2")).await.0, 200);
    late.send(rest).await;
    let (status, json) = late.read_json().await;
    assert_eq!((status, &json["revision"]), (200, &json!("0000000a-2")));
    assert_eq!(names(&world.deals().await), ["New"]);
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn ignores_an_older_request_without_a_revision_that_arrives_late() {
    let world = World::start().await;
    let (mut late, rest) = send_incomplete(&world, named("Old")).await;
    assert_eq!(world.submit("callback", named("New")).await.0, 200);
    late.send(rest).await;
    assert_eq!(late.read_json().await.0, 200);
    assert_eq!(names(&world.deals().await), ["New"]);
    assert_eq!(world.calls().await.len(), 1);
    // A request that begins after the newer content was stored replaces it.
    assert_eq!(world.submit("callback", named("Newest")).await.0, 200);
    assert_eq!(names(&world.deals().await), ["Newest"]);
}

#[tokio::test]
async fn refuses_requests_from_another_page_with_the_same_reference() {
    let world = World::start().await;
    assert_eq!(world.submit("callback", numbered("Ana", "0000000a-1")).await.0, 200);
    for revision in ["0000000b-1", "0000000b-7", "7"] {
        let (status, json) = world.submit("callback", numbered("Ben", revision)).await;
        assert_eq!((status, &json["code"]), (409, &json!("draft_ended")), "{revision}");
    }
    assert_eq!(names(&world.deals().await), ["Ana"]);
}

#[tokio::test]
async fn creates_another_deal_when_a_plain_form_sends_new_content_after_success() {
    let world = World::start().await;
    let ana = send_plain(&world, "Ana", "A roof").await;
    assert_eq!(ana.0, 200);
    // The same content gets the same response again.
    assert_eq!(send_plain(&world, "Ana", "A roof").await, ana);
    let ben = send_plain(&world, "Ben", "").await;
    assert_eq!(ben.0, 200);
    assert_eq!(send_plain(&world, "Ben", "").await, ben);
    let deals = world.deals().await;
    assert_eq!(names(&deals), ["Ben", "Ana"]);
    assert_eq!(deals[0]["notes"], json!([]));
    assert_ne!(deals[0]["external_reference_id"], deals[1]["external_reference_id"]);
    assert_eq!(world.calls().await.len(), 2);
}

#[tokio::test]
async fn creates_another_deal_when_a_plain_form_sends_new_content_after_a_202() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "status", "code": 503, "times": 1, "retry_after": 1})).await;
    assert_eq!(send_plain(&world, "Ana", "").await.0, 202);
    assert_eq!(send_plain(&world, "Ben", "").await.0, 200);
    world.wait_for_state("callback", &reference(1), "delivered").await;
    let deals = world.deals().await;
    let mut names = names(&deals);
    names.sort_unstable();
    assert_eq!(names, ["Ana", "Ben"]);
}

#[tokio::test]
async fn accepts_a_correction_from_a_plain_page_after_a_refusal() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "refuse", "error_message": "Wrong stage"})).await;
    assert_eq!(send_plain(&world, "Ana", "").await.0, 422);
    assert_eq!(send_plain(&world, "Anna", "").await.0, 200);
    assert_eq!(world.deal().await["external_reference_id"], json!(reference(1)));
    // After the success, another person may be using the same page.
    assert_eq!(send_plain(&world, "Ben", "").await.0, 200);
    assert_eq!(names(&world.deals().await), ["Ben", "Anna"]);
}

#[tokio::test]
async fn accepts_a_correction_from_a_plain_page_whose_visitor_left_before_the_response() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "delay", "before_responding_ms": 600_000})).await;
    let sent = tokio::spawn(plain(&world, named("Ana")).send());
    world.wait_for_call().await;
    sent.abort();
    world.clear_faults().await;
    world.wait_for_state("callback", &reference(1), "delivered").await;
    assert_eq!(send_plain(&world, "Anna", "").await.0, 200);
    let deals = world.deals().await;
    assert_eq!(names(&deals), ["Anna"]);
}

/// Returns a submission of the quote form with an optional budget.
fn with_budget(budget: Option<&str>, revision: &str) -> Multipart {
    let body = quote().text("external_reference_id", &reference(1)).text("df-revision", revision);
    match budget {
        Some(budget) => body.text("budget_range", budget),
        None => body,
    }
}

#[tokio::test]
async fn sends_an_empty_value_for_a_cleared_answer_if_the_crms_api_allows_it() {
    for (empty_values, expected) in [
        (crm_sandbox::EmptyValues::Clear, Value::Null),
        (crm_sandbox::EmptyValues::Keep, json!("fixed")),
    ] {
        let world = World::with_sandbox(|options| {
            options.empty_values = empty_values;
            options.custom_fields = vec![CustomField::new("budget_range")];
        })
        .await;
        let full = with_budget(Some("fixed"), "0000000a-1");
        let (status, json) = world.submit("quote", full).await;
        assert_eq!(status, 200, "{json}");
        assert_eq!(world.submit("quote", with_budget(None, "0000000a-2")).await.0, 200);
        let calls = world.calls().await;
        let names = |call: &Value| call["body"].as_array().unwrap().clone();
        assert!(!names(&calls[0]).contains(&json!("utm_source")), "{calls:#?}");
        assert!(names(&calls[1]).contains(&json!("budget_range")), "{calls:#?}");
        // An empty value is not a valid date.
        assert!(!names(&calls[1]).contains(&json!("expected_closing_date")), "{calls:#?}");
        assert_eq!(world.deal().await["custom_fields"]["budget_range"], expected);
    }
}

#[tokio::test]
async fn keeps_the_answers_and_retries_after_a_success_without_a_confirmed_deal() {
    for success in [
        json!({"kind": "success"}),
        json!({"kind": "success", "deal_id": "0"}),
        json!({"kind": "success", "deal_id": "7", "external_reference_id": "web-of-somebody-else"}),
    ] {
        let world = World::start().await;
        world.set_faults(success).await;
        let (status, json) = world.submit("callback", numbered("Ana", "0000000a-1")).await;
        assert_eq!((status, &json["message"]), (202, &json!("received")));
        let journal = world.folder.path().join("spool/journal.sqlite");
        let journal = rusqlite::Connection::open(journal).unwrap();
        let (problem, body): (String, Option<String>) = journal
            .query_row("SELECT problem, body FROM submissions", [], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .unwrap();
        assert!(problem.contains("confirms no deal"), "{problem}");
        assert!(body.is_some(), "the journal has deleted the answers");
        world.wait_for_state("callback", &reference(1), "delivered").await;
        assert_eq!(names(&world.deals().await), ["Ana"]);
    }
}

#[tokio::test]
async fn shows_the_deal_in_the_status_after_an_unconfirmed_success() {
    let world = World::start().await;
    let success = json!({"kind": "success", "when": "after_storing", "deal_id": ""});
    world.set_faults(success).await;
    assert_eq!(world.submit("callback", draft(&reference(1))).await.0, 202);
    let json = world.wait_for_state("callback", &reference(1), "delivered").await;
    assert_eq!(json["reply"]["deal_id"], world.deal().await["deal_id"]);
    assert_eq!(world.deals().await.len(), 1);
}
