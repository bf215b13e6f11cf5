//! Hidden values, which the page sets instead of the visitor.

use e2e::{FormPage, LandingPage, World, wait_until};
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
fn hidden_values_are_sent_unless_the_page_overrides_them() {
    let body = "<a href='?utm_campaign=spring%20roofs&utm_medium=mail'>Roofs</a>
        <deal-form src='/forms/own'></deal-form>";
    let World { crm, proxy, browser } =
        &World::open(LandingPage { form: Some(FORM), ..LandingPage::with_body(body) });
    let address = proxy.url(World::LANDING_PAGE);
    let landing = format!("{address}?utm_campaign=spring%20roofs&utm_medium=mail");
    browser.click(&browser.find("a"));
    let is_open = || browser.url() == landing;
    wait_until("the landing page", is_open);
    let form = FormPage::ready(browser);
    let override_values = "document.querySelector('deal-form').prefill({ medium: 'radio' });
        document.title = 'Roofs, later';";
    browser.script(override_values, &[]);
    form.field("Phone").write("030 123456");
    form.submit();
    form.wait_for_deal();
    let deal = crm.deal();
    let sent = &deal["parameters"];
    for (name, value) in [
        ("campaign", json!("spring roofs")),
        ("medium", json!("radio")),
        ("page", json!("Roofs, later")),
        ("address", json!(landing)),
        ("came_from", json!(address)),
    ] {
        assert_eq!(sent[name], value, "{name}");
    }
}
