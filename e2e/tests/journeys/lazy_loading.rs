//! Forms that load when somebody comes near.

use e2e::{Browser, FormPage, LandingPage, World};

/// A page that is never idle, with a lazy form out of sight that has a fallback.
fn out_of_sight(browser: &Browser, idle: &str) {
    let script = format!(
        "window.requestIdleCallback = {idle};
        document.body.style.paddingTop = '5000px';
        document.body.innerHTML = `<deal-form src='/forms/callback' loading='lazy'>
            <form><input name='contact_name'></form></deal-form>`;"
    );
    browser.script(&script, &[]);
}

#[test]
fn a_lazy_form_loads_when_the_visitor_scrolls_to_it() {
    let World { browser, .. } = &World::open(LandingPage::default());
    out_of_sight(browser, "() => {}");
    let loaded = "return performance.getEntriesByType('resource')
        .some((entry) => entry.name.endsWith('/deal-form-widget.js'));";
    // The browser tells observers in the order in which they asked: once this one has heard that
    // nothing is in sight, so has the form's, and what it asked for then comes before this request.
    let looked = "return new Promise((done) =>
            new IntersectionObserver(done, { rootMargin: '500px' })
                .observe(document.querySelector('deal-form')))
        .then(() => fetch('/deal-form-widget_bg.wasm', { cache: 'no-store' }))
        .then((module) => module.arrayBuffer())
        .then(() => {});";
    browser.script(looked, &[]);
    assert_eq!(browser.script(loaded, &[]), false);
    browser.script("document.querySelector('deal-form').scrollIntoView();", &[]);
    FormPage::ready(browser);
    assert_eq!(browser.script(loaded, &[]), true);
}

#[test]
fn a_lazy_form_loads_when_its_fallback_is_used() {
    let World { browser, .. } = &World::open(LandingPage::default());
    out_of_sight(browser, "() => {}");
    let focus = "document.querySelector('deal-form input').focus({ preventScroll: true });";
    browser.script(focus, &[]);
    assert_eq!(FormPage::ready(browser).focused(), "Your name");
}

#[test]
fn a_lazy_form_loads_when_the_page_is_idle() {
    let World { browser, .. } = &World::open(LandingPage::default());
    out_of_sight(browser, "(then) => setTimeout(then)");
    FormPage::ready(browser);
    assert_eq!(browser.script("return scrollY;", &[]), 0, "nobody has come near");
}
