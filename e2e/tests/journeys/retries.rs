//! Automatic retries.

use e2e::{
    Browser, FormPage, LandingPage, Proxy, Sandbox, World, fill_in, freeze_timers, wait_until,
};
use serde_json::json;

/// Dispatches the `online` event, as a browser does when it is online again.
const ONLINE: &str = "dispatchEvent(new Event('online'));";

/// Opens a page with a form and a search field. Stops the timers, so a countdown ends only with the
/// `online` event.
fn open() -> World {
    let world = World::open(LandingPage::with_body(
        "<input id='search'><deal-form src='/forms/callback'></deal-form>",
    ));
    FormPage::ready(&world.browser);
    freeze_timers(&world.browser);
    world
}

/// Counts the failed attempts.
const COUNT_FAILURES: &str = "window.failures = 0;
    addEventListener('deal-form-error', () => { window.failures += 1; });";

#[track_caller]
fn wait_for_failures(browser: &Browser, count: u32) {
    let failures = "return window.failures;";
    wait_until("the failure", || browser.script(failures, &[]) == count);
}

/// Sends the form while the proxy does not run, and waits for the countdown to the first retry.
#[track_caller]
fn send_without_proxy(proxy: &mut Proxy, form: FormPage<'_>) {
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
}

/// Retries immediately. `failures` is the number of failed attempts after that.
#[track_caller]
fn retry(browser: &Browser, form: FormPage<'_>, failures: u32) {
    browser.script(ONLINE, &[]);
    wait_for_failures(browser, failures);
    form.wait_for_countdown();
}

#[test]
fn an_automatic_retry_does_not_move_the_focus_from_elsewhere_on_the_page() {
    let World { crm, proxy, browser } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    browser.script(COUNT_FAILURES, &[]);
    proxy.stop();
    form.submit();
    wait_for_failures(browser, 1);
    assert_eq!(form.focused(), "The connection was lost", "the visitor has sent the form");

    browser.click(&browser.find("#search"));
    let focused_id = || browser.script("return document.activeElement.id;", &[]);
    browser.script(ONLINE, &[]);
    wait_for_failures(browser, 2);
    assert_eq!(focused_id(), "search", "after a failure");
    proxy.start_again();
    browser.script(ONLINE, &[]);
    form.wait_for_deal_after_retry();
    assert_eq!(focused_id(), "search", "after the deal");
    assert_eq!(crm.deals().len(), 1);
}

/// A page with a link far below the form.
const LONG_PAGE: &str = "<deal-form src='/forms/callback'></deal-form>
    <p class='space'></p><a id='imprint' href='#imprint'>Imprint</a><p class='space'></p>";

#[test]
fn automatic_retries_neither_move_the_focus_nor_scroll_while_the_visitor_reads_further_down() {
    let script = "addEventListener('DOMContentLoaded', () => {
        document.querySelectorAll('.space').forEach(({ style }) => { style.height = '3000px'; });
    });";
    let World { proxy, browser, .. } =
        &mut World::open(LandingPage { script, ..LandingPage::with_body(LONG_PAGE) });
    let form = FormPage::ready(browser);
    freeze_timers(browser);
    fill_in::callback(form);
    browser.script(COUNT_FAILURES, &[]);
    send_without_proxy(proxy, form);
    browser.script("imprint.focus(); imprint.scrollIntoView({ behavior: 'instant' });", &[]);
    assert!(browser.script("return scrollY;", &[]).as_f64().unwrap() > 1000.0);
    // Browsers may scroll to keep the text in view at its place, in whole pixels. So check this place.
    let top = || {
        let top = browser.script("return imprint.getBoundingClientRect().top;", &[]);
        top.as_f64().unwrap()
    };
    let before = top();
    let assert_nothing_moved = |when: &str| {
        assert_eq!(browser.script("return document.activeElement.id;", &[]), "imprint", "{when}");
        assert!((top() - before).abs() <= 1.0, "{when}: from {before} to {}", top());
    };
    for failures in [2, 3] {
        retry(browser, form, failures);
        assert_nothing_moved(&format!("after failure {failures}"));
    }
    proxy.start_again();
    browser.script(ONLINE, &[]);
    form.wait_for_deal_after_retry();
    assert_eq!(browser.script("return document.activeElement.id;", &[]), "imprint");
}

#[test]
fn after_a_press_the_whole_failure_and_its_buttons_are_in_the_window() {
    let World { proxy, browser, .. } = &mut World::at("/forms/callback");
    browser.set_size(390, 600);
    let form = FormPage::ready(browser);
    freeze_timers(browser);
    fill_in::callback(form);
    send_without_proxy(proxy, form);
    let outside = "return ['.df-failure', '.df-activity', '.df-activity button', '.df-submit']
        .map((css) => [css, seen(root.querySelector(css)).getBoundingClientRect()])
        // Browsers scroll by whole pixels.
        .filter(([, { top, bottom }]) => top < -1 || bottom > innerHeight + 1)
        .map(([css, { top, bottom }]) => `${css} from ${top} to ${bottom} of ${innerHeight}`);";
    assert_eq!(form.script(outside, &[]), json!([]));
    assert_eq!(form.focused(), "The connection was lost");
}

/// The visitor presses *Cancel*, and the button does not move away from the pointer before.
#[test]
fn the_cancel_button_keeps_its_place_from_one_retry_to_the_next() {
    let World { proxy, browser, .. } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    browser.script(COUNT_FAILURES, &[]);
    send_without_proxy(proxy, form);
    let record = "window.places = new Set();
        const button = root.querySelector('.df-activity button');
        const place = () => {
            places.add(seen(button) ? button.getBoundingClientRect().top + scrollY : 'hidden');
            requestAnimationFrame(place);
        };
        place();
        button.focus();";
    form.script(record, &[]);
    for failures in [2, 3] {
        retry(browser, form, failures);
    }
    assert_eq!(
        browser.script("return places.size;", &[]),
        1,
        "{}",
        browser.script("return [...places];", &[])
    );
    assert_eq!(form.focused(), "Cancel");
}

#[test]
fn answers_can_be_corrected_during_an_automatic_retry_which_the_edit_stops() {
    let World { crm, proxy, browser } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    send_without_proxy(proxy, form);
    proxy.start_again();
    crm.delay_responses();
    browser.script(ONLINE, &[]);
    wait_until("the retry", || form.progress().is_some());
    assert!(form.failure().is_some(), "the failure stays during the retry");
    form.field("Your name").write("Ada");
    wait_until("the end of the retry", || form.progress().is_none());
    assert_eq!(form.field("Your name").value(), "Ada");
    crm.clear_faults();
    form.submit();
    form.wait_for_deal();
    crm.finished_calls();
    assert_eq!(crm.deals().len(), 1);
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Ada");
}

#[test]
fn stopping_the_countdown_moves_the_focus_to_the_failure() {
    let World { proxy, browser, .. } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    send_without_proxy(proxy, form);
    form.press_button("Cancel");
    assert_eq!(form.countdown(), None);
    assert_eq!(form.focused(), "The connection was lost");
}

#[test]
fn going_online_does_not_send_a_cancelled_or_never_submitted_form() {
    let World { crm, proxy, browser } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    browser.script(ONLINE, &[]);
    assert_eq!(form.progress(), None, "the form was not sent");

    send_without_proxy(proxy, form);
    form.press_button("Cancel");
    proxy.start_again();
    browser.script(ONLINE, &[]);
    assert_eq!(form.progress(), None, "the visitor has cancelled the retry");
    assert!(crm.calls().is_empty());
}

#[test]
fn the_form_stops_after_four_retries_until_the_visitor_presses_the_button() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    browser.script(COUNT_FAILURES, &[]);
    proxy.stop();
    form.submit();
    // Each wait is longer than the previous one. A random time below three seconds is added.
    for (attempt, wait) in (1..).zip([5, 10, 20, 40]) {
        wait_for_failures(browser, attempt);
        let countdown = form.wait_for_countdown();
        let seconds: u64 = countdown
            .split(' ')
            .find_map(|word| word.parse().ok())
            .expect("the countdown has no seconds");
        assert!((wait..wait + 3).contains(&seconds), "{countdown}");
        browser.script(ONLINE, &[]);
    }
    wait_for_failures(browser, 5);
    assert_eq!(form.countdown(), None);
    browser.script(ONLINE, &[]);
    assert_eq!(form.progress(), None);

    form.press_button("Try again");
    wait_for_failures(browser, 6);
    form.wait_for_countdown();
}

#[test]
fn the_form_waits_a_few_minutes_at_most_even_if_retry_after_is_longer() {
    e2e::run_in_one_engine!();
    let crm = Sandbox::start();
    let proxy = Proxy::with_toml(&crm, "rates.per_form = \"1 per h\"\n");
    let browser = Browser::start();
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(&browser);
    freeze_timers(&browser);
    fill_in::callback(form);
    form.submit();
    form.wait_for_deal();
    form.press_button("Send another request");
    fill_in::callback(form);
    form.submit();
    assert_eq!(form.wait_for_failure().heading, "Too many requests at the moment");
    // The proxy's Retry-After is an hour; the form waits for a shorter maximum.
    let countdown = form.wait_for_countdown();
    assert!(countdown.contains("2 minutes") || countdown.contains("3 minutes"), "{countdown}");
}

/// In a single-page application, the visitor may have moved on to another view.
#[test]
fn removing_the_form_stops_its_countdown() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &mut open();
    let form = FormPage::ready(browser);
    let count_timers = "const { clearTimeout } = window;
        let timer = 1e9;
        window.seconds = new Set();
        window.setTimeout = (then, pause) => {
            timer += 1;
            if (pause === 1000) seconds.add(timer);
            return timer;
        };
        window.clearTimeout = (timer) => seconds.delete(timer) || clearTimeout(timer);";
    fill_in::callback(form);
    send_without_proxy(proxy, form);
    form.press_button("Cancel");
    browser.script(count_timers, &[]);
    let submit = "root.querySelector('form').requestSubmit();";
    form.script(submit, &[]);
    let wait_for_timers = |count: u32| {
        let timers = || browser.script("return seconds.size;", &[]);
        wait_until(&format!("{count} timers of the countdown"), || timers() == count);
    };
    wait_for_timers(1);
    form.remove();
    wait_for_timers(0);
}
