//! A page that is being read while its form comes.

use e2e::{Browser, FormPage, Network, Proxy, Sandbox, Site};

/// What Google's Web Vitals call good is at most 0.1.
const GOOD: f64 = 0.02;

const VIEWPORT: &str = "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">";

/// Waits until the form is drawn: what jumps does so then.
const PAINTED: &str = "return new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done())));";

/// A page with that code. Its policy takes no styles but from files, as the proxy's own.
fn page(site: &Site, name: &str, before: &str, code: &str, after: &str) {
    let (rule, form) = code.split_once("</style>").unwrap();
    site.add_file(&format!("{name}.css"), rule.trim_start_matches("<style>"));
    let head = format!("{VIEWPORT}<link rel=\"stylesheet\" href=\"{name}.css\">");
    site.add_page(&format!("{name}.html"), &head, &format!("{before}{form}{after}"));
}

/// Somebody reads on below the form while it comes over a slow line.
#[track_caller]
fn check(code: &str) {
    e2e::run_only_in!(Chromium, "no other engine tells how far a page jumps");
    let crm = Sandbox::start();
    let site = Site::new();
    let below = "<p>We have laid slates, tiles and thatch on more roofs than we can count.</p>";
    page(&site, "landing", "<h1>Roofs</h1>", code, &below.repeat(20));
    let proxy = Proxy::with_site(&crm, &site);
    for width in [390, 1000] {
        let browser = Browser::start();
        browser.set_width(width);
        browser.emulate_network(Network::SLOW_4G);
        browser.open(&proxy.url("/landing.html"));
        FormPage::ready(&browser);
        browser.script(PAINTED, &[]);
        let shift = browser.layout_shift();
        assert!(shift < GOOD, "at {width} px the page jumped by {shift:.3}");
    }
}

#[test]
fn the_snippet_causes_no_layout_shift() {
    check(&Proxy::snippet("callback"));
}

#[test]
fn a_form_without_a_fallback_causes_no_layout_shift_if_the_page_reserves_space() {
    let pasted = Proxy::snippet("callback");
    let (rule, _) = pasted.split_once("<deal-form").unwrap();
    check(&format!("{rule}<deal-form src=\"/forms/callback\"></deal-form>"));
}

#[test]
fn the_snippet_reserves_about_the_height_of_its_form() {
    let crm = Sandbox::start();
    let site = Site::new();
    let forms = ["anfrage", "callback", "everything", "quote", "steps"];
    for form in forms {
        page(&site, form, "", &Proxy::snippet(form), "");
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
                "const taken = root.host.offsetHeight;
                root.host.removeAttribute('ready');
                return [taken, parseFloat(getComputedStyle(root.host).minHeight)];",
                &[],
            );
            let [taken, kept] = [0, 1].map(|index| heights[index].as_f64().unwrap());
            let fits = taken * 0.97..=taken * 1.08;
            if !fits.contains(&kept) {
                wrong.push(format!("{form} at {width}: {taken} taken, {kept} kept"));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
    browser.assert_console_is_empty();
}
