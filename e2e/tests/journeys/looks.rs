//! The form looks as it did when its pictures were kept in `docs/screenshots`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use e2e::picture::{Difference, compare};
use e2e::{Engine, Example, FormPage, Scheme, Tour, World, camera, only_in};
use serde_json::json;

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/screenshots")
}

/// Puts what was taken, and where it differs, where somebody can look at it.
fn put_down(name: &str, taken: &[u8], difference: &Difference) -> String {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("looks");
    fs::create_dir_all(&folder).unwrap();
    let picture = folder.join(name);
    fs::write(&picture, taken).unwrap();
    if let Difference::Look { map, .. } = difference {
        fs::write(picture.with_extension("difference.png"), map).unwrap();
    }
    format!("{}: {difference}", picture.display())
}

#[test]
fn every_state_looks_like_its_screenshot() {
    if !only_in(Engine::Chromium, "the pictures that are kept are Chromium's") {
        return;
    }
    let mut missed: BTreeSet<String> = fs::read_dir(kept())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut wrong = Vec::new();
    Tour::start(Example::Quote).go(|browser, state| {
        camera::pictures(browser, state, |name, taken| {
            if !missed.remove(name) {
                return wrong.push(format!("{name} is not kept yet"));
            }
            if let Err(difference) = compare(&fs::read(kept().join(name)).unwrap(), taken) {
                wrong.push(put_down(name, taken, &difference));
            }
        });
    });
    wrong.extend(missed.iter().map(|name| format!("{name} is kept, and of no state")));
    assert!(
        wrong.is_empty(),
        "look at these; if they are as they should be, keep them by `cargo xtask screenshots`:\n{}",
        wrong.join("\n")
    );
}

/// Small changes of style, each on its own, and the form as it was again.
#[test]
fn comparing_pictures_notices_small_changes() {
    if !only_in(Engine::Chromium, "it is about how pictures are compared, and they are Chromium's")
    {
        return;
    }
    let World { proxy, browser, .. } = &World::start();
    browser.screen(390);
    browser.prefer(Scheme::Light);
    browser.open(&proxy.url("/forms/quote"));
    let form = FormPage::ready(browser);
    let before = browser.picture();
    let restyle = "const sheet = new CSSStyleSheet();
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
        form.script(restyle, &[json!(css)]);
        assert!(compare(&before, &browser.picture()).is_err(), "{css}");
    }
    form.script(restyle, &[json!("")]);
    let same = compare(&before, &browser.picture());
    assert!(same.is_ok(), "nothing changed");
}
