//! What other journeys mean by a console that says nothing.

use e2e::{Site, World};

/// A page that complains when it is told to, of all that a form could.
const SPEAK: &str = "addEventListener('speak', () => {
    console.warn('a warning of its own');
    console.error('an error of its own');
    setTimeout(() => { throw new Error('thrown and not caught'); });
    Promise.reject(new Error('rejected and not caught'));
    document.body.append(Object.assign(document.createElement('style'), { textContent: 'p {}' }));
});";

#[test]
fn the_console_reports_every_warning_and_error_and_nothing_else() {
    let site = Site::new();
    site.add_file("speak.js", SPEAK);
    // The proxy's own policy allows no styles of a page's own.
    site.add_page("speak.html", "<script src=\"/speak.js\"></script>", "<p>Roofs</p>");
    let World { proxy, browser, .. } = &World::with_site(&site);
    browser.open(&proxy.url("/speak.html"));
    browser.assert_console_is_empty();

    browser.script("dispatchEvent(new Event('speak'));", &[]);
    browser.wait_for_console(&[
        "a warning of its own",
        "an error of its own",
        "thrown and not caught",
        "rejected and not caught",
        "style-src",
    ]);
}
