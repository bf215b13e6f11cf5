//! Requests that gateways or scripts on the host page have changed.

use crate::intake::post;
use crate::page::send;
use crate::support::{Multipart, World, callback, problems};

#[tokio::test]
async fn accepts_content_type_parameters_added_by_gateways() {
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
        let response = post(&world, content_type, callback().text("note", &note).finish().1).await;
        assert_eq!(response.0, 200, "{content_type}: {}", response.1);
        assert_eq!(world.deal().await["notes"][0]["text"], *note);
    }
}

#[tokio::test]
async fn accepts_only_empty_lines_after_the_closing_boundary() {
    let world = World::start().await;
    let (content_type, whole) = callback().finish();
    let body = [&whole[..], b"\r\n"].concat();
    assert_eq!(post(&world, &content_type, body).await.0, 200);
    let body = [&whole[..], b"\r\nmore"].concat();
    assert_eq!(post(&world, &content_type, body).await.0, 400);
}

/// Scripts on the host page add hidden inputs to every form, such as tokens and session IDs.
#[tokio::test]
async fn drops_unknown_fields_of_a_plain_form() {
    let world = World::start().await;
    let more = || callback().text("csrf_token", "4711").text("_ga", "GA1.2");
    let (status, page) = send(&world, "callback", more().file_as("cv", "", "", b"")).await;
    assert_eq!(status, 200, "{page}");
    let call = world.calls().await.remove(0).to_string();
    assert!(call.contains("contact_name") && !call.contains("csrf_token"), "{call}");
    world.wait_for_metrics(&["deal_proxy_dropped_fields_total 3".to_owned()]).await;
    // API clients get an error, so their authors notice the mistake.
    let (status, json) = world.submit("callback", more()).await;
    let unknown = [("parameter_unknown", "csrf_token"), ("parameter_unknown", "_ga")];
    assert_eq!((status, problems(&json)), (422, unknown.to_vec()));
}

#[tokio::test]
async fn ignores_unknown_fields_when_it_compares_plain_forms() {
    let world = World::start().await;
    for token in ["1", "2"] {
        assert_eq!(send(&world, "callback", callback().text("csrf_token", token)).await.0, 200);
    }
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn refuses_parameters_of_the_crm_that_a_plain_form_does_not_ask_for() {
    let world = World::start().await;
    for name in ["key", "KEY[]", "deal_id", "owner.email", "owner_email", "stage", "attachments[]"]
    {
        let (status, page) = send(&world, "callback", callback().text(name, "1")).await;
        assert_eq!(status, 422, "{name}: {page}");
    }
    // A file that the visitor chose must not be dropped silently.
    let (status, page) =
        send(&world, "callback", callback().file_as("cv", "cv.pdf", "", b"%PDF-")).await;
    assert_eq!(status, 422, "{page}");
    assert_eq!(world.calls().await.len(), 0);
}
