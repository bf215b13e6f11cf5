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

const CAMPAIGN_FORM: &str = "title = 'Call me back'
    campaign = true
    [[field]]
    parameter = 'contact_phone'
    label = 'Phone'
    [presets]
    name = 'Call back'
";

/// The URL parameters that `campaign = true` sends.
const CAMPAIGN: [&str; 8] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "gclid",
    "fbclid",
    "msclkid",
];

/// Opens the landing page with campaign parameters, follows a link to the same page without them,
/// and sends the form. The page's body begins with the HTML in `script`. Returns the deal's note.
fn send_on_the_second_page(script: &str) -> String {
    let body = format!(
        "{script}<a href='{}'>Contact</a><deal-form src='/forms/own'></deal-form>",
        World::LANDING_PAGE
    );
    let World { crm, proxy, browser } =
        &World::open(LandingPage { form: Some(CAMPAIGN_FORM), ..LandingPage::with_body(&body) });
    let pairs: Vec<String> = CAMPAIGN.iter().map(|name| format!("{name}=of+{name}")).collect();
    let address = proxy.url(World::LANDING_PAGE);
    browser.open(&format!("{address}?{}&email=jane@example.com", pairs.join("&")));
    FormPage::ready(browser);
    browser.click(&browser.find("a"));
    wait_until("the second page", || browser.url() == address);
    let form = FormPage::ready(browser);
    form.field("Phone").write("030 123456");
    form.submit();
    form.wait_for_deal();
    crm.deal()["parameters"]["note"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_tab_keeps_a_campaign_from_the_first_page() {
    let note = send_on_the_second_page("<meta data-deal-form-campaign>");
    for name in CAMPAIGN {
        assert!(note.contains(&format!("{name}: of {name}")), "{name}: {note}");
    }
    assert!(!note.contains("jane"), "{note}");
}

#[test]
fn a_page_without_the_meta_element_keeps_no_campaign() {
    assert_eq!(send_on_the_second_page(""), "");
}
