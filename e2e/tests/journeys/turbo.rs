//! A site that navigates with Turbo: <https://turbo.hotwired.dev>.

use e2e::{Browser, FormPage, Site, World, fill_in, report_missing_tool, wait_until};
use serde_json::json;

const HEAD: &str = "<script src='/turbo.js' defer></script>
    <script type='module' src='/deal-form.js'></script>";

/// A form with a fallback: Turbo caches a copy of the page, including the fallback.
const FORM: &str = "<h1>Call back</h1><a href='/other.html'>Elsewhere</a>
    <deal-form src='/forms/callback'>
        <form method='post' action='/forms/callback' enctype='multipart/form-data'>
            <input name='contact_name'><input name='contact_phone'><button>Send</button>
        </form>
    </deal-form>";

/// Clicks the link, and waits for the other page.
#[track_caller]
fn leave(browser: &Browser) {
    browser.click(&browser.find("a"));
    wait_until("the other page", || browser.texts("h1") == ["Elsewhere"]);
}

/// Goes back, and waits for the form.
#[track_caller]
fn go_back(browser: &Browser) -> FormPage<'_> {
    browser.script("history.back();", &[]);
    wait_until("the previous page", || browser.texts("h1") == ["Call back"]);
    FormPage::ready(browser)
}

#[test]
fn a_draft_survives_navigation_with_turbo_and_creates_one_deal() {
    let site = Site::new();
    if !site.add_turbo() {
        return report_missing_tool(
            "navigation with Turbo: DEAL_FORM_TURBO is not set. `cargo xtask test --only e2e` sets it, and so does \
             eval \"$(cargo xtask env)\" after `cargo xtask setup`.",
        );
    }
    site.add_page("form.html", HEAD, FORM);
    site.add_page("other.html", HEAD, "<h1>Elsewhere</h1>");
    let World { crm, proxy, browser } = &World::with_site(&site);
    browser.open(&proxy.url("/form.html"));
    let form = FormPage::ready(browser);
    fill_in::callback(form);
    form.field("Your name").leave();
    browser.script("window.isSamePage = true;", &[]);

    for note in ["A new roof", "A new cellar"] {
        leave(browser);
        let form = go_back(browser);
        assert_eq!(
            browser.script("return window.isSamePage;", &[]),
            true,
            "Turbo replaces the page without loading it"
        );
        assert_eq!(form.field("Your name").value(), "Ana Größe");
        assert_eq!(form.field("What would you like to discuss?").value(), note);
        form.field("What would you like to discuss?").write_and_leave("A new cellar");
    }
    leave(browser);
    let form = go_back(browser);
    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_from_single_call(&number);
    assert_eq!(deal["parameters"]["note"], json!("A new cellar"));

    leave(browser);
    let form = go_back(browser);
    assert_eq!(form.field("Your name").value(), "", "the next draft is empty");
}
