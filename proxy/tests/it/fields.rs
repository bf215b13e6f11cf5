//! Text values that the CRM gets.

use deal_contract::kind::Kind;
use deal_contract::parameter::{self, ParameterKind};
use serde_json::json;

use crate::page::open;
use crate::support::{KEY, Multipart, World, callback, problems, quote, read_json};

#[tokio::test]
async fn delivers_every_value_unchanged_or_normalized() {
    let world = World::start().await;
    let note =
        "Zeile eins\r\nZeile zwei\r\n\ttab — <b>&amp;</b> 日本語 \u{1f680} %22 \\ \"quoted\"";
    let body = Multipart::new()
        .text("name", "Ein \"Angebot\" & mehr; name=x")
        .text("note", note)
        .text("contact_email", "zoe@example.com")
        .text("contact_phone", "+49 (30) 123-45")
        .text("contact_linkedin", "https://linkedin.com/in/zoe?x=1&y=2")
        .text("expected_closing_date", "2024-02-29")
        .text("expected_closing_amount", "1 250,00")
        .text("resolution", "open")
        .text("stage", "Proposal")
        .text("tags", "eins, zwei drei,ö")
        .text("budget_range", " spaces around it go ")
        .text("project_type", "app")
        .text("remarks", "a\r\n\r\nb")
        .text("decision_day", "2026-12-31")
        .text("yearly_revenue", "1.000.000,50")
        .text("billing_email", "buchhaltung@example.com");
    let (status, reply) = world.submit("everything", body).await;
    assert_eq!(status, 200, "{reply}");
    let deal = world.deal().await;
    assert_eq!(reply["deal_id"], deal["deal_id"]);
    assert_eq!(reply["message"], "success");
    assert_eq!(reply["stage"], "Proposal");
    assert_eq!(reply["expected_closing_date"], "2024-02-29");
    assert_eq!(reply["expected_closing_amount"], deal["expected_closing_amount"]);
    let sent = &deal["parameters"];
    for (name, value) in [
        ("name", "Ein \"Angebot\" & mehr; name=x"),
        ("note", note),
        ("contact_phone", "+49 (30) 123-45"),
        ("contact_linkedin", "https://linkedin.com/in/zoe?x=1&y=2"),
        ("expected_closing_date", "2024-02-29"),
        ("expected_closing_amount", "1 250,00"),
        ("resolution", "open"),
        ("stage", "Proposal"),
        ("tags", "eins, zwei drei, ö"),
    ] {
        assert_eq!(sent[name], value, "{name}");
    }
    let custom = &deal["custom_fields"];
    for (name, value) in [
        ("budget_range", "spaces around it go"),
        ("project_type", "app"),
        ("remarks", "a\r\n\r\nb"),
        ("decision_day", "2026-12-31"),
        ("yearly_revenue", "1.000.000,50"),
        ("billing_email", "buchhaltung@example.com"),
    ] {
        assert_eq!(custom[name], value, "{name}");
    }
}

#[tokio::test]
async fn adds_presets_and_sends_the_key_in_the_body() {
    let world = World::start().await;
    let (status, _) = world.submit("callback", callback()).await;
    assert_eq!(status, 200);
    let deal = world.deal().await;
    assert_eq!(deal["name"], "Call back");
    assert_eq!(deal["funnel"], "Sales");
    assert_eq!(deal["stage"], "New");
    assert_eq!(deal["contact"]["source"], "Website");
    assert_eq!(deal["parameters"]["match_with_phone"], "1");
    let call = &world.calls().await[0];
    assert_eq!(call["query"], json!([]));
    assert_eq!(call["method"], "POST");
    let names: Vec<&str> =
        call["body"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert_eq!(names.iter().filter(|name| **name == "key").count(), 1, "{names:?}");
}

#[tokio::test]
async fn accepts_only_1_or_2_as_a_flag_and_reads_an_unchecked_box_as_no() {
    let world = World::start().await;
    let base = || Multipart::new().text("name", "Flags");
    // Browsers omit an unchecked box. The value for no is 2 for the first flag and 1 for the second.
    assert_eq!(world.submit("everything", base()).await.0, 200);
    let sent = world.deal().await["parameters"].clone();
    assert_eq!(
        (&sent["send_email_to_contact"], &sent["create_new_stage"]),
        (&json!("2"), &json!("1"))
    );
    assert_eq!(world.deal().await["custom_fields"]["newsletter"], "2");

    let ticked = base().text("send_email_to_contact", "1").text("create_new_stage", "2");
    assert_eq!(world.submit("everything", ticked).await.0, 200);
    let sent = world.deal().await["parameters"].clone();
    assert_eq!(
        (&sent["send_email_to_contact"], &sent["create_new_stage"]),
        (&json!("1"), &json!("2"))
    );

    let before = world.calls().await.len();
    for wrong in ["0", "true", "on", "yes", "3", "-1", "１"] {
        let body = base().text("create_new_stage", wrong);
        let (status, json) = world.submit("everything", body).await;
        assert_eq!(status, 422, "{wrong}");
        assert_eq!(problems(&json), [("flag_value", "create_new_stage")], "{wrong}");
    }
    assert_eq!(world.calls().await.len(), before, "a wrong flag reached the CRM");
}

#[tokio::test]
async fn sends_no_empty_value_to_the_crm() {
    let world = World::start().await;
    let body = callback().text("note", "");
    assert_eq!(world.submit("callback", body).await.0, 200);
    let call = &world.calls().await[0];
    assert!(!call["body"].as_array().unwrap().contains(&json!("note")), "{call}");
}

/// The CRM's PHP would change some of these names into names of other parameters.
#[tokio::test]
async fn refuses_each_parameter_that_the_form_does_not_ask_for() {
    let world = World::start().await;
    for name in [
        "key",
        "key[]",
        "KEY",
        " key",
        "funnel",
        "stage",
        "deal_id",
        "contact_id",
        "owner_email",
        "Contact_name",
        "Contact_Name",
        "contact_name ",
        "contact.name",
        "contact name",
        "contact_name[]",
        "contact_name[0]",
        "unknown_thing",
        "auto_create_custom_fields",
        "attachments",
        "attachments[]",
        "attachments[0]",
        "attachments[][x]",
        "_method",
        "__proto__",
    ] {
        let (status, json) = world.submit("callback", callback().text(name, "1")).await;
        assert_eq!((status, json["code"].as_str()), (422, Some("problems")), "{name}");
        assert_eq!(problems(&json), [("parameter_unknown", name)]);
        assert!(json["error_message"].as_str().unwrap().contains(name), "{json}");
    }
    // Each unknown parameter is reported once.
    let body = callback().text("stage", "Won").text("key", "1").text("key", "2");
    let (_, json) = world.submit("callback", body).await;
    assert_eq!(problems(&json), [("parameter_unknown", "stage"), ("parameter_unknown", "key")]);
    assert_eq!(world.calls().await.len(), 0, "an unknown parameter reached the CRM");
}

#[tokio::test]
async fn refuses_invalid_answers_with_a_code_for_each_problem() {
    let world = World::start().await;
    for (field, value, code) in [
        ("expected_closing_date", "2023-02-29", "date_day"),
        ("expected_closing_date", "next week", "date_format"),
        ("expected_closing_date", "31.12.2026", "date_order"),
        ("expected_closing_amount", "-5", "amount_character"),
        ("expected_closing_amount", ",.", "amount_digit"),
        ("contact_email", "zoe@", "email_format"),
        ("contact_phone", "call me", "phone_character"),
        ("project_type", "castle", "choice_value"),
        ("contact_name", "", "required"),
    ] {
        let mut body = Multipart::new();
        for (name, usual) in [
            ("contact_name", "Zoë"),
            ("contact_email", "zoe@example.com"),
            ("project_type", "shop"),
            ("note", "Tea"),
        ] {
            body = body.text(name, if name == field { value } else { usual });
        }
        if !["contact_name", "contact_email", "project_type", "note"].contains(&field) {
            body = body.text(field, value);
        }
        let (status, json) = world.submit("quote", body).await;
        assert_eq!(status, 422, "{field}={value:?}: {json}");
        assert_eq!(problems(&json), [(code, field)], "{value:?}");
    }
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn refuses_a_parameter_that_is_sent_twice() {
    let world = World::start().await;
    let (status, json) = world.submit("callback", callback().text("contact_name", "Mallory")).await;
    assert_eq!(status, 422);
    assert_eq!(problems(&json), [("parameter_twice", "contact_name")]);
    assert_eq!(world.calls().await.len(), 0);
}

#[tokio::test]
async fn creates_one_deal_from_a_draft_sent_twice_and_refuses_references_of_other_systems() {
    let world = World::start().await;
    let reference = "web-00112233445566778899aabbccddeeff";
    let body = || callback().text("external_reference_id", reference);
    let (_, first) = world.submit("callback", body()).await;
    let (_, second) = world.submit("callback", body()).await;
    assert_eq!(first["external_reference_id"], reference);
    assert_eq!(first["deal_id"], second["deal_id"]);
    assert_eq!(world.deals().await.len(), 1);

    // A reference in another format may belong to another system.
    for foreign in ["Deal656588", "web-1", "web-00112233445566778899AABBCCDDEEFF"] {
        let body = callback().text("external_reference_id", foreign);
        let (status, json) = world.submit("callback", body).await;
        assert_eq!(status, 422);
        assert_eq!(problems(&json), [("reference_shape", "external_reference_id")]);
    }
}

/// The contract and the sandbox implement the CRM's API reference independently.
#[tokio::test]
async fn the_sandbox_knows_every_text_parameter_of_the_contract() {
    let world = World::start().await;
    let texts = parameter::all().filter(|parameter| {
        !matches!(
            parameter.kind,
            ParameterKind::Key
                | ParameterKind::CustomField
                | ParameterKind::Answer(Kind::Attachments)
        )
    });
    for parameter in texts.clone() {
        let body = Multipart::new().text("key", KEY).text("contact_email", "zoe@example.com");
        let (content_type, body) = body.text(parameter.name, "1").finish();
        let call = world.client.post(world.sandbox.api_url());
        call.header("Content-Type", content_type).body(body).send().await.unwrap();
    }
    let calls = world.calls().await;
    assert_eq!(calls.len(), texts.count());
    for call in calls {
        assert_eq!(call["ignored"], json!([]), "{call}");
    }
}

#[tokio::test]
async fn forbids_caching_of_responses_to_submissions() {
    let world = World::start().await;
    let response = world.post("quote", quote()).send().await.unwrap();
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(read_json(response).await.0, 200);
}

const POSTCODE: &str = "title = 'T'
    lang = 'de'
    [[field]]
    custom_field = 'postcode'
    label = 'PLZ'
    pattern = '[0-9]{5}'
    prefill = 'plz'
    [field.messages]
    text_pattern = 'Fünf Ziffern, bitte.'
    [[field]]
    parameter = 'expected_closing_amount'
    label = 'Budget'
    default = 500
    min = 99.5
    [[field]]
    parameter = 'note'
    label = 'Nachricht'
    min_length = 3
    [[field]]
    parameter = 'name'
    label = 'Titel'
    default = 'Not asked'
    show_when = { parameter = 'note', filled = true }
    ";

#[tokio::test]
async fn reports_answers_outside_the_limits_with_the_authors_or_standard_messages() {
    let world = World::with_form(POSTCODE).await;
    let answers = Multipart::new()
        .text("postcode", "1011")
        .text("expected_closing_amount", "99,49")
        .text("note", "ab");
    let (status, json) = world.submit("own", answers).await;
    assert_eq!(status, 422);
    let expected = [
        ("text_pattern", "postcode"),
        ("number_low", "expected_closing_amount"),
        ("text_short", "note"),
    ];
    assert_eq!(problems(&json), expected);
    assert_eq!(json["problems"][0]["message"], "Fünf Ziffern, bitte.");
    assert_eq!(json["problems"][1]["message"], "Geben Sie bei „Budget“ mindestens 99,5 ein.");
    assert_eq!(json["problems"][1]["limit"], json!({"number": "99.5"}));
}

#[tokio::test]
async fn the_proxys_own_page_shows_initial_answers_from_the_form_file_and_the_url() {
    let world = World::with_form(POSTCODE).await;
    let page = open(&world, "own?plz=%20%EF%BC%91%3010115").await;
    assert!(page.contains("name=\"postcode\" value=\"\""), "an invalid answer\n{page}");
    let page = open(&world, "own?plz=%2010115%20").await;
    assert!(page.contains("name=\"postcode\" value=\"10115\""), "{page}");
    assert!(page.contains("name=\"expected_closing_amount\" value=\"500\""), "{page}");
    // A default in the page would be sent even if the condition is not met.
    assert!(!page.contains("Not asked"), "{page}");
    assert!(page.contains("name=\"note\" rows=\"4\" minlength=\"3\""), "{page}");
}
