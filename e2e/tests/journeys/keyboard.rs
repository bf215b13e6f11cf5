//! Using the form with only the keyboard.

use e2e::{Browser, FormPage, LandingPage, World, fill_in, wait_until};
use serde_json::json;
use thirtyfour::Key;

/// Presses Tab until the element called `name` has the focus.
#[track_caller]
fn tab_to(browser: &Browser, form: FormPage<'_>, name: &str) {
    let mut visited = Vec::new();
    while form.focused() != name {
        assert!(visited.len() < 30, "Tab does not reach {name}: {visited:#?}");
        browser.press(Key::Tab);
        visited.push(form.focused());
    }
}

#[test]
fn the_form_can_be_filled_in_corrected_and_sent_by_keyboard() {
    let World { crm, browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);

    tab_to(browser, form, "Your name");
    browser.press("Ana");
    tab_to(browser, form, "Call me back");
    browser.press(Key::Space);
    assert_eq!(form.focused(), "Please correct the following");

    tab_to(browser, form, "Fill in “Phone”.");
    browser.press(Key::Enter);
    assert_eq!(form.focused(), "Phone");
    browser.press("030 123456");
    wait_until("the corrected answer", || form.field("Phone").problem().is_empty());
    tab_to(browser, form, "What would you like to discuss?");
    browser.press_with_shift(Key::Tab);
    assert_eq!(form.focused(), "Phone", "Shift+Tab goes back");
    tab_to(browser, form, "Call me back");
    browser.press(Key::Enter);
    let number = form.wait_for_deal();
    assert_eq!(form.focused(), "Thank you");
    crm.deal_with_number(&number);
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Ana");

    tab_to(browser, form, "Send another request");
    browser.press(Key::Space);
    assert_eq!(form.focused(), "Your name");
}

#[test]
fn checkboxes_lists_and_files_can_be_changed_by_keyboard() {
    let World { browser, .. } = &World::at("/");
    let samples = e2e::Samples::new();
    let (one, two) = (samples.file("one.txt", b"1"), samples.file("two.txt", b"2"));
    let form = FormPage::ready(browser);

    tab_to(browser, form, "What is it about?");
    // Two options begin with "An": these letters choose the first one, and the arrow key chooses the
    // second. Typing the whole label would type a space, which opens the list in some browsers.
    browser.press("An");
    browser.press(Key::Down);
    assert_eq!(form.field("What is it about?").value(), "app");
    // A driver cannot use the system's file chooser.
    form.field(fill_in::QUOTE_FILES).attach(&[&one, &two]);
    tab_to(browser, form, "Remove one.txt");
    browser.press(Key::Enter);
    assert_eq!(form.files(), [("two.txt".to_owned(), "1 byte".to_owned())]);
    assert_eq!(form.focused(), "Briefing, sketches, tables", "the focus moves to the field");
    tab_to(browser, form, "Send me a confirmation by email");
    browser.press(Key::Space);
    assert_eq!(form.answers()["Send me a confirmation by email"], json!(true));
}

#[test]
fn steps_with_radios_calendar_and_switch_can_be_completed_by_keyboard() {
    let World { crm, browser, .. } = &World::at("/forms/steps");
    let form = FormPage::ready(browser);
    // A driver cannot use the browser's calendar, so this picks the first day.
    let pick = "HTMLInputElement.prototype.showPicker = function () {
        this.value = this.min;
        this.dispatchEvent(new Event('input', { bubbles: true }));
        this.dispatchEvent(new Event('change', { bubbles: true }));
    };";
    browser.script(pick, &[]);

    tab_to(browser, form, "A website");
    browser.press(Key::Space);
    browser.press(Key::Down);
    assert_eq!(form.focused(), "An online shop");
    browser.press(Key::Tab);
    assert_eq!(
        form.focused(),
        "Which shop system do you use today?",
        "all radios are one tab stop"
    );
    browser.press("none");
    tab_to(browser, form, "Continue");
    browser.press(Key::Enter);
    assert_eq!(form.read(".df-step-title").unwrap(), "Time and money");

    tab_to(browser, form, "Back");
    browser.press(Key::Enter);
    assert_eq!(form.read(".df-step-title").unwrap(), "Your project");
    tab_to(browser, form, "An online shop");
    tab_to(browser, form, "Continue");
    browser.press(Key::Space);
    let day = "When should it be ready?";
    tab_to(browser, form, day);
    browser.press(Key::Tab);
    assert_eq!(form.focused(), format!("Choose a date from a calendar: {day}"));
    browser.press(Key::Enter);
    let first_day = "return root.querySelector('.df-picker').min;";
    let first_day = form.script(first_day, &[]).as_str().unwrap().to_owned();
    assert_eq!(form.field(day).value(), first_day);
    tab_to(browser, form, "Continue");
    browser.press(Key::Enter);

    tab_to(browser, form, "Your name");
    browser.press("Ana");
    tab_to(browser, form, "Email");
    browser.press("ana@example.com");
    tab_to(browser, form, "Please call me");
    browser.press(Key::Space);
    wait_until("the field", || form.script("return seen(control('Phone')) !== null;", &[]) == true);
    browser.press(Key::Tab);
    assert_eq!(form.focused(), "Phone", "the field that the switch shows");
    browser.press("030 123456");
    tab_to(browser, form, "Send the plan");
    browser.press(Key::Space);
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    let sent = &deal["parameters"];
    assert_eq!((&sent["project_type"], &sent["shop_system"]), (&json!("shop"), &json!("none")));
    assert_eq!(sent["expected_closing_date"], json!(first_day));
    assert_eq!((&sent["call_me"], &sent["contact_phone"]), (&json!("1"), &json!("030 123456")));
}

#[test]
fn backspace_on_a_tags_remove_button_does_not_remove_the_tag() {
    let World { browser, .. } = &World::at("/");
    let form = FormPage::ready(browser);
    form.field("Keywords").write("one, two,");
    browser.press(Key::Tab);
    assert_eq!(form.focused(), "Remove one");
    browser.press(Key::Backspace);
    assert_eq!(form.focused(), "Remove one", "the focus stays");
    let chips = "return [...root.querySelectorAll('.df-tag span')].map((tag) => tag.innerText);";
    assert_eq!(form.script(chips, &[]), json!(["one", "two"]));
}

#[test]
fn letters_typed_in_the_middle_of_an_answer_stay_together() {
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    for label in ["Your name", "What would you like to discuss?"] {
        form.field(label).write("A roof");
        browser.press(Key::Left + Key::Left + Key::Left + Key::Left);
        for letter in ["n", "e", "w", " "] {
            browser.press(letter);
        }
        assert_eq!(form.field(label).value(), "A new roof", "{label}");
    }
}

/// The button that opens the calendar is part of the field.
#[test]
fn a_date_is_checked_only_after_the_focus_has_left_the_field_and_its_calendar_button() {
    let World { browser, .. } = &World::at("/forms/everything");
    let form = FormPage::ready(browser);
    form.field("Date").write("2028-02");
    browser.press(Key::Tab);
    assert_eq!(form.focused(), "Choose a date from a calendar: Date");
    assert_eq!(form.field("Date").problem(), "");
    browser.press(Key::Tab);
    assert_ne!(form.field("Date").problem(), "");
}

/// Records key events as a page with keyboard shortcuts does. Like such a page, it ignores events whose
/// target is an input, because the visitor is typing.
const SHORTCUTS: &str = "window.pressed = [];
    for (const type of ['keydown', 'keypress', 'keyup']) {
        addEventListener(type, ({ key, target }) => {
            if (!target.closest('input, textarea, select')) pressed.push(`${type} ${key}`);
        });
    }";

#[test]
fn typing_does_not_trigger_the_pages_shortcuts() {
    let body = "<deal-form id='own' src='/forms/quote'></deal-form>
        <deal-form id='light' light-dom src='/forms/callback'></deal-form>";
    let World { browser, .. } =
        &World::open(LandingPage { script: SHORTCUTS, ..LandingPage::with_body(body) });
    let pressed = || browser.script("return pressed.splice(0);", &[]);
    let form = FormPage::ready_at(browser, "#own");
    form.field("Your name").write("Ana?/k");
    form.field("Your project").write("g\ni");
    assert_eq!(form.field("Your project").value(), "g\ni");
    assert_eq!(pressed(), json!([]));
    browser.press(Key::Escape);
    let escape = pressed();
    // WebKit also fires `keypress`.
    let escape: Vec<_> =
        escape.as_array().unwrap().iter().filter(|event| **event != "keypress Escape").collect();
    assert_eq!(escape, ["keydown Escape", "keyup Escape"], "Escape may close a dialog of the page");
    let focus = "root.querySelector('.df-submit').focus();";
    form.script(focus, &[]);
    browser.press("s");
    assert_ne!(pressed(), json!([]), "keys on a button are shortcuts");

    let light = FormPage::ready_at(browser, "#light");
    let count =
        "window.keyCount = 0; addEventListener('keydown', () => { window.keyCount += 1; });";
    browser.script(count, &[]);
    light.field("Your name").write("Ana");
    assert_ne!(
        browser.script("return window.keyCount;", &[]),
        0,
        "the page gets the events in its DOM"
    );
    assert_eq!(pressed(), json!([]));
}
