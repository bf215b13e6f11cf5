//! The proxy normalizes submissions in the same way as the widget.

use crate::page::send;
use crate::support::{Multipart, World, problems, reference};

/// Returns a form with a question for each kind of text.
fn form(lang: &str) -> String {
    let fields: Vec<String> = TYPED
        .iter()
        .map(|(name, ..)| format!("[[field]]\nparameter = '{name}'\nlabel = '{name}'\n"))
        .collect();
    let fields = fields.concat();
    format!(
        "title = 'T'\nlang = '{lang}'\n{fields}[[field]]\nparameter = 'attachments'\nlabel = 'Files'\n\
         [[hidden]]\ncustom_field = 'landing_page'\nurl_parameter = 'c'\n[presets]\nname = 'Typed'\nauto_create_custom_fields = true\n"
    )
}

/// Each parameter, a value as a visitor types it, and the normalized value.
const TYPED: [(&str, &str, &str); 8] = [
    ("contact_name", " Ada\tLovelace\u{b}\u{1b}\u{ad} ", "Ada Lovelace"),
    ("note", "a\u{b}b\nc\r\nd\u{8}", "a\r\nb\r\nc\r\nd"),
    ("contact_email", "Max <max@müller.de>;", "max@xn--mller-kva.de"),
    ("contact_phone", " ０３０／１２３４５６ Ext. 5;", "030/123456 Ext. 5"),
    ("expected_closing_date", "31.12.2026", "2026-12-31"),
    ("expected_closing_amount", "CHF 1’250.–", "1250"),
    ("tags", "a,, b、c,", "a, b, c"),
    ("contact_linkedin", "\u{200e}https://example.com/ada ", "https://example.com/ada"),
];

/// Returns the values as typed.
fn typed() -> Multipart {
    let body = TYPED.iter().fold(Multipart::new(), |body, (name, typed, _)| body.text(name, typed));
    body.text("landing_page", "\u{200b}spring\n2026 ").file(
        "\u{200f}Report %221%22 10:15.pdf",
        "application/pdf",
        b"%PDF-1.7",
    )
}

/// Returns the values as the widget sends them.
fn normalized() -> Multipart {
    let body = TYPED.iter().fold(Multipart::new(), |body, (name, _, sent)| body.text(name, sent));
    body.text("landing_page", "spring 2026").file(
        "Report -1- 10-15.pdf",
        "application/pdf",
        b"%PDF-1.7",
    )
}

/// Checks that the CRM got the normalized values.
async fn assert_normalized(world: &World) {
    let deal = world.deal().await;
    for (name, typed, sent) in TYPED {
        assert_eq!(deal["parameters"][name], sent, "{typed:?}");
    }
    assert_eq!(deal["custom_fields"]["landing_page"], "spring 2026");
    assert_eq!(deal["attachments"][0]["name"], "Report -1- 10-15.pdf");
}

#[tokio::test]
async fn normalizes_the_values_of_an_api_client() {
    let world = World::with_form(&form("de")).await;
    let (status, reply) = world.submit("own", typed()).await;
    assert_eq!(status, 200, "{reply}");
    assert_normalized(&world).await;
}

#[tokio::test]
async fn makes_one_call_for_the_same_content_from_a_plain_form_and_the_widget() {
    let world = World::with_form(&form("de")).await;
    let named = |body: Multipart| body.text("external_reference_id", &reference(1));
    let (status, page) = send(&world, "own", named(typed())).await;
    assert_eq!(status, 200, "{page}");
    assert_normalized(&world).await;
    // The proxy repeats the stored reply for the same content.
    let (status, reply) = world.submit("own", named(normalized())).await;
    assert_eq!(status, 200, "{reply}");
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn refuses_a_date_in_another_order_and_states_the_expected_pattern() {
    for (lang, typed, pattern) in [
        ("en", "13/12/2026", "MM/DD/YYYY"),
        ("en-GB", "12/13/2026", "DD/MM/YYYY"),
        ("de", "12/13/2026", "TT.MM.JJJJ"),
    ] {
        let world = World::with_form(&form(lang)).await;
        let body = || Multipart::new().text("expected_closing_date", typed);
        let (status, json) = world.submit("own", body()).await;
        assert_eq!(status, 422, "{json}");
        assert_eq!(problems(&json), [("date_order", "expected_closing_date")]);
        assert_eq!(json["problems"][0]["limit"]["date_pattern"], true);
        assert!(json["error_message"].as_str().unwrap().contains(pattern), "{json}");
        let (_, page) = send(&world, "own", body()).await;
        assert!(page.contains(pattern), "{page}");
    }
}

#[tokio::test]
async fn refuses_ambiguous_and_invalid_answers() {
    let world = World::with_form(&form("de")).await;
    for (name, typed, code) in [
        ("contact_email", "a@example.com, b@example.com", "email_format"),
        ("contact_email", "a@example.com <b@example.com>", "email_format"),
        ("contact_phone", "call me", "phone_character"),
        ("expected_closing_date", "31.02.2026", "date_order"),
        ("expected_closing_amount", "-5 €", "amount_character"),
        ("expected_closing_amount", "5 Mio €", "amount_character"),
        ("contact_linkedin", "java\u{b}script:alert(1)", "handle_address"),
    ] {
        let (status, json) = world.submit("own", Multipart::new().text(name, typed)).await;
        assert_eq!((status, problems(&json)), (422, vec![(code, name)]), "{typed}");
    }
    assert_eq!(world.calls().await.len(), 0);
}
