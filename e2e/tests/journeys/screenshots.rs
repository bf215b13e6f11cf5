//! The form looks like its screenshots in `docs/screenshots`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use e2e::image_diff::{Difference, compare};
use e2e::{ColorScheme, Example, FormPage, Tour, World, screenshots};
use serde_json::json;

fn stored_screenshots() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots")
}

/// Saves a new screenshot and a map of its differences, and returns a line for the failure message.
fn save(name: &str, screenshot: &[u8], difference: &Difference) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("screenshots");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, screenshot).unwrap();
    if let Difference::Pixels { map, .. } = difference {
        fs::write(path.with_extension("difference.png"), map).unwrap();
    }
    format!("{}: {difference}", path.display())
}

#[test]
fn every_state_looks_like_its_screenshot() {
    e2e::run_only_in!(Chromium, "the stored screenshots are from Chromium");
    let mut missing: BTreeSet<String> = fs::read_dir(stored_screenshots())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut differences = Vec::new();
    Tour::start(Example::Quote).visit_states(|browser, state| {
        screenshots::take(browser, state, |name, new| {
            if !missing.remove(name) {
                return differences.push(format!("{name} is not stored yet"));
            }
            let stored = fs::read(stored_screenshots().join(name)).unwrap();
            if let Err(difference) = compare(&stored, new) {
                differences.push(save(name, new, &difference));
            }
        });
    });
    differences.extend(missing.iter().map(|name| format!("{name} is stored, but no state has it")));
    assert!(
        differences.is_empty(),
        "check these screenshots; if they are correct, store them with `cargo xtask screenshots`:\n{}",
        differences.join("\n")
    );
}

#[test]
fn comparing_screenshots_notices_small_changes() {
    e2e::run_only_in!(Chromium, "the stored screenshots are from Chromium");
    let World { proxy, browser, .. } = &World::start();
    browser.set_width(390);
    browser.set_color_scheme(ColorScheme::Light);
    browser.open(&proxy.url("/forms/quote"));
    let form = FormPage::ready(browser);
    let before = browser.screenshot();
    let add_style = "const sheet = new CSSStyleSheet();
        sheet.replaceSync(arguments[1]);
        const [own] = root.adoptedStyleSheets;
        root.adoptedStyleSheets = [own, sheet];";
    for css in [
        ".df-zone { padding-block: calc(1em + 2px) }",
        ".df-input { padding-inline-start: 1.2em }",
        ".df-submit { background: #1f5ac8 }",
        ".df-label { color: #5b6270 }",
        ".df-hint { font-size: 0.95em }",
        ".df-input { border-radius: 0 }",
    ] {
        form.script(add_style, &[json!(css)]);
        assert!(compare(&before, &browser.screenshot()).is_err(), "{css}");
    }
    form.script(add_style, &[json!("")]);
    let unchanged = compare(&before, &browser.screenshot());
    assert!(unchanged.is_ok(), "the form differs without a changed style");
}
