//! What is sent without the widget is normalized as the widget does it.

use serde_json::Value;

use crate::page::send;
use crate::support::{Multipart, World, problems, reference};

/// A form with a question of each kind that is typed.
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

/// Each parameter as people write it, and as the CRM gets it.
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

/// As it was typed, or as the widget sends it.
fn body(normalized: bool) -> Multipart {
    let texts = TYPED.iter().fold(Multipart::new(), |body, (name, typed, sent)| {
        body.text(name, if normalized { sent } else { typed })
    });
    let (campaign, name) = if normalized {
        ("spring 2026", "Report -1- 10-15.pdf")
    } else {
        ("\u{200b}spring\n2026 ", "\u{200f}Report %221%22 10:15.pdf")
    };
    texts.text("landing_page", campaign).file(name, "application/pdf", b"%PDF-1.7")
}

async fn get_deal(world: &World) -> Value {
    let deal = world.deal().await;
    for (name, typed, sent) in TYPED {
        assert_eq!(deal["parameters"][name], sent, "{typed:?}");
    }
    assert_eq!(deal["custom_fields"]["landing_page"], "spring 2026");
    assert_eq!(deal["attachments"][0]["name"], "Report -1- 10-15.pdf");
    deal
}

#[tokio::test]
async fn an_api_client_s_texts_are_normalized() {
    let world = World::with_form(&form("de")).await;
    let (status, reply) = world.submit("own", body(false)).await;
    assert_eq!(status, 200, "{reply}");
    get_deal(&world).await;
}

#[tokio::test]
async fn the_same_content_from_a_plain_form_and_the_widget_makes_one_call() {
    let world = World::with_form(&form("de")).await;
    let named = |body: Multipart| body.text("external_reference_id", &reference(1));
    let (status, page) = send(&world, "own", named(body(false))).await;
    assert_eq!(status, 200, "{page}");
    get_deal(&world).await;
    // What says the same is answered from the journal.
    let (status, reply) = world.submit("own", named(body(true))).await;
    assert_eq!(status, 200, "{reply}");
    assert_eq!(world.calls().await.len(), 1);
}

#[tokio::test]
async fn a_date_in_another_order_than_the_form_s_is_refused_with_the_pattern() {
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

/// Nothing that would change what was meant is dropped.
#[tokio::test]
async fn refuses_answers_whose_meaning_is_unclear() {
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
