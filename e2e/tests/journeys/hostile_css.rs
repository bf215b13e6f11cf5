//! Pages whose own styles mean well for the page and badly for a form.

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site};
use serde_json::json;

use crate::answers;

/// A page that begins from nothing.
const UNSET: &str = "* { all: unset }";

/// A page that hides labels behind placeholders, makes its own buttons, and shouts.
const LOUD: &str = "label { display: none }
    input { width: 3px }
    button { display: none }
    * { box-sizing: content-box; font-size: 40px !important; color: red }";

/// What of the form cannot be used or is not in its own colours, as sentences.
const FAULTS: &str = r"
    const faults = [];
    const check = (fault, name, fine) => { if (!fine) faults.push(`${name}: ${fault}`); };
    const OWN = 'rgb(31, 36, 48)';
    for (const label of root.querySelectorAll('.df-label')) {
        const name = words(label), control = label.control
            ?? root.querySelector(`[aria-labelledby='${label.id}']`);
        const box = control.getBoundingClientRect(), style = getComputedStyle(control);
        check('the label is not seen', name, label.getBoundingClientRect().height > 10);
        check('the label has the color of the page', name, getComputedStyle(label).color === OWN);
        if (control.type === 'checkbox') {
            check('the box is not seen', name, box.width > 20 && style.appearance !== 'none');
        } else {
            check(`only ${box.width} px wide`, name, box.width > 200);
            check('the answer has the color of the page', name, style.color === OWN);
            check('sticks out', name, box.right <= root.querySelector('.df').getBoundingClientRect().right);
        }
    }
    const button = root.querySelector('button[type=submit]');
    check('not seen', 'button', seen(button) && button.getBoundingClientRect().height > 30);
    check('not white', 'button', getComputedStyle(button).color === 'rgb(255, 255, 255)');
    return faults;
";

/// A form of the given attributes within a page of those styles can be filled in and sent.
#[track_caller]
fn check(css: &str, attributes: &str) {
    let crm = Sandbox::start();
    let site = Site::new();
    site.file("hostile.css", css);
    site.page(
        "hostile.html",
        "<link rel=\"stylesheet\" href=\"/hostile.css\">
        <script type=\"module\" src=\"/deal-form.js\"></script>",
        &format!("<deal-form src=\"/forms/quote\" {attributes}></deal-form>"),
    );
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    browser.screen(700);
    browser.open(&proxy.url("/hostile.html"));
    let form = FormPage::ready(&browser);

    let faults = form.script(FAULTS, &[]);
    assert_eq!(faults, json!([]), "{faults:#}");
    answers::quote(form, &[]);
    form.field("Send me a confirmation by e-mail").tick();
    form.submit();
    let number = form.arrives();
    assert_eq!(crm.deal()["deal_id"], json!(number));
}

#[test]
fn a_page_that_unsets_everything_leaves_the_form_as_it_is() {
    check(UNSET, "");
}

#[test]
fn a_page_that_hides_labels_and_buttons_leaves_the_form_as_it_is() {
    check(LOUD, "");
}

#[test]
fn a_form_in_a_page_that_unsets_everything_can_be_used() {
    check(UNSET, "light-dom");
}

#[test]
fn a_form_in_a_page_that_hides_labels_and_buttons_can_be_used() {
    check(LOUD, "light-dom");
}
