//! The attributes of inputs: they select the phone's keyboard and autocomplete, and leave validation to
//! the form.

use e2e::{FormPage, World};
use serde_json::json;

#[test]
fn each_field_requests_its_keyboard_and_autocomplete() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &World::start();
    let attributes = |path: &str, labels: &[&str]| {
        browser.open(&proxy.url(path));
        let form = FormPage::ready(browser);
        let read = "return arguments[1].map((label) => {
            const { type, inputMode, autocomplete } = control(label);
            return [type, inputMode, autocomplete];
        });";
        form.script(read, &[json!(labels)])
    };
    assert_eq!(
        attributes("/forms/quote", &["Your name", "Email", "Phone", "Company", "Budget in euros"]),
        json!([
            ["text", "", "name"],
            ["text", "email", "email"],
            ["tel", "tel", "tel"],
            ["text", "", "organization"],
            ["text", "decimal", ""],
        ])
    );
    assert_eq!(
        attributes("/forms/everything", &["Record number", "Web address or name", "Date"]),
        json!([["text", "numeric", ""], ["text", "url", ""], ["text", "", ""]])
    );
}

#[test]
fn the_browser_does_not_validate_the_form_and_offers_only_accepted_files() {
    let World { proxy, browser, .. } = &World::at("/forms/quote");
    let form = FormPage::ready(browser);
    assert_eq!(form.script("return root.querySelector('form').noValidate;", &[]), true);
    let accept = form.script("return root.querySelector('[type=file]').accept;", &[]);
    let accept: Vec<&str> = accept.as_str().unwrap().split(',').map(str::trim).collect();
    for kind in [".pdf", ".jpg", ".docx", ".csv"] {
        assert!(accept.contains(&kind), "{accept:?}");
    }
    // The form converts pictures in these formats to JPEG.
    for kind in [".png", ".webp", ".avif", ".heic", ".jfif"] {
        assert!(accept.contains(&kind), "{accept:?}");
    }
    let plain = proxy.page("/forms/quote");
    assert!(plain.contains("JPG, GIF, BMP, PDF") && !plain.contains(".png"), "{plain}");
}
