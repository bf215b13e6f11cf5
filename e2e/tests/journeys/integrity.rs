//! Landing pages that pin the widget's files by the hashes in `manifest.json`.

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site, StubServer, fill_in, wait_until};
use serde_json::{Value, json};

/// Other bytes than any of ours.
const WRONG: &str = "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb";

/// Notes what the page hears last where the form cannot be shown: that the loader is refused, or
/// that the loader has given up.
const LISTEN: &str = "window.heard = [];
    addEventListener('error', ({ target }) => heard.push(target.localName), true);
    addEventListener('deal-form-error', () => heard.push('given up'));";

/// What a page says about the loader and the module that it imports.
struct Pins {
    loader: String,
    preloaded: Option<String>,
    mapped: Option<String>,
}

/// The hash that the manifest has for a file.
fn integrity(proxy: &Proxy, file: &str) -> String {
    let manifest: Value = serde_json::from_str(&proxy.page("/manifest.json")).unwrap();
    manifest["files"][file]["integrity"].as_str().unwrap().to_owned()
}

fn world() -> (Sandbox, Site, StubServer, Proxy, Browser) {
    let crm = Sandbox::start();
    let site = Site::empty();
    let landing = StubServer::start(site.path());
    let origin = landing.url("");
    let toml = format!("allowed_origins = [\"{}\"]\n", origin.trim_end_matches('/'));
    let proxy = Proxy::with_settings(&crm, Settings { toml, ..Settings::default() });
    (crm, site, landing, proxy, Browser::start())
}

/// Opens a landing page of another origin that pins the files.
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
    let listen = Some("<script src=\"/listen.js\"></script>".to_owned());
    let head =
        [listen, map, preload, Some(loader)].into_iter().flatten().collect::<Vec<_>>().join("\n");
    site.add_file("listen.js", LISTEN);
    let form = proxy.url("/forms/callback");
    let body = format!("<deal-form src=\"{form}\"><p>Call 030 123456.</p></deal-form>");
    site.add_page(page, &head, &body);
    browser.open(&landing.url(page));
}

#[test]
fn a_page_that_pins_the_hashes_of_the_manifest_shows_its_form() {
    let (crm, site, landing, proxy, browser) = world();
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

/// Opens a page with that pin wrong; the page hears that word last, and the fallback stays.
#[track_caller]
fn check(page: &str, pin: impl FnOnce(&mut Pins), word: &str) {
    let (_crm, site, landing, proxy, browser) = world();
    let loader = integrity(&proxy, "deal-form.js");
    let mut pins = Pins { loader, preloaded: None, mapped: None };
    pin(&mut pins);
    open(&browser, (&site, &landing), &proxy, page, &pins);
    wait_until("last word", || {
        let heard = browser.script("return window.heard;", &[]);
        heard.as_array().unwrap().contains(&json!(word))
    });
    if browser.has_full_console() {
        browser.wait_for_console(&["integrity"]);
    }
    assert_eq!(browser.texts("deal-form p"), ["Call 030 123456."], "{page}");
}

#[test]
fn a_loader_or_mapped_module_with_a_wrong_hash_does_not_run() {
    check("loader.html", |pins| pins.loader = WRONG.to_owned(), "script");
    check("map.html", |pins| pins.mapped = Some(WRONG.to_owned()), "given up");
}

#[test]
fn a_preloaded_module_with_a_wrong_hash_does_not_run() {
    e2e::skip_in!(WebKit, "it takes no notice of the hash of a preload: only the map pins");
    check("preload.html", |pins| pins.preloaded = Some(WRONG.to_owned()), "given up");
}
