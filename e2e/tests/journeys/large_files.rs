//! Files at the CRM's limit.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox};
use serde_json::{Value, json};

use crate::answers;

#[test]
fn files_of_just_under_the_limit_arrive_and_one_byte_more_is_told_before_sending() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let large = samples.zeros("Large.zip", 99_999_990);
    let (small, smaller) =
        (samples.file("ten.txt", b"0123456789"), samples.file("nine.txt", b"012345678"));
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    answers::quote(form, &[&large, &small]);

    let problem = "The files are 1 byte too large together: they have to stay under 100 MB. \
                   Remove or shrink some. Remove “ten.txt” and the rest fits.";
    assert_eq!(form.field("Briefing, sketches, tables").problem(), problem);
    form.submit();
    assert_eq!(form.summary(), [problem]);

    form.remove_file("ten.txt");
    form.field("Briefing, sketches, tables").attach(&[&smaller]);
    form.submit();
    let number = form.arrives();
    assert_eq!(crm.calls_at_rest().len(), 1, "what is too large is not sent");
    let deal = crm.deal();
    assert_eq!(deal["deal_id"], json!(number));
    let sizes: Vec<&Value> =
        deal["attachments"].as_array().unwrap().iter().map(|file| &file["size"]).collect();
    assert_eq!(sizes, [&json!(99_999_990), &json!(9)]);
}
