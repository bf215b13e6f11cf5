//! The requests from a page with a form, counted by a server in front of the proxy.

use e2e::{Browser, FormPage, Proxy, ReverseProxy, Sandbox, Site, StubServer, fill_in};

/// The requests that a page with one form sends, each of them once. If a preload differed from the
/// widget's own request, the browser would send both.
const PARTS: [&str; 4] = [
    "GET /deal-form-widget.js",
    "GET /deal-form-widget_bg.wasm",
    "GET /deal-form.js",
    "GET /forms/callback",
];

/// The request that the snippet adds, for its plain form.
const STYLESHEET: &str = "GET /deal-form.css";

/// Returns the requests in the order of their names.
fn sorted(groups: &[&[&'static str]]) -> Vec<&'static str> {
    let mut requests = groups.concat();
    requests.sort_unstable();
    requests
}

/// Opens a landing page on another origin with the HTML that `code` returns for the proxy's
/// address, sends the form, and checks the requests. `more` are the requests in addition to `PARTS`.
#[track_caller]
fn check(more: &[&'static str], code: impl FnOnce(&str) -> String) {
    let crm = Sandbox::start();
    let landing_site = Site::empty();
    let landing = StubServer::start(landing_site.path());
    let proxy = Proxy::with_allowed_origin(&crm, &landing.url(""));
    let front = ReverseProxy::in_front_of(&proxy);
    landing_site.add_page("landing.html", "", &code(&front.url("")));
    let browser = Browser::start();
    browser.open(&landing.url("/landing.html"));
    let form = FormPage::ready(&browser);
    assert_eq!(front.requests(), sorted(&[&PARTS, more]));

    fill_in::callback(form);
    form.submit();
    form.wait_for_deal();
    // The form observes the upload's progress, so the browser sends a preflight request before it posts
    // to another origin.
    let sent = ["OPTIONS /forms/callback", "POST /forms/callback"];
    assert_eq!(front.requests(), sorted(&[&PARTS, more, &sent]));
    browser.assert_console_is_empty();
}

#[test]
fn a_page_with_only_script_and_element_requests_each_part_once() {
    check(&[], |proxy| {
        format!(
            "<script type=\"module\" src=\"{proxy}deal-form.js\"></script>
            <deal-form src=\"{proxy}forms/callback\"></deal-form>"
        )
    });
}

#[test]
fn a_page_with_the_snippet_requests_each_part_once() {
    check(&[STYLESHEET], |proxy| Proxy::snippet_for("callback", proxy));
}

#[test]
fn a_page_on_the_proxys_origin_requests_each_part_once() {
    e2e::skip_in!(WebKit, "it requests preloaded files of the same origin twice");
    let crm = Sandbox::start();
    let site = Site::new();
    let snippet = Proxy::snippet("callback");
    // The proxy's policy forbids inline styles.
    let (_, element) = snippet.split_once("</style>").unwrap();
    site.add_page("landing.html", "", element);
    let proxy = Proxy::with_site(&crm, &site);
    let front = ReverseProxy::in_front_of(&proxy);
    let browser = Browser::start();
    browser.open(&front.url("/landing.html"));
    FormPage::ready(&browser);
    assert_eq!(front.requests(), sorted(&[&PARTS, &[STYLESHEET, "GET /landing.html"]]));
}
