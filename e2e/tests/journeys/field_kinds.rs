//! Every kind of field, and its value in the CRM.

use deal_contract::kind::Kind;
use e2e::{FormPage, Proxy, Samples, Sandbox, World};
use serde_json::{Value, json};

/// Adds the reference, and the presets from the form `everything`.
fn with_presets(mut answers: Value, reference: &Value) -> Value {
    answers["external_reference_id"] = reference.clone();
    answers["funnel"] = json!("Partners");
    answers["note_title"] = json!("Everything");
    answers["auto_create_custom_fields"] = json!("2");
    answers
}

#[test]
fn the_everything_example_has_every_kind_of_field() {
    e2e::run_in_one_engine!();
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let definition = proxy.definition("everything");
    let fields = definition["fields"].as_array().unwrap();
    let missing: Vec<&str> = Kind::ALL
        .into_iter()
        .map(Kind::as_str)
        .filter(|kind| !fields.iter().any(|field| field["kind"] == *kind))
        .collect();
    assert_eq!(missing, [""; 0], "no journey fills in these kinds");
}

#[test]
fn every_kind_of_answer_arrives_in_the_deal() {
    let World { crm, browser, .. } = &World::at("/forms/everything");
    let samples = Samples::new();
    let file = samples.file("a.zip", b"PK\x03\x04");
    let form = FormPage::ready(browser);

    for (label, text) in [
        ("Text", "  A \"deal\" & <more>  "),
        ("Long text", "eins\n\n  zwei"),
        ("Email", "ana.o'neill+x@mail.example.com"),
        ("Phone", "+49 (30) 123-456.7"),
        ("Web address or name", "https://www.linkedin.com/in/ana?x=1&y=2"),
        ("Date", "2024-02-29"),
        ("Amount", "1 250,00"),
        ("Tags", "red, dark blue ,größe"),
        ("Custom text", "10 %"),
        ("Custom long text", "a\nb"),
        ("Custom date", "1999-12-31"),
        ("Custom amount", "1.000.000"),
        ("Custom email", "x@y.example"),
    ] {
        form.field(label).write(text);
    }
    form.field("Resolution").choose("Won");
    form.field("Choice").choose("Proposal");
    form.field("Custom choice").choose("An app");
    form.field("Custom choices").choose("Blue");
    form.field("Custom choices").choose("Red");
    form.field("Custom choices").choose_other("Violet");
    for flag in ["A flag with 1 for yes", "A flag with 2 for yes", "Custom flag"] {
        form.field(flag).tick();
    }
    form.field("Files").attach(&[&file]);
    form.submit();
    let number = form.wait_for_deal();

    let deal = crm.deal_with_number(&number);
    let expected = json!({
        // Spaces at the beginning and the end are removed.
        "name": "A \"deal\" & <more>",
        "note": "eins\r\n\r\n  zwei",
        "contact_email": "ana.o'neill+x@mail.example.com",
        "contact_phone": "+49 (30) 123-456.7",
        "contact_linkedin": "https://www.linkedin.com/in/ana?x=1&y=2",
        "expected_closing_date": "2024-02-29",
        "expected_closing_amount": "1 250,00",
        "send_email_to_contact": "1",
        "create_new_stage": "2",
        "resolution": "won",
        "stage": "Proposal",
        "tags": "red, dark blue, größe",
        "budget_range": "10 %",
        "project_type": "app",
        "colours": "Red, Blue, Violet",
        "remarks": "a\r\nb",
        "decision_day": "1999-12-31",
        "yearly_revenue": "1.000.000",
        "newsletter": "1",
        "billing_email": "x@y.example",
    });
    assert_eq!(deal["parameters"], with_presets(expected, &deal["external_reference_id"]));
    assert_eq!(deal["tags"], json!(["red", "dark blue", "größe"]));
    crm.assert_files(&deal, &[file]);
    assert_eq!(crm.calls()[0]["ignored"], json!([]));
}

#[test]
fn unticked_boxes_are_sent_as_no_and_empty_fields_are_not_sent() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::at("/forms/everything");
    let form = FormPage::ready(browser);

    form.field("Text").write("First");
    form.field("Email").write("ana@example.com");
    // Ticked and unticked.
    form.field("A flag with 2 for yes").tick();
    form.field("A flag with 2 for yes").tick();
    form.submit();
    form.wait_for_deal();

    let deal = crm.deal();
    let expected = json!({
        "name": "First",
        "contact_email": "ana@example.com",
        "send_email_to_contact": "2",
        "create_new_stage": "1",
        "newsletter": "2",
    });
    assert_eq!(deal["parameters"], with_presets(expected, &deal["external_reference_id"]));

    // The id of a contact that the sandbox has just created.
    let contact = deal["contact_id"].clone();
    form.press_button("Send another request");
    form.field("Text").write("Second");
    let record = form.field("Record number");
    record.write_and_leave("0");
    assert_eq!(
        record.problem(),
        "Enter a whole number above zero for “Record number”, such as 5452."
    );
    record.write(contact.as_str().unwrap());
    form.submit();
    let number = form.wait_for_deal();
    let deals = crm.deals();
    assert_eq!(deals[0]["deal_id"], json!(number));
    assert_eq!(deals[0]["parameters"]["contact_id"], contact);
    assert_eq!(deals[0]["contact_id"], contact);
}
