//! Landing pages whose tags pin the widget's files with the integrity hashes in `manifest.json`.

use e2e::{Browser, FormPage, Proxy, Sandbox, Site, StubServer, fill_in, wait_until};
use serde_json::{Value, json};

/// A hash that does not match any file.
const WRONG_HASH: &str = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";

/// Records why the form is not shown: the browser refused the loader, or the loader gave up.
const RECORD: &str = "window.recorded = [];
    addEventListener('error', ({ target }) => recorded.push(target.localName), true);
    addEventListener('deal-form-error', () => recorded.push('given up'));";

/// The integrity hashes in a page: for the loader, and for the module that the loader imports.
struct Pins {
    loader: String,
    preloaded: Option<String>,
    mapped: Option<String>,
}

/// Returns a file's hash from the manifest.
fn integrity(proxy: &Proxy, file: &str) -> String {
    let manifest: Value = serde_json::from_str(&proxy.page("/manifest.json")).unwrap();
    manifest["files"][file]["integrity"].as_str().unwrap().to_owned()
}

fn start() -> (Sandbox, Site, StubServer, Proxy, Browser) {
    let crm = Sandbox::start();
    let site = Site::empty();
    let landing = StubServer::start(site.path());
    let proxy = Proxy::with_allowed_origin(&crm, &landing.url(""));
    (crm, site, landing, proxy, Browser::start())
}

/// Opens a landing page on another origin whose tags carry these integrity hashes.
fn open(
    browser: &Browser,
    (site, landing): (&Site, &StubServer),
    proxy: &Proxy,
    page: &str,
    pins: &Pins,
) {
    let module = proxy.url("/deal-form-widget.js");
    let map = pins.mapped.as_ref().map(|hash| {
        format!("<script type=\"importmap\">{}</script>", json!({"integrity": {&module: hash}}))
    });
    let preload = pins.preloaded.as_ref().map(|hash| {
        format!("<link rel=\"modulepreload\" href=\"{module}\" integrity=\"{hash}\" crossorigin>")
    });
    let (script, hash) = (proxy.url("/deal-form.js"), &pins.loader);
    let loader = format!(
        "<script type=\"module\" src=\"{script}\" integrity=\"{hash}\" crossorigin></script>"
    );
    let record = Some("<script src=\"/record.js\"></script>".to_owned());
    let head =
        [record, map, preload, Some(loader)].into_iter().flatten().collect::<Vec<_>>().join("\n");
    site.add_file("record.js", RECORD);
    let form = proxy.url("/forms/callback");
    let body = format!("<deal-form src=\"{form}\"><p>Call 030 123456.</p></deal-form>");
    site.add_page(page, &head, &body);
    browser.open(&landing.url(page));
}

#[test]
fn a_page_that_pins_the_hashes_from_the_manifest_shows_its_form() {
    let (crm, site, landing, proxy, browser) = start();
    let module = integrity(&proxy, "deal-form-widget.js");
    let pins = Pins {
        loader: integrity(&proxy, "deal-form.js"),
        preloaded: Some(module.clone()),
        mapped: Some(module),
    };
    open(&browser, (&site, &landing), &proxy, "pinned.html", &pins);
    let form = FormPage::ready(&browser);
    fill_in::callback(form);
    form.submit();
    let number = form.wait_for_deal();
    crm.deal_with_number(&number);
    browser.assert_console_is_empty();
}

/// Opens a page with a wrong hash, and checks that the page records `reason` and keeps the
/// fallback.
#[track_caller]
fn check(page: &str, set_wrong_hash: impl FnOnce(&mut Pins), reason: &str) {
    let (_crm, site, landing, proxy, browser) = start();
    let loader = integrity(&proxy, "deal-form.js");
    let mut pins = Pins { loader, preloaded: None, mapped: None };
    set_wrong_hash(&mut pins);
    open(&browser, (&site, &landing), &proxy, page, &pins);
    wait_until("the refusal", || {
        let recorded = browser.script("return window.recorded;", &[]);
        recorded.as_array().unwrap().contains(&json!(reason))
    });
    if browser.has_full_console() {
        browser.wait_for_console(&["integrity"]);
    }
    assert_eq!(browser.texts("deal-form p"), ["Call 030 123456."], "{page}");
}

#[test]
fn a_loader_or_mapped_module_with_a_wrong_hash_does_not_run() {
    check("loader.html", |pins| pins.loader = WRONG_HASH.to_owned(), "script");
    check("map.html", |pins| pins.mapped = Some(WRONG_HASH.to_owned()), "given up");
}

#[test]
fn a_preloaded_module_with_a_wrong_hash_does_not_run() {
    e2e::skip_in!(WebKit, "it ignores the hash of a preload");
    check("preload.html", |pins| pins.preloaded = Some(WRONG_HASH.to_owned()), "given up");
}
