//! Our proxy or a third-party proxy refuses a submission.

use e2e::{
    Browser, FormPage, LandingPage, Samples, Site, StubServer, World, freeze_timers, wait_for,
    wait_until,
};
use serde_json::{Value, json};

const JSON: &str = "application/json";

/// A form file with limits that are missing from the page's definition.
const STRICT_FORM: &str = r#"
title = "Strict"

[[field]]
parameter = "contact_name"
label = "Name"
max_length = 5

[[field]]
parameter = "contact_phone"
label = "Phone"
required = true

[[field]]
parameter = "attachments"
label = "Files"
max_total = "1 MB"
"#;

/// Returns the page's definition: the fields of [`STRICT_FORM`] without their limits, and none of
/// them required.
fn lax_definition() -> Value {
    json!({
        "title": "Lax",
        "fields": [
            {"parameter": "contact_name", "kind": "text", "label": "Name"},
            {"parameter": "contact_phone", "kind": "phone", "label": "Phone"},
            {"parameter": "attachments", "kind": "attachments", "label": "Files"},
        ],
    })
}

/// Returns an element that has the lax definition and sends to `proxy_url`.
fn lax_form(proxy_url: &str) -> String {
    let definition = lax_definition().to_string().replace('"', "&quot;");
    format!("<deal-form proxy-url='{proxy_url}' definition=\"{definition}\"></deal-form>")
}

/// Opens a page that has the lax form and sends to a stub of a third-party proxy.
fn open_lax_form() -> (Site, StubServer, Browser) {
    let site = Site::new();
    site.add_page("lax.html", Site::LOADER, &lax_form("/submit"));
    let proxy = StubServer::start(site.path());
    let browser = Browser::start();
    browser.open(&proxy.url("/lax.html"));
    (site, proxy, browser)
}

#[test]
fn problems_that_only_the_proxy_finds_are_shown_and_can_be_corrected() {
    let World { crm, browser, .. } = &World::open(LandingPage {
        form: Some(STRICT_FORM),
        ..LandingPage::with_body(&lax_form("/forms/own"))
    });
    let samples = Samples::new();
    let large = samples.pdf("Large.pdf", 40_000_000);
    let small = samples.pdf("Small.pdf", 500_000);
    let form = FormPage::ready(browser);

    // The proxy responds with 413 while the browser is still sending.
    form.field("Name").write("Anastasia");
    form.field("Files").attach(&[&large]);
    let entered = form.answers();
    form.submit();
    let failure = form.wait_for_failure();
    assert_eq!(failure.heading, "Your request is too large");
    assert_eq!(failure.advice, "Remove or shrink some files, then try again.");
    assert_eq!(form.answers(), entered);

    // The proxy responds with 422 and a problem for each field.
    form.remove_file("Large.pdf");
    form.field("Files").attach(&[&small]);
    form.press_button("Try again");
    let failure = form.wait_for_failure();
    assert_eq!(failure.heading, "Some answers were not accepted");
    assert_eq!(form.field("Name").problem(), "Shorten “Name” to 5 characters; it has 9 now.");
    assert_eq!(form.field("Phone").problem(), "Fill in “Phone”.");

    form.field("Name").write("Ana");
    form.field("Phone").write("030 123456");
    assert_eq!((form.field("Name").problem(), form.field("Phone").problem()), Default::default());
    form.press_button("Try again");
    let number = form.wait_for_deal();
    assert_eq!(crm.finished_calls().len(), 1, "the proxy sent invalid answers to the CRM");
    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &[small]);
}

#[test]
fn every_failure_response_is_explained_and_the_form_can_be_sent_again() {
    const HTML: &str = "text/html";
    const TEXT: &str = "text/plain";
    e2e::run_in_one_engine!();
    let (_site, proxy, browser) = open_lax_form();
    let form = FormPage::ready(&browser);
    form.field("Name").write("Ana");
    let entered = form.answers();
    // Prevents automatic retries of temporary failures.
    freeze_timers(&browser);
    let mut sent = 0;
    let mut check = |status, media_type, body: &str, heading: &str, message: &str| {
        proxy.respond_with(status, media_type, body);
        // A new attempt removes the last failure message.
        form.submit();
        sent += 1;
        wait_until("the new response", || proxy.submission_count() == sent);
        let failure = wait_for("the new failure", || {
            form.failure()
                .filter(|failure| failure.heading == heading && failure.message == message)
        });
        assert_eq!(failure.kept, "Everything you entered is still here.");
        assert!(failure.advice.len() > 20, "{failure:?}");
        assert_eq!(form.answers(), entered);
        assert_eq!(form.focused(), heading);
    };
    let page = "<html><body><h1>Error</h1></body></html>";

    check(413, HTML, page, "Your request is too large", "");
    check(
        413,
        JSON,
        r#"{"error_message": "At most 1 MB."}"#,
        "Your request is too large",
        "At most 1 MB.",
    );
    check(415, TEXT, "no", "The request could not be read", "");
    check(
        415,
        JSON,
        r#"{"error_message": "Send a form."}"#,
        "The request could not be read",
        "Send a form.",
    );
    check(429, HTML, page, "Too many requests at the moment", "");
    check(
        429,
        JSON,
        r#"{"error_message": "Slowly."}"#,
        "Too many requests at the moment",
        "Slowly.",
    );
    check(
        422,
        JSON,
        r#"{"error_message": "Not so."}"#,
        "Some answers were not accepted",
        "Not so.",
    );
    check(422, HTML, page, "The response could not be read", "");
    check(502, HTML, page, "We could not deliver your request", "");
    check(504, TEXT, "", "We could not deliver your request", "");
    check(500, HTML, page, "The response could not be read", "");
    check(
        403,
        JSON,
        r#"{"error_message": "Not from here."}"#,
        "The request was refused",
        "Not from here.",
    );
    check(200, HTML, page, "The response could not be read", "");
    check(200, TEXT, "", "The response could not be read", "");
    check(200, JSON, r#"{"deal_id": "1"}"#, "The response could not be read", "");
    check(200, JSON, "[]", "The response could not be read", "");
    check(200, JSON, "null", "The response could not be read", "");
    check(
        200,
        JSON,
        r#"{"error_message": "Invalid <b>key</b>"}"#,
        "We could not pass on your request",
        "Invalid <b>key</b>",
    );

    // The CRM's documented success reply, forwarded by a proxy that does not change it.
    proxy.respond_with(200, JSON, r#"{"message": "success", "deal_id": 5452, "stage": "New"}"#);
    form.press_button("Try again");
    assert_eq!(form.wait_for_deal(), "5452");
}

#[test]
fn problems_reported_by_a_proxy_are_cleared_by_the_next_attempt() {
    e2e::run_in_one_engine!();
    let (_site, proxy, browser) = open_lax_form();
    let form = FormPage::ready(&browser);
    form.field("Name").write("Ana");
    let problem = json!({"field": "contact_name", "code": "unheard_of", "message": "Not Ana."});
    let body = json!({"error_message": "Not so.", "problems": [problem]}).to_string();
    proxy.respond_with(422, JSON, &body);
    form.submit();
    form.wait_for_failure_titled("Some answers were not accepted");
    assert_eq!(form.field("Name").problem(), "Not Ana.");
    assert_eq!(form.summary(), ["Not Ana."]);
    assert_eq!(form.countdown(), None, "a retry cannot succeed");

    // The next response is about another problem.
    proxy.respond_with(403, JSON, r#"{"error_message": "Not from here."}"#);
    form.press_button("Try again");
    form.wait_for_failure_titled("The request was refused");
    assert_eq!(form.field("Name").problem(), "");
    assert_eq!(form.summary(), Vec::<String>::new());
}
