//! Presets that contain the visitor's answers.

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
async fn keeps_answers_for_custom_fields_that_the_crm_does_not_know_in_the_note() {
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
async fn keeps_answers_for_unknown_custom_fields_of_a_plain_form_in_the_note() {
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
