//! What 99 MB of files cost the page.

use std::thread::sleep;
use std::time::{Duration, Instant};

use e2e::{Browser, FormPage, Line, Proxy, Samples, Sandbox, answers};

use crate::table::{Row, Table};

const METHOD: &str = "\
Megabytes (10⁶ bytes) while three files of 33 MB are attached and sent at 8 MB a second: what the
page's scripts hold (JSHeapUsedSize, garbage included), the widget's WebAssembly memory, and the
anonymous memory of the processes that draw pages, looked at four times a second.";

const COLUMNS: &[&str] = &["scripts MB", "wasm MB", "renderer MB"];

/// Figures at a time.
type Look = [Option<f64>; 3];

pub(crate) fn measure() -> Table {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let files = ["One.pdf", "Two.pdf", "Three.pdf"].map(|name| samples.pdf(name, 33_000_000));
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    answers::quote(form, &[]);
    let before = look(&browser);

    form.field("Briefing, sketches, tables").attach(&files.each_ref());
    let attached = look(&browser);
    browser.line(Line { up: Some(8_000_000), ..Line::FAST });
    form.submit();
    let highest = watch(&browser, form, attached);
    let after = look(&browser);
    let row = |case: &str, look: Look| Row { case: case.to_owned(), figures: look.into() };
    Table {
        title: "Memory",
        method: METHOD,
        columns: COLUMNS,
        rows: vec![
            row("filled in", before),
            row("files attached", attached),
            row("highest while sending", highest),
            row("deal confirmed", after),
        ],
    }
}

/// The highest of each figure until the deal is confirmed.
fn watch(browser: &Browser, form: FormPage<'_>, at_first: Look) -> Look {
    const PATIENCE: Duration = Duration::from_secs(60);
    let begun = Instant::now();
    let mut highest = at_first;
    while form.read(".df-result").is_none() {
        assert_eq!(form.failure(), None);
        assert!(begun.elapsed() < PATIENCE, "the deal does not arrive");
        for (highest, now) in highest.iter_mut().zip(look(browser)) {
            *highest = highest.zip(now).map(|(highest, now)| highest.max(now));
        }
        sleep(Duration::from_millis(250));
    }
    highest
}

fn look(browser: &Browser) -> Look {
    let figures = [
        Some(browser.heap_bytes()),
        Some(bytes(browser.wasm_bytes())),
        browser.renderer_bytes().map(bytes),
    ];
    figures.map(|bytes| bytes.map(|bytes| bytes / 1e6))
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "sizes are below 2^53")]
fn bytes(bytes: u64) -> f64 {
    bytes as f64
}
