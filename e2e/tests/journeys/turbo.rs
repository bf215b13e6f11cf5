//! A site that navigates with Turbo: <https://turbo.hotwired.dev>.

use e2e::{Browser, FormPage, Site, World, eventually, lack};
use serde_json::json;

use crate::answers;

const HEAD: &str = "<script src='/turbo.js' defer></script>
    <script type='module' src='/deal-form.js'></script>";

/// With a fallback: the snapshot that Turbo keeps of a page has a copy of it.
const FORM: &str = "<h1>Call back</h1><a href='/other.html'>Elsewhere</a>
    <deal-form src='/forms/callback'>
        <form method='post' action='/forms/callback' enctype='multipart/form-data'>
            <input name='contact_name'><input name='contact_phone'><button>Send</button>
        </form>
    </deal-form>";

/// Clicks the page's link, and waits for the page to which it leads.
#[track_caller]
fn go_on(browser: &Browser) {
    browser.click(&browser.find("a"));
    eventually("other page", || (browser.texts("h1") == ["Elsewhere"]).then_some(()));
}

/// Goes back within the site, and waits for the form.
#[track_caller]
fn come_back(browser: &Browser) -> FormPage<'_> {
    browser.script("history.back();", &[]);
    eventually("page before", || (browser.texts("h1") == ["Call back"]).then_some(()));
    FormPage::ready(browser)
}

#[test]
fn a_draft_and_its_deal_survive_navigation_by_turbo() {
    let site = Site::new();
    if !site.turbo() {
        return lack(
            "Turbo: DEAL_FORM_TURBO names no script. `cargo xtask test --only e2e` sets it, and so does \
             eval \"$(cargo xtask env)\" after `cargo xtask setup`.",
        );
    }
    site.page("form.html", HEAD, FORM);
    site.page("other.html", HEAD, "<h1>Elsewhere</h1>");
    let World { crm, proxy, browser } = &World::on(&site);
    browser.open(&proxy.url("/form.html"));
    let form = FormPage::ready(browser);
    answers::callback(form);
    form.field("Your name").leave();
    browser.script("window.same = true;", &[]);

    for note in ["A new roof", "A new cellar"] {
        go_on(browser);
        let form = come_back(browser);
        assert_eq!(browser.script("return window.same;", &[]), true, "Turbo changes the page");
        assert_eq!(form.field("Your name").value(), "Ana Größe");
        assert_eq!(form.field("What about?").value(), note);
        form.field("What about?").write_and_leave("A new cellar");
    }
    go_on(browser);
    let form = come_back(browser);
    form.submit();
    let number = form.arrives();
    let deal = crm.deal_of_one_call(&number);
    assert_eq!(deal["parameters"]["note"], json!("A new cellar"));

    go_on(browser);
    let form = come_back(browser);
    assert_eq!(form.field("Your name").value(), "", "the next one is a new one");
}
