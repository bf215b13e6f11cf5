//! Layout shifts on a page while its form loads.

use e2e::{Browser, FormPage, Network, Proxy, Sandbox, Site};

/// The largest layout shift that these tests accept. Google's Web Vitals rate a shift of at most 0.1 as
/// good.
const MAX_SHIFT: f64 = 0.02;

const VIEWPORT: &str = "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";

/// Waits until the form is painted, because layout shifts are recorded then.
const PAINTED: &str = "return new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done())));";

/// Adds a page with the snippet's code. Moves the snippet's style to a file, because the proxy's policy
/// forbids inline styles.
fn add_page(site: &Site, name: &str, before: &str, code: &str, after: &str) {
    let (rule, form) = code.split_once("</style>").unwrap();
    site.add_file(&format!("{name}.css"), rule.trim_start_matches("<style>"));
    let head = format!("{VIEWPORT}<link rel=\"stylesheet\" href=\"{name}.css\">");
    site.add_page(&format!("{name}.html"), &head, &format!("{before}{form}{after}"));
}

/// Opens a page that has text below the form, over a slow network, and checks the layout shift.
#[track_caller]
fn check(code: &str) {
    e2e::run_only_in!(Chromium, "no other engine reports layout shifts");
    let crm = Sandbox::start();
    let site = Site::new();
    let below = "<p>We have laid slates, tiles and thatch on more roofs than we can count.</p>";
    add_page(&site, "landing", "<h1>Roofs</h1>", code, &below.repeat(20));
    let proxy = Proxy::with_site(&crm, &site);
    for width in [390, 1000] {
        let browser = Browser::start();
        browser.set_width(width);
        browser.emulate_network(Network::SLOW_4G);
        browser.open(&proxy.url("/landing.html"));
        FormPage::ready(&browser);
        browser.script(PAINTED, &[]);
        let shift = browser.layout_shift();
        assert!(shift < MAX_SHIFT, "the layout shift at {width} px is {shift:.3}");
    }
}

#[test]
fn the_snippet_causes_almost_no_layout_shift() {
    check(&Proxy::snippet("callback"));
}

#[test]
fn a_form_without_a_fallback_causes_almost_no_layout_shift_if_the_page_reserves_space() {
    let snippet = Proxy::snippet("callback");
    let (rule, _) = snippet.split_once("<deal-form").unwrap();
    check(&format!("{rule}<deal-form src=\"/forms/callback\"></deal-form>"));
}

#[test]
fn the_snippet_reserves_about_the_height_of_its_form() {
    let crm = Sandbox::start();
    let site = Site::new();
    let forms = ["anfrage", "callback", "everything", "quote", "steps", "studio"];
    for form in forms {
        add_page(&site, form, "", &Proxy::snippet(form), "");
    }
    let proxy = Proxy::with_site(&crm, &site);
    let browser = Browser::start();
    let mut wrong = Vec::new();
    for width in [390, 1000] {
        browser.set_width(width);
        for form in forms {
            browser.open(&proxy.url(&format!("/{form}.html")));
            let page = FormPage::ready(&browser);
            let heights = page.script(
                "const height = root.host.offsetHeight;
                root.host.removeAttribute('ready');
                return [height, parseFloat(getComputedStyle(root.host).minHeight)];",
                &[],
            );
            let [height, reserved] = [0, 1].map(|index| heights[index].as_f64().unwrap());
            let expected = height * 0.96..=height * 1.08;
            if !expected.contains(&reserved) {
                wrong.push(format!(
                    "{form} at {width} px: {height} px high, {reserved} px reserved"
                ));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    browser.assert_console_is_empty();
}
