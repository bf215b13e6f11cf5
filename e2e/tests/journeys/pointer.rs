//! When a press moves the focus out of a field with a problem, the form shows a message about the
//! problem. The message must not move the pressed element away from the pointer.

use e2e::{FormPage, World, fill_in, wait_for, wait_until};
use serde_json::json;

#[test]
fn the_first_click_ticks_a_checkbox_below_an_invalid_answer() {
    let World { browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    form.field("Email").write("zoe@example");
    form.field("Send me a confirmation by email").tick();
    let is_ticked = "return root.querySelector('[name=send_email_to_contact]').checked;";
    assert_eq!(form.script(is_ticked, &[]), true);
    assert_eq!(
        form.field("Email").problem(),
        "Enter an email address for “Email”, such as name@example.com."
    );
}

#[test]
fn a_summary_link_works_on_the_first_click_after_a_correction() {
    let World { browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    form.submit();
    form.field("Your name").write("Zoë");
    form.follow_summary_link("Fill in “Your project”.");
    assert_eq!(form.focused(), "Your project");
}

#[test]
fn the_first_tap_on_submit_works_below_an_invalid_answer() {
    e2e::run_only_in!(Chromium, "no other driver can tap");
    let World { browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    form.field("Email").write("q");
    browser.tap(&form.submit_button());
    let summary =
        wait_for("the summary", || Some(form.summary()).filter(|summary| !summary.is_empty()));
    assert_eq!(summary.len(), 4, "{summary:#?}");
    assert_eq!(form.focused(), "Please correct the following");
}

#[test]
fn the_first_click_sends_the_form_with_an_unfinished_tag() {
    let World { crm, browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    form.field("Keywords").write("relaunch");
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deal()["tags"], json!(["relaunch"]));
}

#[test]
fn the_first_click_removes_a_tag_while_another_is_typed() {
    let World { browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    form.field("Keywords").write("one, two,three");
    form.press_button("×");
    let chips = "return [...root.querySelectorAll('.df-tag span')].map((tag) => tag.innerText);";
    assert_eq!(form.script(chips, &[]), json!(["two"]));
    assert_eq!(form.field("Keywords").value(), "three");
    form.field("Keywords").leave();
    assert_eq!(form.script(chips, &[]), json!(["two", "three"]));
}

#[test]
fn pressing_the_label_of_the_current_field_does_not_check_the_field() {
    let World { browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    form.field("Email").write("zoe@");
    let label = form.element("return control('Email').labels[0];", &[]);
    browser.click(&label);
    browser.script("return new Promise((done) => setTimeout(done));", &[]);
    assert_eq!(form.focused(), "Email");
    assert_eq!(form.field("Email").problem(), "");
}

#[test]
fn a_click_opens_the_calendar_at_the_typed_day() {
    let World { browser, .. } = &World::at("/forms/everything");
    let form = FormPage::ready(browser);
    form.field("Date").write("2028-02-29");
    browser.click(&form.element("return root.querySelector('.df-calendar');", &[]));
    let day = "return root.querySelector('[type=date]').value;";
    wait_until("the typed day in the calendar", || form.script(day, &[]) == "2028-02-29");
}

/// The page is not scrolled. On a scrolled page, browsers keep the visible part in place.
#[test]
fn the_first_click_on_submit_works_below_an_invalid_answer() {
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    // Move the phone field to the end, directly above the button.
    form.field("Your name").write("Ana");
    let last =
        "control('What would you like to discuss?').closest('.df-fields').append(frame('Phone'));";
    form.script(last, &[]);
    form.field("Phone").write("x");
    form.submit();
    assert_eq!(form.summary().len(), 1);
}

/// Some phones move the focus and dispatch the click only 300 ms after the finger is lifted.
#[test]
fn a_tap_shows_no_problem_before_its_click() {
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    form.field("Phone").write("x");
    let tap = "const { setTimeout } = window;
        window.setTimeout = (then, pause) => pause >= 100 ? 0 : setTimeout(then, pause);
        const button = root.querySelector('.df-submit');
        const hasProblem = () => seen(frame('Phone').querySelector('.df-problem')) !== null;
        const nextTask = () => new Promise((done) => setTimeout(done));
        const dispatch = (type) => button.dispatchEvent(
            new PointerEvent(type, { bubbles: true, composed: true, pointerType: 'touch' }));
        return (async () => {
            dispatch('pointerdown');
            dispatch('pointerup');
            await nextTask();
            button.focus();
            await nextTask();
            const before = hasProblem();
            dispatch('click');
            await nextTask();
            await nextTask();
            return [before, hasProblem()];
        })();";
    assert_eq!(form.script(tap, &[]), json!([false, true]));
}
