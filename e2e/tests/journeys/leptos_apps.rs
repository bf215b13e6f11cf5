//! The example applications in Leptos: one that renders in the browser, and one that a server renders.

use e2e::{
    Browser, FormPage, LeptosServer, ReverseProxy, Sandbox, Scripts, World, fill_in, wait_for,
    wait_until,
};
use serde_json::json;

/// The form's outermost element. The component has no shadow root.
const FORM: &str = ".df";

/// Fills in the form, sends it, and checks that the page shows the number of the deal.
#[track_caller]
fn send(browser: &Browser, crm: &Sandbox, form: FormPage<'_>) {
    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();
    crm.deal_from_single_call(&number);
    let sentence = format!("Your reference number is {number}.");
    wait_until("the page's own text", || {
        browser.texts("main > p, section > p").contains(&sentence)
    });
    browser.assert_console_is_empty();
}

#[test]
fn an_application_that_renders_in_the_browser_prefills_and_sends_its_form() {
    let World { crm, browser, proxy } = &World::start();
    let server = ReverseProxy::with_leptos_page(proxy);
    browser.open(&server.url("/"));
    let form = FormPage::ready_at(browser, FORM);
    browser.click(&browser.find("li:nth-child(2) a"));
    let note = form.field("What would you like to discuss?");
    wait_until("the prefilled note", || note.value() == "About the cabin Lynx");
    send(browser, crm, form);
}

#[test]
fn a_visitor_sends_a_form_that_a_server_has_rendered_and_the_browser_hydrates() {
    let crm = Sandbox::start();
    let (_proxy, server) = LeptosServer::start(&crm);
    let browser = Browser::start();
    browser.open(server.url());
    let form = FormPage::ready_at(&browser, FORM);
    assert_eq!(browser.script("return document.querySelectorAll('form').length;", &[]), json!(1));
    send(&browser, &crm, form);
}

#[test]
fn a_visitor_without_scripts_sends_the_form_that_a_server_has_rendered() {
    let crm = Sandbox::start();
    let (_proxy, server) = LeptosServer::start(&crm);
    let browser = Browser::start_with(Scripts::Off);
    browser.open(server.url());
    browser.type_into(&browser.find("[name=contact_name]"), "Ana Größe");
    browser.type_into(&browser.find("[name=contact_phone]"), "030 123456");
    browser.click(&browser.find("form button"));
    let number = wait_for("the result page", || browser.texts("[role=status] dd").pop());
    assert_eq!(crm.deal_with_number(&number)["parameters"]["contact_name"], "Ana Größe");
}
