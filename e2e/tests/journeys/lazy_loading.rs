//! Lazy forms load when they come into view, when the visitor uses their fallback, or when the browser is
//! idle.

use e2e::{Browser, FormPage, LandingPage, World};

/// Adds a lazy form with a fallback far below the visible part of the page. `request_idle_callback`
/// replaces the browser's function.
fn add_form_far_below(browser: &Browser, request_idle_callback: &str) {
    let script = format!(
        "window.requestIdleCallback = {request_idle_callback};
        document.body.style.paddingTop = '5000px';
        document.body.innerHTML = `<deal-form src='/forms/callback' loading='lazy'>
            <form><input name='contact_name'></form></deal-form>`;"
    );
    browser.script(&script, &[]);
}

#[test]
fn a_lazy_form_loads_when_the_visitor_scrolls_to_it() {
    let World { browser, .. } = &World::open(LandingPage::default());
    add_form_far_below(browser, "() => {}");
    let is_loaded = "return performance.getEntriesByType('resource')
        .some((entry) => entry.name.endsWith('/deal-form-widget.js'));";
    // The browser calls observers in order. When this observer is called, the form's observer has already
    // been called. If the form loads now, its request precedes the request below.
    let wait_for_observers = "return new Promise((done) =>
            new IntersectionObserver(done, { rootMargin: '500px' })
                .observe(document.querySelector('deal-form')))
        .then(() => fetch('/deal-form-widget_bg.wasm', { cache: 'no-store' }))
        .then((module) => module.arrayBuffer())
        .then(() => {});";
    browser.script(wait_for_observers, &[]);
    assert_eq!(browser.script(is_loaded, &[]), false);
    browser.script("document.querySelector('deal-form').scrollIntoView();", &[]);
    FormPage::ready(browser);
    assert_eq!(browser.script(is_loaded, &[]), true);
}

#[test]
fn a_lazy_form_loads_when_its_fallback_is_used() {
    let World { browser, .. } = &World::open(LandingPage::default());
    add_form_far_below(browser, "() => {}");
    let focus = "document.querySelector('deal-form input').focus({ preventScroll: true });";
    browser.script(focus, &[]);
    assert_eq!(FormPage::ready(browser).focused(), "Your name");
}

#[test]
fn a_lazy_form_loads_when_the_page_is_idle() {
    let World { browser, .. } = &World::open(LandingPage::default());
    add_form_far_below(browser, "(then) => setTimeout(then)");
    FormPage::ready(browser);
    assert_eq!(browser.script("return scrollY;", &[]), 0, "the page is not scrolled");
}
