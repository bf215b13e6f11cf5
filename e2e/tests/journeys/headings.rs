//! The levels of the headings.

use e2e::{FormPage, LandingPage, Site, World};
use serde_json::{Value, json};
use thirtyfour::Key;

/// Returns the tag and the text of each visible heading on the page and in its form.
fn headings(browser: &e2e::Browser) -> Value {
    let script = "const roots = [document, ...[...document.querySelectorAll('*')]
            .map((element) => element.shadowRoot).filter(Boolean)];
        return roots.flatMap((root) => [...root.querySelectorAll('h1, h2, h3, h4, h5, h6')])
            .filter((heading) => heading.checkVisibility())
            .map((heading) => `${heading.localName} ${heading.innerText.trim()}`);";
    browser.script(script, &[])
}

#[test]
fn the_forms_own_page_has_one_h1_before_and_after_the_upgrade() {
    let site = Site::new();
    site.add_file("late.js", LandingPage::LOAD_ON_F2);
    let World { proxy, browser, .. } = &World::with_site(&site);
    for form in ["callback", "quote", "steps"] {
        let page = proxy.page(&format!("/forms/{form}")).replace("/deal-form.js", "/late.js");
        site.add_file("late.html", &page);
        browser.open(&proxy.url("/late.html"));
        let first = |headings: &Value| {
            let headings: Vec<String> = serde_json::from_value(headings.clone()).unwrap();
            headings.into_iter().filter(|heading| heading.starts_with("h1")).collect::<Vec<_>>()
        };
        let plain = headings(browser);
        assert_eq!(first(&plain).len(), 1, "{plain}");
        browser.press(Key::F2);
        FormPage::ready(browser);
        let upgraded = headings(browser);
        assert_eq!(first(&upgraded), first(&plain), "{upgraded}");
    }
}

#[test]
fn headings_continue_the_levels_of_the_page() {
    let body = "<h1>Roofs</h1><h2>Contact</h2>
        <deal-form src='/forms/steps' heading-level='3'></deal-form>";
    let World { browser, .. } = &World::open(LandingPage::with_body(body));
    let form = FormPage::ready(browser);
    let expected = ["h1 Roofs", "h2 Contact", "h3 Plan your project", "h4 Your project"];
    assert_eq!(headings(browser), json!(expected));
    form.submit();
    let levels =
        "return [...root.querySelectorAll('.df-summary .df-heading, .df-failure .df-heading')]
        .map((heading) => heading.localName);";
    assert_eq!(form.script(levels, &[]), json!(["h4", "h4"]));
    let result = "return root.querySelector('.df-result .df-title').localName;";
    assert_eq!(form.script(result, &[]), "h3");
}

#[test]
fn the_title_is_a_second_level_heading_and_names_the_form() {
    let World { browser, .. } = &World::open(LandingPage::CALLBACK);
    let form = FormPage::ready(browser);
    let title = "const form = root.querySelector('form');
        const title = root.getElementById(form.getAttribute('aria-labelledby'));
        return [title.localName, title.innerText];";
    assert_eq!(form.script(title, &[]), json!(["h2", "Call me back"]));
}
