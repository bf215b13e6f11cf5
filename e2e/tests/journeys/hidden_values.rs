//! What a page answers without asking the visitor.

use std::fs;

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site, eventually};
use serde_json::json;

const FORM: &str = "title = 'Call me back'
    [[field]]
    parameter = 'contact_phone'
    label = 'Phone'
    [[hidden]]
    custom_field = 'campaign'
    url_parameter = 'utm_campaign'
    [[hidden]]
    custom_field = 'medium'
    url_parameter = 'utm_medium'
    [[hidden]]
    custom_field = 'page'
    page = 'title'
    [[hidden]]
    custom_field = 'address'
    page = 'address'
    [[hidden]]
    custom_field = 'came_from'
    page = 'referrer'
    [presets]
    name = 'Call back'
    auto_create_custom_fields = true
";

#[test]
fn where_a_visitor_comes_from_goes_with_the_deal_and_the_page_knows_better() {
    let crm = Sandbox::start();
    let forms = tempfile::tempdir().unwrap();
    fs::write(forms.path().join("own.toml"), FORM).unwrap();
    let site = Site::new();
    let landing = "/landing.html?utm_campaign=spring%20roofs&utm_medium=mail";
    site.page("ad.html", "", &format!("<a href=\"{landing}\">Roofs</a>"));
    site.page(
        "landing.html",
        "<script type=\"module\" src=\"/deal-form.js\"></script>",
        "<deal-form src=\"/forms/own\"></deal-form>",
    );
    let settings = Settings {
        forms: forms.path().to_owned(),
        site: site.path().to_owned(),
        ..Settings::default()
    };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    browser.open(&proxy.url("/ad.html"));
    browser.click(&browser.find("a"));
    let there = || browser.url() == proxy.url(landing);
    eventually("landing page", || there().then_some(()));
    let form = FormPage::ready(&browser);
    let given = "document.querySelector('deal-form').prefill({ medium: 'radio' });
        document.title = 'Roofs, later';";
    browser.script(given, &[]);
    form.field("Phone").write("030 123456");
    form.submit();
    form.arrives();
    let deal = crm.deal();
    let sent = &deal["parameters"];
    for (name, value) in [
        ("campaign", json!("spring roofs")),
        ("medium", json!("radio")),
        ("page", json!("Roofs, later")),
        ("address", json!(proxy.url(landing))),
        ("came_from", json!(proxy.url("/ad.html"))),
    ] {
        assert_eq!(sent[name], value, "{name}");
    }
}
