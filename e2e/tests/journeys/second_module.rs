//! The widget's second module, which only some forms load.

use e2e::{
    Browser, FormPage, LandingPage, Proxy, ReverseProxy, Samples, Sandbox, World, fill_in, wait_for,
};

const SECOND_MODULE: &str = "GET /deal-form-widget-more.wasm";

/// Starts a sandbox and a proxy, and opens the page of this form behind a server that counts requests.
fn open(form: &str) -> (Sandbox, ReverseProxy, Browser, Proxy) {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let front = ReverseProxy::in_front_of(&proxy);
    let browser = Browser::start();
    browser.open(&front.url(&format!("/forms/{form}")));
    FormPage::ready(&browser);
    (crm, front, browser, proxy)
}

fn requests_of_second_module(front: &ReverseProxy) -> usize {
    front.requests().iter().filter(|line| *line == SECOND_MODULE).count()
}

#[test]
fn a_simple_form_does_not_request_the_second_module() {
    let (crm, front, browser, _proxy) = open("callback");
    let form = FormPage::ready(&browser);
    fill_in::callback(form);
    form.submit();
    crm.deal_with_number(&form.wait_for_deal());
    assert_eq!(requests_of_second_module(&front), 0);
}

#[test]
fn a_form_with_files_requests_the_second_module_once_and_its_files_arrive() {
    let (crm, front, browser, _proxy) = open("quote");
    let form = FormPage::ready(&browser);
    let samples = Samples::new();
    let files = [samples.pdf("Plan.pdf", 20_000), samples.file("Prices.csv", b"a;1\r\n")];
    fill_in::quote(form, &[&files[0], &files[1]]);
    form.submit();
    let number = form.wait_for_deal();
    crm.assert_files(&crm.deal_from_single_call(&number), &files);
    assert_eq!(requests_of_second_module(&front), 1);
    browser.assert_console_is_empty();
}

#[test]
fn a_form_whose_second_module_is_blocked_can_be_loaded_again() {
    for response in
        ["Promise.reject('blocked')", "Promise.resolve(new Response('<!doctype html>'))"]
    {
        check_second_module_that_fails_with(response);
    }
}

/// Opens a page with a simple form, and adds `quote` while the request for the second module gets this
/// response.
#[track_caller]
fn check_second_module_that_fails_with(response: &str) {
    let World { crm, browser, .. } = &World::open(LandingPage::with_body(
        "<deal-form src='/forms/callback'></deal-form><main></main>",
    ));
    FormPage::ready(browser);
    let add = format!(
        "window.original = fetch;
        window.fetch = (...request) =>
            String(request[0].url ?? request[0]).endsWith('-more.wasm') ? {response} : original(...request);
        document.querySelector('main').innerHTML =
            `<deal-form id='second' src='/forms/quote'></deal-form>`;"
    );
    browser.script(&add, &[]);
    let button = "return document.querySelector('#second').shadowRoot
        ?.querySelector('[role=alert] button') ?? null;";
    let button = wait_for("the button to load again", || browser.element(button, &[]));
    let fields = "return document.querySelector('#second').shadowRoot
        .querySelectorAll('[name]').length;";
    assert_eq!(browser.script(fields, &[]), 0, "no part of the form is shown");

    browser.script("window.fetch = window.original;", &[]);
    browser.click(&button);
    let form = FormPage::ready_at(browser, "#second");
    let samples = Samples::new();
    let files = [samples.pdf("Plan.pdf", 20_000)];
    fill_in::quote(form, &[&files[0]]);
    form.submit();
    let number = form.wait_for_deal();
    crm.assert_files(&crm.deal_with_number(&number), &files);
}
