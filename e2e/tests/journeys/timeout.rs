//! No answer in time.

use std::time::{Duration, Instant};

use e2e::{Browser, FormPage, Proxy, Sandbox, Settings, Site};
use serde_json::json;

use crate::answers;

#[test]
fn silence_ends_after_the_elements_timeout_and_a_second_attempt_makes_no_second_deal() {
    let crm = Sandbox::start();
    let site = Site::new();
    site.page(
        "patience.html",
        "<script type=\"module\" src=\"/deal-form.js\"></script>",
        "<deal-form src=\"/forms/callback\" timeout=\"2\"></deal-form>",
    );
    let settings = Settings { site: site.path().to_owned(), ..Settings::default() };
    let proxy = Proxy::with(&crm, settings);
    let browser = Browser::start();
    crm.go_wrong(&json!({"kind": "delay", "before_storing_ms": 6000}));
    browser.open(&proxy.url("/patience.html"));
    let form = FormPage::ready(&browser);
    answers::callback(form);
    let entered = form.answers();

    let begun = Instant::now();
    form.submit();
    let failure = form.fails();
    let waited = begun.elapsed();
    assert!((Duration::from_secs(2)..Duration::from_secs(6)).contains(&waited), "{waited:?}");
    assert_eq!(failure.heading, "There was no answer in time");
    assert_eq!(
        failure.advice,
        "Your request may or may not have arrived. Try again: sending again never makes a second \
         request."
    );
    assert_eq!(form.answers(), entered);

    form.press_button("Try again");
    let number = form.arrives();
    // The first attempt, too, comes to its end in the CRM.
    crm.calls_at_rest();
    assert_eq!(crm.deal()["deal_id"], json!(number));
}
