//! Presses that leave a field which something is wrong with: the sentence that appears must not
//! move what is pressed away.

use e2e::{Browser, Engine, FormPage, Proxy, Sandbox, eventually, only_in};
use serde_json::json;

use crate::answers;

#[test]
fn a_box_below_a_wrong_answer_is_ticked_by_one_press() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    form.field("E-mail").write("zoe@example");
    form.field("Send me a confirmation by e-mail").tick();
    let ticked = "return root.querySelector('[name=send_email_to_contact]').checked;";
    assert_eq!(form.script(ticked, &[]), true);
    assert_eq!(
        form.field("E-mail").problem(),
        "Write “E-mail” as an e-mail address, for example name@example.com."
    );
}

#[test]
fn a_link_of_the_summary_works_right_after_a_correction() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    form.submit();
    form.field("Your name").write("Zoë");
    form.follow("Fill in “Your project”.");
    assert_eq!(form.focused(), "Your project");
}

#[test]
fn a_finger_sends_the_form_by_its_first_tap() {
    if !only_in(Engine::Chromium, "its protocol alone has fingers") {
        return;
    }
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    form.field("E-mail").write("q");
    browser.tap(&form.submit_button());
    let summary = eventually("summary", || Some(form.summary()).filter(|said| !said.is_empty()));
    assert_eq!(summary.len(), 4, "{summary:#?}");
    assert_eq!(form.focused(), "Please correct the following");
}

#[test]
fn a_press_that_leaves_a_tag_half_typed_sends_the_form_with_it() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    answers::quote(form, &[]);
    form.field("Keywords").write("relaunch");
    form.submit();
    form.arrives();
    assert_eq!(crm.deal()["tags"], json!(["relaunch"]));
}

#[test]
fn a_tag_is_removed_by_one_press_while_another_is_typed() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    form.field("Keywords").write("one, two,three");
    form.press_button("×");
    let chips = "return [...root.querySelectorAll('.df-tag span')].map((tag) => tag.innerText);";
    assert_eq!(form.script(chips, &[]), json!(["two"]));
    assert_eq!(form.field("Keywords").value(), "three");
    form.field("Keywords").leave();
    assert_eq!(form.script(chips, &[]), json!(["two", "three"]));
}
