//! How soon a visitor can begin to type.

use e2e::{Browser, FormPage, Line, Proxy, Sandbox, Settings, Site};
use serde_json::json;

use crate::table::{Row, Table, percentile};

const METHOD: &str = "\
The form `quote` on a landing page that nothing of is cached, over an emulated slow 4G (1.6 Mbit/s,
150 ms before each answer; no set-up of connections, no TLS) with the processor slowed down 4
times; each figure is the median of 5 visits. Milliseconds count from the navigation: until the
first field is painted that can be typed in, which is the fallback's where there is one, and until
the widget's own can. Bytes are those on the line, with headers as browsers estimate them.";

const COLUMNS: &[&str] = &["field ms", "widget ms", "kB", "requests", "shift"];

const VISITS: usize = 5;

/// Notes when the widget's first field can be typed in.
const NOTE: &str =
    "addEventListener('deal-form-ready', () => { window.ready = performance.now(); });";

/// The figures of a visit, in the order of the columns but for the last.
const READ: &str = "const painted = performance.getEntriesByName('first-contentful-paint')[0];
    const loaded = ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type));
    return [
        arguments[0] ? painted.startTime : ready,
        ready,
        loaded.reduce((sum, { transferSize }) => sum + transferSize, 0) / 1000,
        loaded.length,
    ];";

pub(crate) fn measure() -> Table {
    let rows = vec![row("with a fallback", true), row("without", false)];
    Table { title: "First paint", method: METHOD, columns: COLUMNS, rows }
}

fn row(case: &str, fallback: bool) -> Row {
    let mut visits: Vec<Vec<f64>> = vec![Vec::new(); COLUMNS.len()];
    for _ in 0..VISITS {
        for (figures, figure) in visits.iter_mut().zip(visit(fallback)) {
            figures.push(figure);
        }
    }
    let figures = visits.iter_mut().map(|figures| Some(percentile(figures, 50))).collect();
    Row { case: case.to_owned(), figures }
}

fn visit(fallback: bool) -> Vec<f64> {
    let crm = Sandbox::start();
    let site = Site::new();
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    landing_page(&site, &proxy, fallback);
    let browser = Browser::start();
    browser.before_every_page(NOTE);
    browser.line(Line::SLOW_4G);
    browser.slow_down_processor(4);
    browser.open(&proxy.url("/landing.html"));
    FormPage::ready(&browser);
    let figures = browser.script(READ, &[json!(fallback)]);
    let figures = figures.as_array().unwrap().iter().map(|figure| figure.as_f64().unwrap());
    figures.chain([browser.layout_shift()]).collect()
}

/// A page around the form, and around the plain form that the proxy itself puts into it.
fn landing_page(site: &Site, proxy: &Proxy, fallback: bool) {
    let page = proxy.page("/forms/quote");
    let plain = page.split_once("<deal-form").and_then(|(_, rest)| rest.split_once('>'));
    let plain = plain.and_then(|(_, rest)| rest.split_once("</deal-form>")).map(|(form, _)| form);
    let plain = if fallback { plain.unwrap() } else { "" };
    let below = "<p>We have laid slates, tiles and thatch on more roofs than we can count.</p>";
    site.page(
        "landing.html",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
        <script type=\"module\" src=\"/deal-form.js\"></script>",
        &format!(
            "<h1>Roofs</h1><deal-form src=\"/forms/quote\">{plain}</deal-form>{}",
            below.repeat(20)
        ),
    );
}
