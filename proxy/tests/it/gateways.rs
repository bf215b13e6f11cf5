//! Requests that other software on the way has changed: gateways, and scripts of the host page.

use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;

use crate::support::{Multipart, World, answer, callback, problems};

/// A submission as a browser's own form sends it, and the status and page that come back.
async fn plain(world: &World, body: Multipart) -> (u16, String) {
    let request = world.post("callback", body).headers(reqwest::header::HeaderMap::from_iter([(
        ACCEPT,
        "text/html,application/xhtml+xml,*/*;q=0.8".parse().unwrap(),
    )]));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn post(world: &World, content_type: &str, body: Vec<u8>) -> (u16, Value) {
    let request = world.client.post(world.url("/forms/callback"));
    let request = request.header(ACCEPT, "application/json").header(CONTENT_TYPE, content_type);
    answer(request.body(body).send().await.unwrap()).await
}

#[tokio::test]
async fn accepts_content_type_parameters_of_gateways() {
    let world = World::start().await;
    let content_type = Multipart::content_type();
    let boundary = content_type.split_once("boundary=").unwrap().1;
    for (number, content_type) in [
        format!("{content_type}; charset=UTF-8"),
        format!("{content_type};charset=\"utf-8\""),
        format!("multipart/form-data; charset=utf-8; boundary={boundary}"),
        format!("multipart/form-data; charset=utf-8; boundary=\"{boundary}\";"),
    ]
    .iter()
    .enumerate()
    {
        let note = number.to_string();
        let answer = post(&world, content_type, callback().text("note", &note).finish().1).await;
        assert_eq!(answer.0, 200, "{content_type}: {}", answer.1);
        assert_eq!(world.deal().await["notes"][0]["text"], *note);
    }
}

#[tokio::test]
async fn accepts_empty_lines_after_the_closing_boundary() {
    let world = World::start().await;
    let (content_type, whole) = callback().finish();
    let body = [&whole[..], b"\r\n"].concat();
    assert_eq!(post(&world, &content_type, body).await.0, 200);
    let body = [&whole[..], b"\r\nmore"].concat();
    assert_eq!(post(&world, &content_type, body).await.0, 400);
}

/// Scripts of the host page add hidden inputs to every form: tokens, numbers of sessions.
#[tokio::test]
async fn drops_unknown_fields_of_a_plain_form() {
    let world = World::start().await;
    let more = || callback().text("csrf_token", "4711").text("_ga", "GA1.2");
    let (status, page) = plain(&world, more().file_as("cv", "", "", b"")).await;
    assert_eq!(status, 200, "{page}");
    let call = world.calls().await.remove(0).to_string();
    assert!(call.contains("contact_name") && !call.contains("csrf_token"), "{call}");
    world.counts(&["deal_proxy_dropped_fields_total 3".to_owned()]).await;
    // Authors of API clients are told of their mistakes.
    let (status, json) = world.submit("callback", more()).await;
    let unknown = [("parameter_unknown", "csrf_token"), ("parameter_unknown", "_ga")];
    assert_eq!((status, problems(&json)), (422, unknown.to_vec()));
}

#[tokio::test]
async fn the_same_plain_form_with_other_unknown_fields_is_the_same_draft() {
    let world = World::start().await;
    for token in ["1", "2"] {
        assert_eq!(plain(&world, callback().text("csrf_token", token)).await.0, 200);
    }
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn a_plain_form_cannot_set_a_parameter_that_its_form_does_not_ask_for() {
    let world = World::start().await;
    for name in ["key", "KEY[]", "deal_id", "owner.email", "owner_email", "stage", "attachments[]"]
    {
        let (status, page) = plain(&world, callback().text(name, "1")).await;
        assert_eq!(status, 422, "{name}: {page}");
    }
    // A file that its visitor chose is not dropped without a word.
    let (status, page) = plain(&world, callback().file_as("cv", "cv.pdf", "", b"%PDF-")).await;
    assert_eq!(status, 422, "{page}");
    assert_eq!(world.calls().await.len(), 0);
}
