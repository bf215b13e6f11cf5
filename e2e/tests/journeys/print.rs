//! Printed forms.

use e2e::{FormPage, Samples, World, fill_in};
use serde_json::json;

/// Controls that have no use on paper.
const BUTTONS: &str =
    "return [...root.querySelectorAll('button, .df-zone, .df-activity, .df-calendar')]
    .filter(seen).map((element) => element.className);";

#[test]
fn a_filled_in_form_prints_on_one_page_without_buttons() {
    e2e::run_only_in!(Chromium, "no other engine's driver prints");
    let World { proxy, browser, .. } = &World::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 100_000);
    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[&offer]);
    browser.emulate_print();
    assert_eq!(form.script(BUTTONS, &[]), json!([]));
    assert_eq!(form.files(), [("Offer.pdf".to_owned(), "100 kB".to_owned())]);
    assert_eq!(browser.printed_pages(), 1);
}

#[test]
fn the_thank_you_prints_on_one_page_without_buttons() {
    e2e::run_only_in!(Chromium, "no other engine's driver prints");
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();
    browser.emulate_print();
    assert_eq!(form.script(BUTTONS, &[]), json!([]));
    assert!(form.read(".df-result").unwrap().contains(&number));
    assert_eq!(browser.printed_pages(), 1);
}
