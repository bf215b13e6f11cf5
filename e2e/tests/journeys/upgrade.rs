//! The widget replaces the plain form while the visitor uses it.

use e2e::{Browser, FormPage, LandingPage, Proxy, Sandbox, Site};
use serde_json::{Value, json};
use thirtyfour::Key;

const WIDTHS: [u32; 2] = [390, 1280];
const FORMS: [&str; 6] = ["anfrage", "callback", "everything", "quote", "steps", "studio"];

/// The forms whose questions are all visible in both forms, and which have no files: the plain form
/// cannot hide questions, and shows the browser's own file input.
const SAME_FORMS: [&str; 1] = ["callback"];

/// Returns the value and the cursor of the focused text field, and its distance from the top of the
/// window.
const FOCUSED: &str = "let { activeElement } = document;
    activeElement = activeElement.shadowRoot?.activeElement ?? activeElement;
    const { name, value, selectionStart, selectionEnd } = activeElement;
    const cursor = [name, value, selectionStart, selectionEnd];
    return [cursor, activeElement.getBoundingClientRect().top];";

/// Returns the text of each label, and its distance from the top of the page.
const LABELS: &str = "const root = document.querySelector('deal-form').shadowRoot ?? document;
    const form = root.querySelector('.df') ?? document;
    return [...form.querySelectorAll('.df-title, .df-label, .df-hint, .df-submit')]
        .filter((label) => label.checkVisibility())
        .map((label) => [label.innerText.trim(), label.getBoundingClientRect().top + scrollY]);";

/// A proxy whose page `/late-FORM.html` is its own page of this form, but loads the widget when F2 is
/// pressed.
fn start() -> (Sandbox, Proxy, Site) {
    let (crm, site) = (Sandbox::start(), Site::new());
    site.add_file("late.js", LandingPage::LOAD_ON_F2);
    let proxy = Proxy::with_site(&crm, &site);
    for form in FORMS {
        let page = proxy.page(&format!("/forms/{form}"));
        let late = page.replace("/deal-form.js", "/late.js");
        assert_ne!(page, late);
        site.add_file(&format!("late-{form}.html"), &late);
    }
    (crm, proxy, site)
}

#[track_caller]
fn open(browser: &Browser, proxy: &Proxy, form: &str, width: u32) {
    browser.set_width(width);
    browser.open(&proxy.url(&format!("/late-{form}.html")));
    // The draft of an earlier visit would show a note.
    browser.script("sessionStorage.clear(); scrollTo(0, 0);", &[]);
}

/// Loads the widget, and waits until it has painted the form.
#[track_caller]
fn upgrade(browser: &Browser) -> FormPage<'_> {
    browser.press(Key::F2);
    let form = FormPage::ready(browser);
    let painted = "return new Promise((done) =>
        requestAnimationFrame(() => requestAnimationFrame(() => done())));";
    browser.script(painted, &[]);
    form
}

/// Types into each text field of the plain form, one visit for each, and loads the widget. Returns a
/// sentence for each field that has moved or lost its text or its cursor.
fn faults_while_typing(form: &str) -> Vec<String> {
    let (_crm, proxy, _site) = start();
    let browser = Browser::start();
    let mut faults = Vec::new();
    for width in WIDTHS {
        open(&browser, &proxy, form, width);
        // A field of a later step is hidden in the widget.
        let fields = "const step = document.querySelector('deal-form .df-step') ?? document.querySelector('deal-form');
            return [...step.querySelectorAll('input.df-input, textarea')]
                .filter((field) => field.matches('textarea, [type=text], [type=tel]'))
                .map((field) => field.id).filter(Boolean);";
        let fields: Vec<String> = serde_json::from_value(browser.script(fields, &[])).unwrap();
        assert!(!fields.is_empty(), "{form}");
        let (first, last) = (fields.first().unwrap(), fields.last().unwrap());
        let middle = &fields[fields.len() / 2];
        let mut chosen = vec![first, middle, last];
        chosen.dedup();
        for id in chosen {
            open(&browser, &proxy, form, width);
            // With these answers, all questions of the first step are shown in the widget, too.
            let answer = "document.querySelector('[value=shop]')?.click();";
            browser.script(answer, &[]);
            let field = browser.find(&format!("[id='{id}']"));
            browser.type_into(&field, "12");
            let place_cursor = "document.activeElement.setSelectionRange(1, 1);";
            browser.script(place_cursor, &[]);
            let before = browser.script(FOCUSED, &[]);
            upgrade(&browser);
            let after = browser.script(FOCUSED, &[]);
            let top = |focused: &Value| focused[1].as_f64().unwrap();
            let moved = top(&after) - top(&before);
            if moved.abs() > 1.0 {
                faults.push(format!("{id} at {width} px moved by {moved} px"));
            }
            if before[0] != after[0] {
                faults.push(format!("{id} at {width} px: {} became {}", before[0], after[0]));
            }
        }
    }
    faults
}

#[test]
fn a_field_that_is_being_typed_in_keeps_its_place_in_a_short_form() {
    assert_eq!(faults_while_typing("callback"), [""; 0]);
}

#[test]
fn a_field_that_is_being_typed_in_keeps_its_place_in_a_form_with_files() {
    assert_eq!(faults_while_typing("quote"), [""; 0]);
}

#[test]
fn a_field_that_is_being_typed_in_keeps_its_place_in_a_form_with_every_kind_of_question() {
    assert_eq!(faults_while_typing("everything"), [""; 0]);
}

#[test]
fn a_field_that_is_being_typed_in_keeps_its_place_in_a_form_with_steps() {
    assert_eq!(faults_while_typing("steps"), [""; 0]);
}

#[test]
fn a_field_that_is_being_typed_in_keeps_its_place_in_a_form_with_conditions() {
    assert_eq!(faults_while_typing("studio"), [""; 0]);
}

#[test]
fn a_field_that_is_being_typed_in_keeps_its_place_in_a_german_form() {
    assert_eq!(faults_while_typing("anfrage"), [""; 0]);
}

/// Returns the labels of a form, before or after the upgrade, with their places.
#[track_caller]
fn labels(browser: &Browser) -> Vec<(String, f64)> {
    serde_json::from_value(browser.script(LABELS, &[])).unwrap()
}

#[test]
fn labels_hints_and_the_button_do_not_move_when_the_widget_replaces_the_plain_form() {
    let (_crm, proxy, _site) = start();
    let browser = Browser::start();
    let mut faults = Vec::new();
    for (form, width) in SAME_FORMS.iter().flat_map(|form| WIDTHS.map(|width| (*form, width))) {
        open(&browser, &proxy, form, width);
        let before = labels(&browser);
        assert!(before.len() > 3, "{before:?}");
        upgrade(&browser);
        let after = labels(&browser);
        let texts = |labels: &[(String, f64)]| {
            json!(labels.iter().map(|(text, _)| text).collect::<Vec<_>>())
        };
        assert_eq!(texts(&after), texts(&before), "{form} at {width} px");
        for ((text, top), (_, top_after)) in before.iter().zip(&after) {
            if (top - top_after).abs() > 1.0 {
                faults.push(format!("{form} at {width} px: “{text}” by {} px", top_after - top));
            }
        }
    }
    assert_eq!(faults, [""; 0]);
}
