//! The widget adopts plain forms that are written by hand.

use e2e::{FormPage, LandingPage, World, fill_in, wait_until};
use serde_json::json;

/// A plain form with a reference, a box without a value, a file chooser and a button.
const PLAIN: &str = "<deal-form src=\"/forms/quote\">
    <form method=\"post\" action=\"/forms/quote\" enctype=\"multipart/form-data\">
        <input type=\"hidden\" name=\"external_reference_id\" value=\"web-0123456789abcdef0123456789abcdef\">
        <input name=\"contact_name\">
        <input type=\"checkbox\" name=\"send_email_to_contact\">
        <input type=\"file\" name=\"attachments[]\" multiple>
        <button name=\"send\">Send</button>
    </form>
</deal-form>";

/// Opens a page on which `script` decides when to load the widget.
fn open(body: &str, script: &str) -> World {
    World::open(LandingPage { script, without_loader: true, ..LandingPage::with_body(body) })
}

#[test]
fn the_focus_moves_from_the_plain_control_to_the_widgets_matching_control() {
    for (plain_control, control) in
        [("input[type=file]", "Briefing, sketches, tables"), ("button", "Request quote")]
    {
        let World { browser, .. } = &open(PLAIN, LandingPage::LOAD_ON_F2);
        let focus = "document.querySelector(arguments[0]).focus();";
        browser.script(focus, &[json!(plain_control)]);
        browser.press(thirtyfour::Key::F2);
        let form = FormPage::ready(browser);
        wait_until(&format!("the focus on {control}"), || form.focused() == control);
    }
}

#[test]
fn a_ticked_box_without_a_value_means_yes() {
    let World { browser, .. } = &open(PLAIN, LandingPage::LOAD_ON_F2);
    browser.click(&browser.find("[name=send_email_to_contact]"));
    browser.press(thirtyfour::Key::F2);
    let form = FormPage::ready(browser);
    assert_eq!(form.answers()["Send me a confirmation by email"], json!(true));
}

/// A form that is removed and added again loads again, with the same plain form.
#[test]
fn the_reference_of_a_plain_form_is_used_for_only_one_draft() {
    let World { crm, browser, .. } = &open(PLAIN, LandingPage::LOAD_ON_F2);
    browser.press(thirtyfour::Key::F2);
    let send = |form: FormPage<'_>| {
        fill_in::quote(form, &[]);
        form.submit();
        form.wait_for_deal();
    };
    let form = FormPage::ready(browser);
    send(form);
    form.remove();
    form.put_back("body");
    send(form);
    let deals = crm.deals();
    assert_eq!(deals.len(), 2, "{deals:#?}");
    assert_eq!(deals[1]["external_reference_id"], "web-0123456789abcdef0123456789abcdef");
    assert_ne!(deals[0]["external_reference_id"], "web-0123456789abcdef0123456789abcdef");
}

/// The page stays usable if the visitor sends another form, or if a script prevents the submission.
#[test]
fn the_widget_waits_only_while_its_plain_form_is_being_sent() {
    let script = "{
            const { fetch } = window;
            const sent = new Promise((done) => addEventListener('pressed', done));
            window.fetch = (...all) => sent.then(() => fetch(...all));
        }
        addEventListener('submit', (event) => {
            if (event.target.matches('deal-form *')) event.preventDefault();
        }, true);
        import('/deal-form.js');";
    let search = "<form id=\"search\" target=\"answer\"><button>Search</button></form>
        <iframe name=\"answer\"></iframe>";
    for button in ["deal-form button", "#search button"] {
        let World { browser, .. } = &open(&format!("{PLAIN}{search}"), script);
        let defined = "return Boolean(customElements.get('deal-form'));";
        wait_until("the definition of the element", || browser.script(defined, &[]) == true);
        browser.click(&browser.find(button));
        browser.script("dispatchEvent(new Event('pressed'));", &[]);
        FormPage::ready(browser);
    }
}
