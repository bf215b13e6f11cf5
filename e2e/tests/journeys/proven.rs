//! Forms that ask for what programs do not bring.

use e2e::{Browser, FormPage, Landing, Site, StandIn, World, eventually};
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

const OWN: Landing<'_> = Landing {
    body: "<deal-form src='/forms/own'></deal-form>",
    script: "",
    late: false,
    form: Some(FORM),
};

#[test]
fn the_widget_sends_token_and_work_and_each_draft_makes_one_deal() {
    let World { crm, browser, .. } = &World::open(OWN);
    let form = FormPage::ready(browser);
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
fn a_token_that_failed_to_load_is_fetched_when_the_form_is_sent() {
    e2e::run_in_one_engine!();
    // A line that is away for a moment.
    let away = "{
            const { fetch } = window;
            let away = true;
            window.fetch = (...all) => {
                const lost = away && all[0].url?.endsWith('/token');
                if (lost) away = false;
                return lost ? Promise.reject(new TypeError('away')) : fetch(...all);
            };
        }";
    let body = "<deal-form src='/forms/own?from=roofs'></deal-form>";
    let World { browser, .. } = &World::open(Landing { script: away, body, ..OWN });
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    form.submit();
    form.arrives();
    assert_eq!(browser.console(), Vec::<String>::new());
}

/// What was brought once may be too old by then, or used.
#[test]
fn each_attempt_sends_a_new_proof() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::open(OWN);
    let form = FormPage::ready(browser);
    let asked = "return performance.getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('/forms/own/token')).length;";
    let asked = |times: u32| {
        let told = || browser.script(asked, &[]) == times;
        eventually(&format!("token, time {times}"), || told().then_some(()));
    };
    asked(1);
    crm.go_wrong(&json!({"kind": "refuse"}));
    form.field("Your name").write("Ana");
    form.submit();
    form.fails();
    asked(2);
    form.field("Your name").write("Berta");
    form.submit();
    form.arrives();
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Berta");
    form.press_button("Send another request");
    asked(3);
}

#[test]
fn a_form_cancelled_before_its_token_is_valid_is_not_sent() {
    e2e::run_in_one_engine!();
    let World { crm, browser, .. } = &World::open(OWN);
    let form = FormPage::ready(browser);
    form.field("Your name").write("Ana");
    // Pressed and stopped within one task, long before the token counts.
    let stop = "window.sent = 0;
        addEventListener('deal-form-progress', () => { window.sent += 1; });
        root.querySelector('form').requestSubmit();
        return Promise.resolve().then(() => Promise.resolve()).then(() => {
            const cancel = [...root.querySelectorAll('.df-progress button')].find(seen);
            cancel.click();
        });";
    form.script(stop, &[]);
    assert_eq!(form.fails().heading, "You stopped sending");
    // What is sent after it has come by then, too.
    form.field("Your name").write("Berta");
    form.submit();
    form.arrives();
    assert_eq!(crm.calls_at_rest().len(), 1);
    assert_eq!(crm.deal()["parameters"]["contact_name"], "Berta");
}

#[test]
fn the_answer_of_the_pages_captcha_is_sent() {
    e2e::run_in_one_engine!();
    let definition = json!({
        "title": "Captcha",
        "proof": {"captcha": true},
        "fields": [{"parameter": "contact_name", "kind": "text", "label": "Name"}],
    });
    let definition = definition.to_string().replace('"', "&quot;");
    let site = Site::new();
    site.page(
        "captcha.html",
        "<script type=\"module\" src=\"/deal-form.js\"></script>",
        &format!("<deal-form proxy-url=\"/take\" definition=\"{definition}\"></deal-form>"),
    );
    let proxy = StandIn::start(site.path());
    proxy.answer(200, "application/json", r#"{"message": "success", "deal_id": 1}"#);
    let browser = Browser::start();
    browser.open(&proxy.url("/captcha.html"));
    let form = FormPage::ready(&browser);
    form.field("Name").write("Ana");
    let solve =
        "document.querySelector('deal-form').prefill({ 'df-captcha': 'a picture of roofs' });";
    browser.script(solve, &[]);
    form.submit();
    form.arrives();
    let said = proxy.said();
    assert!(said.contains("name=\"df-captcha\"\r\n\r\na picture of roofs\r\n"), "{said}");
}
