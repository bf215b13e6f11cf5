//! Forms that ask for what programs do not bring.

use std::fs;

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site};
use serde_json::json;

const FORM: &str = "title = 'Call me back'
    [proof]
    token = true
    work = true
    [[field]]
    parameter = 'contact_name'
    label = 'Your name'
    required = true
    [presets]
    name = 'Call back'
";

#[test]
fn the_widget_brings_token_and_work_and_one_deal_comes_of_each_draft() {
    let crm = Sandbox::start();
    let forms = tempfile::tempdir().unwrap();
    fs::write(forms.path().join("own.toml"), FORM).unwrap();
    let settings = Settings { forms: forms.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    browser.open(&proxy.url("/forms/own"));
    let form = FormPage::ready(&browser);
    // Faster than the token ripens: the widget waits, the visitor need not.
    form.field("Your name").write("Ana");
    form.submit();
    form.arrives();
    form.press_button("Send another request");
    form.field("Your name").write("Berta");
    form.submit();
    let number = form.arrives();
    let deals = crm.deals();
    assert_eq!(deals.len(), 2);
    assert_eq!(deals[0]["deal_id"], json!(number));
    assert_eq!(deals[0]["parameters"]["contact_name"], "Berta");
}

#[test]
fn a_token_that_could_not_be_fetched_while_the_form_opened_is_fetched_when_it_is_sent() {
    let crm = Sandbox::start();
    let forms = tempfile::tempdir().unwrap();
    fs::write(forms.path().join("own.toml"), FORM).unwrap();
    let site = Site::new();
    // A line that is away for a moment.
    site.file(
        "away.js",
        "{
            const { fetch } = window;
            let away = true;
            window.fetch = (...all) => {
                const lost = away && String(all[0]).endsWith('/token');
                if (lost) away = false;
                return lost ? Promise.reject(new TypeError('away')) : fetch(...all);
            };
        }",
    );
    site.page(
        "away.html",
        "<script src=\"/away.js\"></script><script type=\"module\" src=\"/deal-form.js\"></script>",
        "<deal-form src=\"/forms/own\"></deal-form>",
    );
    let settings = Settings {
        forms: forms.path().to_owned(),
        site: site.path().to_owned(),
        ..Settings::default()
    };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    browser.open(&proxy.url("/away.html"));
    let form = FormPage::ready(&browser);
    form.field("Your name").write("Ana");
    form.submit();
    form.arrives();
    assert_eq!(browser.console(), Vec::<String>::new());
}
