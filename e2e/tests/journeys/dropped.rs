//! Files that are dropped on the form.

use e2e::{Browser, FormPage, Proxy, Samples, Sandbox};
use serde_json::json;

use crate::answers;

#[test]
fn dropped_files_are_attached_and_checked_as_chosen_ones_are() {
    let crm = Sandbox::start();
    let proxy = Proxy::start(&crm);
    let browser = Browser::start();
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 20_000);
    let picture = samples.file("Logo.png", b"\x89PNG");
    browser.open(&proxy.url("/"));
    let form = FormPage::ready(&browser);
    answers::quote(form, &[]);

    let zone = form.element("return root.querySelector('.df-zone');", &[]);
    browser.drop_files(&zone, &[&offer, &picture]);
    let files =
        e2e::eventually("list of files", || Some(form.files()).filter(|files| !files.is_empty()));
    assert_eq!(files[0], ("Offer.pdf".to_owned(), "20 kB".to_owned()));
    assert_eq!(
        form.field("Briefing, sketches, tables").problem(),
        "“Logo.png” is a picture of a kind that cannot be sent. Save it as JPG and add it again."
    );
    assert_eq!(browser.url(), proxy.url("/"), "the browser did not open the file instead");

    form.remove_file("Logo.png");
    form.submit();
    let number = form.arrives();
    let deal = crm.deal();
    assert_eq!(deal["deal_id"], json!(number));
    crm.assert_files(&deal, &[offer]);
}
