//! A visitor starts with an empty form, enters invalid answers, and ends with a deal that has files.

use e2e::{FormPage, Sample, Samples, Sandbox, World, fill_in};
use serde_json::json;

const NO_SUCH_DAY: &str =
    "Enter a real date for “When do you want to start?”: this day does not exist.";
const NOT_A_DATE: &str = "Enter a date for “When do you want to start?” in the format MM/DD/YYYY, \
                          or in the form 2026-09-30.";
const NOT_DIGITS: &str = "Enter an amount for “Budget in euros”, such as 1,250.00. Use only digits, \
                          spaces, commas and full stops.";
const NOT_A_NUMBER: &str = "Enter a number for “Budget in euros”, such as 1250.";
const NOT_AN_ADDRESS: &str = "Enter an email address for “Email”, such as name@example.com.";

#[test]
fn a_visitor_corrects_all_problems_and_the_complete_deal_arrives() {
    let World { crm, browser, .. } = &World::at("/");
    let samples = Samples::new();
    let form = FormPage::ready(browser);

    submit_nothing(form);
    enter_invalid_answers(form, &samples);
    correct_everything(form);
    assert_eq!(form.summary().len(), 7, "the summary stays the same until the next Submit");
    let files = attach_files(form, &samples);
    form.submit();
    let number = form.wait_for_deal();
    check_deal(form, &number, crm, &files);
    browser.assert_console_is_empty();
}

/// Tries to send the empty form, and checks that the summary has the focus and links to each
/// required field.
#[track_caller]
fn submit_nothing(form: FormPage<'_>) {
    form.submit();
    let missing = [
        "Fill in “Your name”.",
        "Fill in “Email”.",
        "Select an option for “What is it about?”.",
        "Fill in “Your project”.",
    ];
    assert_eq!(form.summary(), missing);
    assert_eq!(form.focused(), "Please correct the following");
    for (problem, label) in
        missing.into_iter().zip(["Your name", "Email", "What is it about?", "Your project"])
    {
        form.follow_summary_link(problem);
        assert_eq!(form.focused(), label);
        assert_eq!(form.field(label).problem(), problem);
    }
}

/// Enters invalid answers, and checks that each field shows its problem and keeps the text.
#[track_caller]
fn enter_invalid_answers(form: FormPage<'_>, samples: &Samples) {
    for (label, wrong, problem) in [
        ("When do you want to start?", "2023-02-29", NO_SUCH_DAY),
        ("When do you want to start?", "next week", NOT_A_DATE),
        ("Budget in euros", "-5", NOT_DIGITS),
        ("Budget in euros", ",.", NOT_A_NUMBER),
        ("Email", "ana@example", NOT_AN_ADDRESS),
    ] {
        form.field(label).write_and_leave(wrong);
        assert_eq!(form.field(label).problem(), problem);
        assert_eq!(form.field(label).value(), wrong, "the field keeps the text");
    }
    let files = form.field(fill_in::QUOTE_FILES);
    let picture = samples.file("Skizze.png", b"\x89PNG\r\n\x1a\n");
    files.attach(&[&picture]);
    assert_eq!(
        files.problem(),
        "“Skizze.png” has an image format that cannot be sent. Save it as JPG and add it again."
    );
    form.submit();
    assert_eq!(form.summary().len(), 7, "{:#?}", form.summary());
}

#[track_caller]
fn correct_everything(form: FormPage<'_>) {
    form.field("Your name").write("Ana Größe-O’Brien");
    form.field("Email").write("ana@example.com");
    form.field("Phone").write("+49 (30) 123-456");
    form.field("Company").write("Größe & Söhne <GmbH>");
    form.field("What is it about?").choose("An online shop");
    form.field("When do you want to start?").write("2028-02-29");
    form.field("Budget in euros").write("1 250,00");
    form.field("How firm is the budget?").choose("There is some room");
    form.field("Your project").write("Zeile eins\nZeile \"zwei\" — 日本語");
    form.field("Keywords").write("relaunch, multilingual");
    form.field("Send me a confirmation by email").tick();
    form.remove_file("Skizze.png");
    form.field("Keywords").leave();
    let problems =
        "return [...root.querySelectorAll('.df-problem, .df-why')].filter(seen).map(shown);";
    assert_eq!(form.script(problems, &[]), json!([]), "corrected problems leave their fields");
}

/// Attaches two files, removes one of them, and adds it again.
#[track_caller]
fn attach_files(form: FormPage<'_>, samples: &Samples) -> [Sample; 2] {
    let files = form.field(fill_in::QUOTE_FILES);
    let offer = samples.pdf("Angebot \"Größe\" 1.PDF", 1_300_000);
    let table = samples.file("Preise.csv", "Artikel;Preis\r\nTür;1 250,00\r\n".as_bytes());
    files.attach(&[&offer, &table]);
    let offer_row = (offer.sent_name(), "1.3 MB".to_owned());
    let table_row = (table.name.clone(), "30 bytes".to_owned());
    assert_eq!(form.files(), [offer_row.clone(), table_row.clone()]);
    assert_eq!(form.read(".df-total").unwrap(), "1.3 MB of 100 MB");
    form.remove_file(&offer.sent_name());
    assert_eq!(form.files(), std::slice::from_ref(&table_row));
    assert_eq!(form.read(".df-total").unwrap(), "30 bytes of 100 MB");
    // The form lists a file only once, even if the visitor chooses it twice.
    files.attach(&[&offer]);
    files.attach(&[&offer]);
    assert_eq!(form.files(), [table_row, offer_row]);
    [table, offer]
}

/// Checks that the CRM got one call and has one deal with all answers, and that the page shows the
/// deal's values.
#[track_caller]
fn check_deal(form: FormPage<'_>, number: &str, crm: &Sandbox, files: &[Sample; 2]) {
    let deal = crm.deal_with_number(number);
    assert_eq!(form.read(".df-form"), None, "the form is hidden");
    let thanks = "We have your request and will get back to you within two working days.";
    assert_eq!(form.read(".df-thanks").as_deref(), Some(thanks), "the author's message");
    let reference = deal["external_reference_id"].clone();
    // Other values from the CRM's reply are shown only if the form file lists them.
    assert_eq!(form.read(".df-deal").unwrap().lines().count(), 2, "more than the number");
    assert_eq!(
        deal["parameters"],
        json!({
            "contact_name": "Ana Größe-O’Brien",
            "contact_email": "ana@example.com",
            "contact_phone": "+49 (30) 123-456",
            "company_name": "Größe & Söhne <GmbH>",
            "expected_closing_date": "2028-02-29",
            "expected_closing_amount": "1 250,00",
            // Browsers send line breaks as CRLF (WHATWG HTML 4.10.21.8).
            // The answers for custom fields follow, because the CRM does not have these fields.
            "note": "Zeile eins\r\nZeile \"zwei\" — 日本語\r\n\r\n\
                     What is it about? An online shop\r\n\
                     How firm is the budget? There is some room",
            "tags": "relaunch, multilingual",
            "send_email_to_contact": "1",
            "external_reference_id": reference,
            // Presets.
            "name": "Quote request from the website",
            "contact_source": "Website",
            "funnel": "Sales",
            "stage": "New",
            "resolution": "open",
            "note_title": "Project",
            "match_with_email": "1",
            "match_with_phone": "2",
            "email_notify_owner": "1",
            "send_email_to_contact_subject": "We have your request",
        })
    );
    assert_eq!(deal["tags"], json!(["relaunch", "multilingual"]));
    crm.assert_files(&deal, files);
    let calls = crm.calls();
    assert_eq!(calls.len(), 1, "a form with problems was sent: {calls:#?}");
    let ignored = json!(["budget_range", "project_type"]);
    assert_eq!(calls[0]["ignored"], ignored, "parameters that the CRM does not have");
}

#[test]
fn a_problem_appears_when_its_field_is_left_and_disappears_when_it_is_corrected() {
    let World { browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);

    let address = form.field("Email");
    address.write("ana@example");
    assert_eq!(address.problem(), "", "no problem is shown while the visitor types");
    address.leave();
    assert_eq!(address.problem(), NOT_AN_ADDRESS);
    assert_eq!(form.summary(), Vec::<String>::new(), "the summary appears only after Submit");
    address.write("ana@example.com");
    assert_eq!(address.problem(), "");
}

#[test]
fn correcting_the_last_problem_keeps_the_focus_while_typing() {
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    form.field("Phone").write("030-x");
    form.submit();
    assert_eq!(form.summary().len(), 1);

    // While the visitor types, the answer is valid for a moment: 03012 has five digits.
    form.field("Phone").write("03012x");
    assert_eq!(form.field("Phone").value(), "03012x");
    assert_eq!(form.focused(), "Phone");
    form.field("Phone").write("030 123456");
    assert_eq!(form.field("Phone").value(), "030 123456");
    assert_eq!(form.focused(), "Phone");
    assert_eq!(form.summary().len(), 1, "the summary stays the same until the next Submit");
    form.field("Phone").leave();
    assert_eq!(form.field("Phone").problem(), "");
}

#[test]
fn a_second_request_after_a_deal_creates_a_new_deal() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    let send = |name: &str| {
        form.field("Your name").write(name);
        form.field("Phone").write("030 123456");
        form.submit();
        form.wait_for_deal()
    };

    let first = send("Ana");
    form.press_button("Send another request");
    assert_eq!(form.focused(), "Your name");
    assert_eq!(
        form.answers(),
        json!({"Your name": "", "Phone": "", "What would you like to discuss?": "", "files": []})
    );
    let second = send("Ben");

    assert_ne!(first, second);
    let deals = crm.deals();
    assert_eq!(deals.len(), 2);
    assert_ne!(deals[0]["external_reference_id"], deals[1]["external_reference_id"]);
}
