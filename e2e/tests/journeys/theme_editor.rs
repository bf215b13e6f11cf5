//! The theme editor of the showcase page.

use e2e::{Browser, FormPage, World, wait_until};
use serde_json::{Value, json};

/// A colour on which white text is hard to read.
const PALE: &str = "#ffd6e0";
const DARK: &str = "#5b21b6";
const ACCENT: &str = "colour-accent";
const ON_ACCENT: &str = "colour-onAccent";

/// Replaces the code of a colour.
#[track_caller]
fn choose(browser: &Browser, field: &str, color: &str) {
    // Do not use `clear`, which leaves the field.
    let select = "const field = document.getElementById(arguments[0]);
        field.focus();
        field.select();";
    browser.script(select, &[json!(field)]);
    browser.press(color);
}

/// Waits until the form's button has this colour.
#[track_caller]
fn wait_for_button(browser: &Browser, rgb: &str) {
    let form = FormPage::ready(browser);
    let color = "return getComputedStyle(root.querySelector('.df-submit')).backgroundColor;";
    wait_until(&format!("a button in {rgb}"), || form.script(color, &[]) == rgb);
}

/// Returns the verdicts of all pairs of colours.
fn verdicts(browser: &Browser) -> Value {
    let read =
        "return [...document.querySelectorAll('#contrasts .verdict')].map((e) => e.textContent);";
    browser.script(read, &[])
}

/// Returns the CSS of the edited theme.
fn css(browser: &Browser) -> String {
    let css = browser.script("return document.querySelector('#properties').textContent;", &[]);
    css.as_str().unwrap().to_owned()
}

#[test]
fn a_chosen_colour_is_on_the_forms_button_in_the_css_and_behind_the_copied_link() {
    let World { proxy, browser, .. } = &World::at("/");
    FormPage::ready(browser);
    let is_started = "return document.querySelectorAll('#contrasts li').length > 0;";
    wait_until("the editor", || browser.script(is_started, &[]) == true);
    assert!(!verdicts(browser).as_array().unwrap().contains(&json!("Fail")));

    choose(browser, ACCENT, PALE);
    wait_for_button(browser, "rgb(255, 214, 224)");
    // The editor has chosen black text. The visitor prefers white.
    choose(browser, ON_ACCENT, "#ffffff");
    assert!(
        verdicts(browser).as_array().unwrap().contains(&json!("Fail")),
        "{}",
        verdicts(browser)
    );
    choose(browser, ACCENT, DARK);
    wait_for_button(browser, "rgb(91, 33, 182)");
    assert!(
        !verdicts(browser).as_array().unwrap().contains(&json!("Fail")),
        "{}",
        verdicts(browser)
    );
    assert!(css(browser).contains(DARK), "{}", css(browser));
    let edited = css(browser);

    // The button copies the page's address.
    let intercept = "navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); };";
    browser.script(intercept, &[]);
    let part = "light.accent=5b21b6";
    wait_until("the theme in the address", || browser.url().contains(part));
    browser.click(&browser.find("#copy-link"));
    wait_until("the copied link", || {
        browser.script("return window.copied ?? null;", &[]).is_string()
    });
    let link = browser.script("return window.copied;", &[]).as_str().unwrap().to_owned();
    assert!(link.starts_with(&proxy.url("/")), "{link}");

    browser.open("about:blank");
    browser.open(&link);
    wait_for_button(browser, "rgb(91, 33, 182)");
    assert_eq!(browser.value(&browser.find(&format!("#{ACCENT}"))), DARK);
    assert_eq!(css(browser), edited);
}

#[test]
fn a_wrong_code_changes_nothing_and_is_replaced_when_the_visitor_leaves_the_field() {
    let World { browser, .. } = &World::at("/");
    FormPage::ready(browser);
    choose(browser, ACCENT, DARK);
    wait_for_button(browser, "rgb(91, 33, 182)");
    choose(browser, ACCENT, "violet");
    let invalid = "return document.querySelector('#colour-accent').getAttribute('aria-invalid');";
    assert_eq!(browser.script(invalid, &[]), "true");
    wait_for_button(browser, "rgb(91, 33, 182)");
    browser.click(&browser.find("#colour-text"));
    assert_eq!(browser.value(&browser.find(&format!("#{ACCENT}"))), DARK);
}
