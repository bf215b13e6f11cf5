//! What screen readers announce: each outcome once.

use e2e::{Browser, FormPage, LandingPage, Samples, World, fill_in, wait_until};
use serde_json::json;

const STAGES: [&str; 2] = ["Sending", "Everything is sent. Waiting for confirmation…"];
const INVALID_EMAIL: &str = "Enter an email address for “Email”, such as name@example.com.";

/// Waits until the form has announced something.
#[track_caller]
fn wait_for_announcement(form: FormPage<'_>, part: &str) {
    wait_until(&format!("the announcement of “{part}”"), || {
        form.announced().iter().any(|text| text.contains(part))
    });
}

/// Waits until pauses in typing and all effects have ended.
#[track_caller]
fn wait_for_pause(browser: &Browser) {
    browser.script("return new Promise((done) => setTimeout(done, 1500));", &[]);
}

fn open(path: &str) -> World {
    let world = World::at(path);
    FormPage::ready(&world.browser).record_announcements();
    world
}

/// A form that is ready announces nothing, and its live region contains no old sentences.
#[test]
fn a_loaded_form_announces_nothing() {
    for form in ["callback", "quote"] {
        let World { browser, .. } = &World::at(&format!("/forms/{form}"));
        let form = FormPage::ready(browser);
        assert_eq!(form.script("return root.querySelector('[aria-live]').textContent;", &[]), "");
    }
}

/// A visitor who reads the page after the result finds no sentence about sending.
#[test]
fn the_live_region_contains_no_old_stage_beside_the_result() {
    let World { browser, .. } = &World::at("/forms/callback");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    form.submit();
    form.wait_for_deal();
    let region = "return root.querySelector('[aria-live]').textContent;";
    wait_until("an empty live region", || form.script(region, &[]) == "");
}

#[test]
fn a_problem_is_announced_once_when_the_visitor_leaves_the_field() {
    let World { browser, .. } = &open("/forms/quote");
    let form = FormPage::ready(browser);
    form.field("Your name").write("A");
    form.field("Your name").write_and_leave("");
    form.field("Email").write("ana@");
    assert_eq!(
        form.announced(),
        [""; 0],
        "nothing is announced before the visitor leaves the field"
    );
    form.field("Email").leave();
    assert_eq!(form.take_announced(), [INVALID_EMAIL]);
    form.field("Email").write_and_leave("ana@example.com");
    assert_eq!(form.announced(), [""; 0], "a corrected answer");
}

#[test]
fn problems_after_submit_are_announced_once_by_the_focused_summary() {
    let World { browser, .. } = &open("/forms/quote");
    let form = FormPage::ready(browser);
    form.field("Email").write("ana@");
    // The visitor clicks the button, and in the second round presses Enter in the field.
    form.submit();
    let summary = "focus: Please correct the following";
    assert_eq!(form.take_announced(), [summary]);
    browser.type_into(&form.field("Email").control(), thirtyfour::Key::Enter.value().to_string());
    wait_for_announcement(form, summary);
    wait_for_pause(browser);
    assert_eq!(form.take_announced(), [summary]);
}

#[test]
fn sending_and_the_result_are_announced_once() {
    let World { browser, .. } = &open("/forms/callback");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    form.submit();
    form.wait_for_deal();
    wait_for_pause(browser);
    let announced = form.announced();
    let (result, stages) = announced.split_last().unwrap();
    assert_eq!(result, "focus: Thank you");
    // A short request has no second stage if the body is sent with the headers.
    assert!(
        STAGES.ends_with(&stages.iter().map(String::as_str).collect::<Vec<_>>())
            || stages == STAGES,
        "{announced:#?}"
    );
}

#[test]
fn a_refusal_by_the_crm_is_announced_once_by_the_focused_panel() {
    let World { crm, browser, .. } = &open("/forms/callback");
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    crm.inject_fault(&json!({"kind": "refuse", "error_message": "No funnel “Sales”."}));
    form.submit();
    form.wait_for_failure();
    wait_for_pause(browser);
    let announced = form.announced();
    assert_eq!(announced.last().unwrap(), "focus: We could not pass on your request");
    let others: Vec<_> = announced.iter().filter(|text| !STAGES.contains(&text.as_str())).collect();
    assert_eq!(others.len(), 1, "{announced:#?}");
    let description = "const panel = root.querySelector('.df-failure');
        return panel.getAttribute('aria-describedby').split(' ')
            .map((id) => root.getElementById(id).textContent).join(' ');";
    let description = form.script(description, &[]);
    assert!(description.as_str().unwrap().contains("No funnel “Sales”."), "{description}");
}

/// Without a response, the form retries by itself.
#[test]
fn each_retry_announces_its_countdown_once_and_does_not_repeat_the_same_failure() {
    let World { proxy, browser, .. } = &mut open("/forms/callback");
    let form = FormPage::ready(browser);
    let record = "window.failures = 0;
        addEventListener('deal-form-error', () => { window.failures += 1; });
        // The seconds pass faster.
        const { setTimeout } = window;
        window.setTimeout = (then, pause) => setTimeout(then, pause === 1000 ? 50 : pause);";
    browser.script(record, &[]);
    fill_in::callback(form);
    proxy.stop();
    form.submit();
    wait_until("two retries", || browser.script("return failures >= 3;", &[]) == true);
    form.wait_for_countdown();
    let announced = form.announced();
    let heading = "The connection was lost";
    let count = |is: &dyn Fn(&str) -> bool| announced.iter().filter(|text| is(text)).count();
    assert_eq!(count(&|text| text == format!("focus: {heading}")), 1, "{announced:#?}");
    assert_eq!(count(&|text| text == heading), 0, "{announced:#?}");
    assert_eq!(count(&|text| text.starts_with("Trying again in")), 3, "{announced:#?}");
    assert!(announced.last().unwrap().starts_with("Trying again in"), "{announced:#?}");
}

#[test]
fn a_retry_that_fails_for_another_reason_announces_it_once() {
    let World { crm, proxy, browser } = &mut open("/forms/callback");
    let form = FormPage::ready(browser);
    e2e::freeze_timers(browser);
    fill_in::callback(form);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    crm.inject_fault(&json!({"kind": "refuse"}));
    proxy.start_again();
    form.take_announced();
    browser.script("dispatchEvent(new Event('online'));", &[]);
    let refused = "We could not pass on your request";
    form.wait_for_failure_titled(refused);
    let announced: Vec<_> =
        form.announced().into_iter().filter(|text| !STAGES.contains(&text.as_str())).collect();
    assert_eq!(announced, [refused]);
}

#[test]
fn a_deal_after_a_retry_is_announced_if_the_visitor_is_elsewhere_on_the_page() {
    let body = "<input id='search'><deal-form src='/forms/callback'></deal-form>";
    let World { proxy, browser, .. } = &mut World::open(LandingPage::with_body(body));
    let form = FormPage::ready(browser);
    form.record_announcements();
    e2e::freeze_timers(browser);
    fill_in::callback(form);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    browser.click(&browser.find("#search"));
    form.take_announced();
    proxy.start_again();
    browser.script("dispatchEvent(new Event('online'));", &[]);
    form.wait_for_deal_after_retry();
    let announced: Vec<_> =
        form.announced().into_iter().filter(|text| !STAGES.contains(&text.as_str())).collect();
    let thanks = "Thank you. We will call you on the next working day.";
    assert_eq!(announced, ["Thank you", thanks]);
}

#[test]
fn the_characters_left_are_announced_only_after_a_pause() {
    let World { browser, .. } = &open("/forms/everything");
    let form = FormPage::ready(browser);
    // Only the timer of the pause lasts a second. The test lets the pause end.
    let hold = "const { setTimeout, clearTimeout } = window;
        window.pauses = new Map();
        let next = 1e9;
        window.setTimeout = (then, pause) => pause === 1000 ? (pauses.set(++next, then), next) : setTimeout(then, pause);
        window.clearTimeout = (timer) => pauses.delete(timer) || clearTimeout(timer);";
    browser.script(hold, &[]);
    form.field("Text").write(&"abcde".repeat(9));
    assert_eq!(form.announced(), [""; 0]);
    wait_until("the number", || form.read(".df-feedback").as_deref() == Some("15 characters left"));
    assert_eq!(browser.script("return pauses.size;", &[]), 1, "one pause");
    browser.script("for (const end of pauses.values()) end();", &[]);
    assert_eq!(form.announced(), ["15 characters left"]);
}

#[test]
fn added_and_removed_files_are_announced_once() {
    let World { browser, .. } = &open("/forms/quote");
    let form = FormPage::ready(browser);
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 100_000);
    form.field(fill_in::QUOTE_FILES).attach(&[&offer]);
    assert_eq!(form.take_announced(), ["Offer.pdf, 100 kB of 100 MB"]);
    form.remove_file("Offer.pdf");
    assert_eq!(form.take_announced(), ["0 bytes of 100 MB"]);
}
