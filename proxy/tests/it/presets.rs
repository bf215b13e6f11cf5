//! Presets that contain the visitor's answers.

use serde_json::json;

use crate::page::send;
use crate::support::{Multipart, World, reference};

const FORM: &str = r#"
title = "Angebot"
lang = "de"
[[field]]
parameter = "contact_name"
label = "Ihr Name"
[[field]]
parameter = "note"
label = "Nachricht"
[[field]]
custom_field = "shirt_size"
kind = "choice"
label = "Welche Größe?"
options = [{ value = "s", label = "Klein" }, { value = "l", label = "Groß" }]
[[field]]
custom_field = "newsletter"
kind = "flag"
label = "Newsletter"
"#;

fn answers() -> Multipart {
    Multipart::new()
        .text("contact_name", "Ana {note}")
        .text("note", "Bitte anrufen.")
        .text("shirt_size", "l")
        .text("external_reference_id", &reference(1))
}

#[tokio::test]
async fn adds_answers_for_unknown_custom_fields_to_the_note() {
    let world = World::with_form(FORM).await;
    let (status, reply) = world.submit("own", answers()).await;
    assert_eq!(status, 200, "{reply}");
    let deal = world.deal().await;
    assert_eq!(
        deal["parameters"]["note"],
        "Bitte anrufen.\r\n\r\nWelche Größe? Groß\r\nNewsletter: nein"
    );
}

#[tokio::test]
async fn adds_a_plain_forms_answers_for_unknown_custom_fields_to_the_note() {
    let world = World::with_form(FORM).await;
    let (status, page) = send(&world, "own", answers()).await;
    assert_eq!(status, 200, "{page}");
    let note = world.deal().await["parameters"]["note"].clone();
    assert_eq!(note, "Bitte anrufen.\r\n\r\nWelche Größe? Groß\r\nNewsletter: nein");
}

#[tokio::test]
async fn names_the_deal_after_the_visitor() {
    let form = format!("{FORM}[presets]\nname = 'Angebot für {{contact_name}} ({{shirt_size}})'\n");
    let world = World::with_form(&form).await;
    let (status, reply) = world.submit("own", answers()).await;
    assert_eq!(status, 200, "{reply}");
    // A placeholder in an answer stays text.
    assert_eq!(world.deal().await["parameters"]["name"], "Angebot für Ana {note} (Groß)");
    let definition = world.get("/forms/own").send().await.unwrap().text().await.unwrap();
    assert!(!definition.contains("Angebot für"), "{definition}");
}

const ROUTES: &str = r#"
[presets]
owner_email = "sales@example.com"
[[route]]
when = { custom_field = "shirt_size", is = "l" }
[route.presets]
owner_email = "large@example.com"
name = "Large: {contact_name}"
[route.presets.custom_fields]
segment = "large"
"#;

#[tokio::test]
async fn sends_the_presets_of_the_route_that_the_answers_match() {
    let world = World::with_form(&format!("{FORM}{ROUTES}")).await;
    let (status, reply) = world.submit("own", answers()).await;
    assert_eq!(status, 200, "{reply}");
    let sent = world.deal().await["parameters"].clone();
    assert_eq!(sent["owner_email"], "large@example.com");
    assert_eq!(sent["name"], "Large: Ana {note}");
}

#[tokio::test]
async fn sends_other_presets_if_a_correction_matches_another_route() {
    let world = World::with_form(&format!("{FORM}{ROUTES}")).await;
    world.submit("own", answers()).await;
    let corrected = Multipart::new()
        .text("contact_name", "Ana")
        .text("shirt_size", "s")
        .text("external_reference_id", &reference(1));
    let (status, reply) = world.submit("own", corrected).await;
    assert_eq!(status, 200, "{reply}");
    let deal = world.deal().await;
    assert_eq!(deal["parameters"]["owner_email"], "sales@example.com", "{deal}");
    let calls = world.calls().await;
    let names = |call: &serde_json::Value| call["body"].as_array().unwrap().clone();
    assert!(names(&calls[1]).contains(&"segment".into()), "{calls:#?}");
}

const CONSENT: &str = r#"
title = "Quote"
lang = "en"
[[field]]
custom_field = "privacy"
kind = "flag"
label = "I agree to the [privacy policy](https://example.com/privacy)"
required = true
[presets]
note = "{consent}"
[translation.de.field.privacy]
label = "Ich stimme der [Datenschutzerklärung](https://example.com/privacy) zu"
"#;

#[tokio::test]
async fn sends_the_words_that_the_visitor_agreed_to_in_the_visitors_language() {
    let world = World::with_form(CONSENT).await;
    let submissions = [
        ("", "I agree to the privacy policy: yes ("),
        ("?lang=de", "Ich stimme der Datenschutzerklärung zu: ja ("),
    ];
    for (number, (query, words)) in (1..).zip(submissions) {
        let body =
            Multipart::new().text("privacy", "1").text("external_reference_id", &reference(number));
        let (content_type, body) = body.finish();
        let request = world.client.post(world.url(&format!("/forms/own{query}")));
        let request = request.header("accept", "application/json");
        let response = request.header("content-type", content_type).body(body).send().await;
        assert_eq!(response.unwrap().status(), 200);
        let deal = world.deal().await;
        let note = deal["parameters"]["note"].as_str().unwrap();
        let time = note.strip_prefix(words).and_then(|rest| rest.strip_suffix("Z)"));
        assert!(time.is_some_and(|time| time.contains('T') && time.len() == 19), "{note}");
    }
}

#[tokio::test]
async fn keeps_the_words_of_a_waiting_submission_if_the_form_changes() {
    let world = World::with_form(CONSENT).await;
    world.set_faults(json!({"kind": "status", "code": 503, "retry_after": 1})).await;
    let body = Multipart::new().text("privacy", "1").text("external_reference_id", &reference(1));
    assert_eq!(world.submit("own", body).await.0, 202);

    let forms = tempfile::tempdir().unwrap();
    let changed = CONSENT.replace("I agree to the", "I have read the");
    std::fs::write(forms.path().join("own.toml"), changed).unwrap();
    let world = world.restart(|config| forms.path().clone_into(&mut config.forms)).await;
    world.wait_for_state("own", &reference(1), "delivered").await;
    let note = world.deal().await["parameters"]["note"].clone();
    assert!(note.as_str().unwrap().starts_with("I agree to the privacy policy: yes ("), "{note}");
}
