//! Tries that the form makes by itself.

use e2e::{
    Browser, FormPage, LandingPage, Proxy, Sandbox, Settings, World, fill_in, freeze_timers,
    wait_until,
};

/// What a phone tells a page that has a line again.
const ONLINE: &str = "dispatchEvent(new Event('online'));";

/// A page with a form and a search of its own. Only news of the line ends a countdown there.
fn open() -> World {
    let world = World::open(LandingPage::with_body(
        "<input id='search'><deal-form src='/forms/callback'></deal-form>",
    ));
    FormPage::ready(&world.browser);
    freeze_timers(&world.browser);
    world
}

/// Counts the attempts of the form that fail.
const COUNT: &str = "window.failures = 0;
    addEventListener('deal-form-error', () => { window.failures += 1; });";

#[track_caller]
fn fails(browser: &Browser, times: u32) {
    let failures = "return window.failures;";
    wait_until("failure", || browser.script(failures, &[]) == times);
}

#[test]
fn an_automatic_retry_does_not_move_the_focus_from_elsewhere_on_the_page() {
    let World { crm, proxy, browser } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    browser.script(COUNT, &[]);
    proxy.stop();
    form.submit();
    fails(browser, 1);
    assert_eq!(form.focused(), "The connection was lost", "the visitor sent it");

    browser.click(&browser.find("#search"));
    let there = || browser.script("return document.activeElement.id;", &[]);
    browser.script(ONLINE, &[]);
    fails(browser, 2);
    assert_eq!(there(), "search", "after a failure");
    proxy.start_again();
    browser.script(ONLINE, &[]);
    form.wait_for_deal_after_retry();
    assert_eq!(there(), "search", "after the deal");
    assert_eq!(crm.deals().len(), 1);
}

#[test]
fn stopping_the_countdown_moves_the_focus_to_the_failure() {
    let World { proxy, browser, .. } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    form.press_button("Cancel");
    assert_eq!(form.countdown(), None);
    assert_eq!(form.focused(), "The connection was lost");
}

#[test]
fn going_online_does_not_send_an_unsent_or_cancelled_form() {
    let World { crm, proxy, browser } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    browser.script(ONLINE, &[]);
    assert_eq!(form.progress(), None, "nobody has sent it yet");

    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    form.press_button("Cancel");
    proxy.start_again();
    browser.script(ONLINE, &[]);
    assert_eq!(form.progress(), None, "the visitor has stopped it");
    assert!(crm.calls().is_empty());
}

#[test]
fn the_form_stops_after_four_retries_until_the_visitor_presses_the_button() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &mut open();
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    browser.script(COUNT, &[]);
    proxy.stop();
    form.submit();
    // Each pause is longer, by none, one or two seconds more.
    for (tries, pause) in (1..).zip([5, 10, 20, 40]) {
        fails(browser, tries);
        let said = form.wait_for_countdown();
        let seconds: u64 =
            said.split(' ').find_map(|word| word.parse().ok()).expect("a number of seconds");
        assert!((pause..pause + 3).contains(&seconds), "{said}");
        browser.script(ONLINE, &[]);
    }
    fails(browser, 5);
    assert_eq!(form.countdown(), None);
    browser.script(ONLINE, &[]);
    assert_eq!(form.progress(), None);

    form.press_button("Try again");
    fails(browser, 6);
    form.wait_for_countdown();
}

#[test]
fn the_form_retries_no_sooner_than_the_server_allows() {
    e2e::run_in_one_engine!();
    let crm = Sandbox::start();
    let toml = "rates.per_form = \"1 per h\"\n".to_owned();
    let proxy = Proxy::with_settings(&crm, Settings { toml, ..Settings::default() });
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
    // The hour that the proxy asks for, as far as it is granted.
    let said = form.wait_for_countdown();
    assert!(said.contains("2 minutes") || said.contains("3 minutes"), "{said}");
}

/// In an application of one page, the visitor has gone on by then.
#[test]
fn removing_the_form_stops_its_countdown() {
    e2e::run_in_one_engine!();
    let World { proxy, browser, .. } = &mut open();
    let form = FormPage::ready(browser);
    let count = "const { clearTimeout } = window;
        let timer = 1e9;
        window.seconds = new Set();
        window.setTimeout = (then, pause) => {
            timer += 1;
            if (pause === 1000) seconds.add(timer);
            return timer;
        };
        window.clearTimeout = (timer) => seconds.delete(timer) || clearTimeout(timer);";
    fill_in::callback(form);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    form.press_button("Cancel");
    browser.script(count, &[]);
    let sent = "root.querySelector('form').requestSubmit();";
    form.script(sent, &[]);
    let waiting = |number: u32| {
        let seconds = || browser.script("return seconds.size;", &[]);
        wait_until(&format!("{number} seconds"), || seconds() == number);
    };
    waiting(1);
    browser.script("document.querySelector('deal-form').remove();", &[]);
    waiting(0);
}
