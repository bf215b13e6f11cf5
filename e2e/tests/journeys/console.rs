//! The console reports warnings and errors, so that other journeys can assert that the console is empty.

use e2e::{Site, World};

/// When the `complain` event fires, causes each kind of warning and error that a form could cause.
const COMPLAIN: &str = "addEventListener('complain', () => {
    console.warn('a warning of the page');
    console.error('an error of the page');
    setTimeout(() => { throw new Error('thrown and not caught'); });
    Promise.reject(new Error('rejected and not caught'));
    document.body.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }));
});";

#[test]
fn the_console_is_empty_at_first_and_reports_each_kind_of_warning_and_error() {
    let site = Site::new();
    site.add_file("complain.js", COMPLAIN);
    // The proxy's policy does not allow inline styles.
    site.add_page("complain.html", "<script src=\"/complain.js\"></script>", "<p>Roofs</p>");
    let World { proxy, browser, .. } = &World::with_site(&site);
    browser.open(&proxy.url("/complain.html"));
    browser.assert_console_is_empty();

    browser.script("dispatchEvent(new Event('complain'));", &[]);
    browser.wait_for_console(&[
        "a warning of the page",
        "an error of the page",
        "thrown and not caught",
        "rejected and not caught",
        "style-src",
    ]);
}
