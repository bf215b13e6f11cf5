//! A page that is being read while its form comes.

use e2e::{Browser, FormPage, Line, Proxy, Sandbox, Settings, Site};

/// What Google's Web Vitals call good is at most that.
const GOOD: f64 = 0.1;

/// What a landing page may show meanwhile.
const FALLBACK: &str = "<form method='post' action='/forms/callback' enctype='multipart/form-data'>
        <h2>Call me back</h2>
        <p>Leave your number and we call you on the next working day.</p>
        <p><label>Your name <input name='contact_name' required></label></p>
        <p><label>Phone <input name='contact_phone' type='tel' required></label></p>
        <p><label>What about? <input name='note'></label></p>
        <button>Call me back</button>
    </form>";

/// Somebody reads on below the form while it comes over a slow line.
#[track_caller]
fn check(fallback: &str) {
    let crm = Sandbox::start();
    let site = Site::new();
    let below = "<p>We have laid slates, tiles and thatch on more roofs than we can count.</p>";
    site.page(
        "landing.html",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
        <script type=\"module\" src=\"/deal-form.js\"></script>",
        &format!(
            "<h1>Roofs</h1><deal-form src=\"/forms/callback\">{fallback}</deal-form>{}",
            below.repeat(20)
        ),
    );
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    for width in [390, 1000] {
        let browser = Browser::start();
        browser.screen(width);
        browser.line(Line::SLOW_4G);
        browser.open(&proxy.url("/landing.html"));
        FormPage::ready(&browser);
        let shift = browser.layout_shift();
        assert!(shift < GOOD, "at {width} px the page jumped by {shift:.3}");
    }
}

#[test]
#[ignore = "the loader has to keep room for the form"]
fn a_form_that_comes_late_moves_nothing_of_the_page() {
    check("");
}

#[test]
#[ignore = "the loader has to keep room for the form"]
fn a_form_that_takes_the_place_of_another_moves_nothing_of_the_page() {
    check(FALLBACK);
}
