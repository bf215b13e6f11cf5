//! A complete form for a studio, sent with scripts and without.

use e2e::{Browser, FormPage, LandingPage, Proxy, Sandbox, Scripts, World, wait_until};
use serde_json::{Value, json};

/// Checks the deal that the journeys with the same project create.
#[track_caller]
fn check_deal(deal: &Value) {
    let parameters = &deal["parameters"];
    assert_eq!(parameters["name"], "A website, A podcast for Größe & Söhne");
    assert_eq!(parameters["contact_name"], "Ana Größe");
    assert_eq!(parameters["owner_email"], "ben@company.com");
    assert_eq!(parameters["tags"], "large company");
    let answers = "First name: Ana\r\nLast name: Größe\r\nEmail: ana@example.com\r\n\
                   Company: Größe & Söhne\r\nHow many people work there? 50 or more\r\n\
                   What do you need? A website, A podcast\r\n\
                   When do you want to start? 2030-01-31\r\n\
                   How did you hear of us? A colleague\r\n\
                   I agree to the privacy policy: yes";
    assert_eq!(parameters["note"], answers);
}

#[test]
fn a_project_creates_a_deal_for_the_right_owner() {
    let World { crm, browser, .. } = &World::at("/forms/studio");
    let form = FormPage::ready(browser);
    form.field("First name").write("Ana");
    form.field("Last name").write("Größe");
    form.field("Email").write("ana@example.com");
    form.field("Company").write("Größe & Söhne");
    form.field("How many people work there?").choose("50 or more");
    form.field("What do you need?").choose("A website");
    form.field("What do you need?").choose_other("A podcast");
    form.field("When do you want to start?").write("2030-01-31");
    form.field("How did you hear of us?").choose_other("A colleague");
    form.field("I agree to the privacy policy").tick();
    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    check_deal(&deal);
    let thanks = "Thank you! We will get back to you within two working days.";
    assert_eq!(form.read(".df-thanks").as_deref(), Some(thanks));
}

/// The answers that reach the CRM are the same in German as in English.
#[test]
fn the_same_project_can_be_sent_in_german_on_a_german_page() {
    let body = "<main lang=\"de-AT\"><deal-form src=\"/forms/studio\"></deal-form></main>";
    let World { crm, browser, .. } = &World::open(LandingPage::with_body(body));
    let form = FormPage::ready(browser);
    assert_eq!(form.read(".df-title").as_deref(), Some("Projekt starten"));
    assert_eq!(form.script("return root.querySelector('.df').lang;", &[]), "de");
    let answer_otherwise = |label, answer| {
        form.field(label).choose("Sonstiges");
        let find = "return frame(arguments[1]).querySelector('[aria-label=\"Ihre Antwort\"]');";
        browser.type_into(&form.element(find, &[json!(label)]), answer);
    };
    form.field("Vorname").write("Ana");
    form.field("E-Mail-Adresse").write("ana@example.com");
    form.field("Unternehmen").write("Größe & Söhne");
    form.field("Wie viele Menschen arbeiten dort?").choose("50 oder mehr");
    form.field("Was brauchen Sie?").choose("Eine Website");
    answer_otherwise("Was brauchen Sie?", "A podcast");
    form.field("Wann soll es losgehen?").write("31.1.2030");
    answer_otherwise("Wie haben Sie von uns erfahren?", "A colleague");
    form.field("Ich bin mit der Datenschutzerklärung einverstanden").tick();
    form.submit();
    assert_eq!(form.summary(), ["Füllen Sie „Nachname“ aus."]);
    form.field("Nachname").write("Größe");
    form.submit();
    let thanks = "Vielen Dank! Wir melden uns innerhalb von zwei Werktagen.";
    wait_until("the thanks", || form.read(".df-thanks").as_deref() == Some(thanks));
    assert_eq!(crm.deals().len(), 1);
    check_deal(&crm.deal());
    browser.assert_console_is_empty();
}

/// The element's `lang` attribute overrides the language of the page.
#[test]
fn the_element_chooses_another_language_than_its_page() {
    let body = "<main lang=\"de\"><deal-form lang=\"en\" src=\"/forms/studio\"></deal-form></main>";
    let World { browser, .. } = &World::open(LandingPage::with_body(body));
    let form = FormPage::ready(browser);
    assert_eq!(form.read(".df-title").as_deref(), Some("Start a project"));
    form.submit();
    assert_eq!(form.summary().first().map(String::as_str), Some("Fill in “First name”."));
}

#[test]
fn the_same_project_can_be_sent_without_scripts() {
    let (crm, browser) = (Sandbox::start(), Browser::start_with(Scripts::Off));
    let proxy = Proxy::start(&crm);
    browser.open(&proxy.url("/forms/studio"));
    for (name, text) in [
        ("first_name", "Ana"),
        ("last_name", "Größe"),
        ("contact_email", "ana@example.com"),
        ("company_name", "Größe & Söhne"),
    ] {
        browser.type_into(&browser.find(&format!("[name={name}]")), text);
    }
    for css in [
        "[name=company_size][value='50 or more']",
        "[name=services][value='A website']",
        "[name=services][value=df-other]",
        "[name=heard_of_us] [value=df-other]",
        "[name=consent]",
    ] {
        browser.click(&browser.find(css));
    }
    browser.type_into(&browser.find("input[type=text][name=services]"), "A podcast");
    browser.type_into(&browser.find("input[type=text][name=heard_of_us]"), "A colleague");
    browser.pick_day(&browser.find("[name=expected_closing_date]"), "2030-01-31");
    browser.click(&browser.find("button[type=submit]"));
    wait_until("the deal", || crm.deals().len() == 1);
    check_deal(&crm.deal());
}

#[test]
fn opens_the_thank_you_page_unless_the_page_prevents_it() {
    let form = "title = 'Call me back'\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n\
                [success]\nredirect = '/forms/own?deal={deal_id}'\n";
    let prevent = "addEventListener('deal-form-success', (event) => {
        if (location.hash === '#stay') event.preventDefault();
    });";
    let body = "<deal-form src=\"/forms/own\"></deal-form>";
    let page = LandingPage { script: prevent, form: Some(form), ..LandingPage::with_body(body) };
    let World { crm, proxy, browser } = &World::open(page);
    let form = FormPage::ready(browser);
    form.field("Name").write("Ana");
    form.submit();
    wait_until("the first deal", || crm.deals().len() == 1);
    let thanks = || format!("/forms/own?deal={}", crm.deals()[0]["deal_id"].as_str().unwrap());
    wait_until("the thank-you page", || {
        browser.script("return location.pathname + location.search;", &[]) == json!(thanks())
    });

    browser.open(&proxy.url(&format!("{}#stay", World::LANDING_PAGE)));
    let form = FormPage::ready(browser);
    form.field("Name").write("Ana");
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deals().len(), 2);
    let path = browser.script("return location.pathname;", &[]);
    assert_eq!(path, json!(World::LANDING_PAGE));
}
