//! A form with steps and conditional fields.

use e2e::{FormPage, LandingPage, Samples, World, wait_until};
use serde_json::{Value, json};

const KIND: &str = "What do you want to build?";
const SHOP: &str = "Which shop system do you use today?";
const PHONE: &str = "Phone";

/// Returns the current step's title, and the labels of its visible fields.
#[track_caller]
fn step(form: FormPage<'_>) -> (String, Vec<String>) {
    let labels = "return [...root.querySelectorAll('[data-df-field]')].filter(seen)
        .map((frame) => words(frame.querySelector('.df-label')));";
    let labels = serde_json::from_value(form.script(labels, &[])).unwrap();
    (form.read(".df-step-title").unwrap(), labels)
}

#[track_caller]
fn assert_step(form: FormPage<'_>, title: &str, labels: &[&str]) {
    assert_eq!(step(form), (title.to_owned(), labels.iter().map(ToString::to_string).collect()));
    let focused = "return root.getRootNode().activeElement?.className ?? null;";
    assert_eq!(
        form.script(focused, &[]),
        "df-step-head",
        "the beginning of the step has the focus"
    );
}

#[test]
fn conditional_fields_follow_the_answers_and_only_shown_fields_are_sent() {
    let World { crm, proxy, browser } = &World::start();
    let stores_files = browser.has_file_storage();
    let samples = Samples::new();
    let sketch = samples.pdf("Sketch.pdf", 200_000);
    browser.open(&proxy.url("/forms/steps"));
    let form = FormPage::ready(browser);

    // The form checks only the step that the visitor leaves.
    assert_eq!(step(form).1, [KIND, "Tell us more"]);
    form.press_button("Continue");
    assert_eq!(form.summary(), ["Select an option for “What do you want to build?”."]);
    form.field(KIND).choose("An online shop");
    assert_eq!(step(form).1, [KIND, SHOP, "Tell us more"]);
    form.press_button("Continue");
    assert_eq!(form.summary(), [format!("Fill in “{SHOP}”.")]);
    form.field(SHOP).write("none");
    form.press_button("Continue");
    let second = ["When should it be ready?", "Budget in euros", "Sketches"];
    assert_step(form, "Time and money", &second);
    form.field("Budget in euros").write("1 250,00");
    form.field("Sketches").attach(&[&sketch]);
    form.press_button("Continue");
    assert_step(form, "You", &["Your name", "Email", "Please call me"]);
    form.field("Your name").write("Ana Größe");

    if stores_files {
        form.wait_for_stored_files(1);
    }

    // A reload restores the current step, and the files from the previous step.
    browser.open(&proxy.url("/forms/steps"));
    let form = FormPage::ready(browser);
    assert_eq!(step(form).0, "You");
    assert_eq!(form.field("Your name").value(), "Ana Größe");
    if stores_files {
        wait_until("the file", || form.files().len() == 1);
    }

    // A conditional field on the last step.
    form.field("Email").write("ana@example.com");
    form.field("Please call me").tick();
    assert_eq!(step(form).1, ["Your name", "Email", "Please call me", PHONE]);
    form.press_button("Send the plan");
    assert_eq!(form.summary(), ["Fill in “Phone”."]);
    form.field(PHONE).write("030 123456");
    form.field("Please call me").tick();
    assert_eq!(step(form).1, ["Your name", "Email", "Please call me"]);

    // The visitor changes an answer two steps back.
    form.press_button("Back");
    assert_step(form, "Time and money", &second);
    if !stores_files {
        form.field("Sketches").attach(&[&sketch]);
    }
    form.press_button("Back");
    assert_step(form, "Your project", &[KIND, SHOP, "Tell us more"]);
    form.field(KIND).choose("A website");
    assert_eq!(step(form).1, [KIND, "Tell us more"]);
    form.press_button("Continue");
    form.press_button("Continue");
    form.press_button("Send the plan");
    let number = form.wait_for_deal();

    crm.assert_one_call();
    let deal = crm.deal_with_number(&number);
    let sent = &deal["parameters"];
    assert_eq!(sent["project_type"], "website");
    assert_eq!(sent["expected_closing_amount"], "1 250,00");
    assert_eq!((&sent["shop_system"], &sent["contact_phone"]), (&Value::Null, &Value::Null));
    assert_eq!(sent["landing_page"], proxy.url("/forms/steps"));
    crm.assert_files(&deal, &[sketch]);
}

/// A script changes an answer from an earlier step to an invalid one.
#[test]
fn the_summary_on_the_last_step_leads_to_a_problem_on_an_earlier_step() {
    e2e::run_in_one_engine!();
    let World { browser, .. } = &World::at("/forms/steps");
    let form = FormPage::ready(browser);
    form.field(KIND).choose("A website");
    form.press_button("Continue");
    form.press_button("Continue");
    assert_eq!(step(form).0, "You");
    let prefill = "document.querySelector('deal-form').prefill({ expected_closing_amount: '-5' });";
    browser.script(prefill, &[]);
    form.submit();
    let problem = "Enter an amount for “Budget in euros”, such as 1,250.00. Use only digits, \
                   spaces, commas and full stops.";
    assert!(form.summary().contains(&problem.to_owned()), "{:#?}", form.summary());
    form.follow_summary_link(problem);
    assert_eq!(step(form).0, "Time and money");
    assert_eq!(form.focused(), "Budget in euros");
}

const PLANS_FORM: &str = "title = 'Plans'
    [[field]]
    parameter = 'contact_name'
    label = 'Your name'
    [[field]]
    custom_field = 'has_plans'
    kind = 'flag'
    label = 'There are plans'
    [[field]]
    parameter = 'attachments'
    label = 'Plans'
    show_when = { custom_field = 'has_plans', is = true }
    [[step]]
    title = 'You'
    fields = ['contact_name']
    [[step]]
    title = 'It'
    fields = ['has_plans', 'attachments']
    [presets]
    name = 'Plans'
    auto_create_custom_fields = true
";

#[test]
fn files_of_a_hidden_field_are_not_sent_and_the_next_draft_begins_at_the_first_step() {
    let World { crm, browser, .. } =
        &World::open(LandingPage { form: Some(PLANS_FORM), ..LandingPage::OWN });
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    form.press_button("Continue");
    form.field("There are plans").tick();
    form.field("Plans").attach(&[&samples.pdf("Plan.pdf", 1_000)]);
    form.field("There are plans").tick();
    assert_eq!(step(form).1, ["There are plans"]);
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deal()["attachments"], json!([]));

    form.press_button("Send another request");
    assert_eq!(step(form), ("You".to_owned(), vec!["Your name".to_owned()]));
    assert_eq!(form.focused(), "Your name");
}
