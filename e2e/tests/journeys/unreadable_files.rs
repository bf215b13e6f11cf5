//! Files that were changed or deleted after they were chosen.

use std::fs;
use std::thread::sleep;
use std::time::Duration;

use e2e::{Browser, FormPage, LandingPage, Sample, Samples, World, fill_in, wait_until};

const HEADING: &str = "Some files cannot be read";
const PROBLEM: &str = "“Offer.pdf” can no longer be read. Add it again, or remove it.";

/// Sends the form with `plan` and an offer that is deleted after it was chosen.
fn send_with_deleted_offer<'b>(
    browser: &'b Browser,
    samples: &Samples,
    plan: &Sample,
) -> FormPage<'b> {
    let offer = samples.pdf("Offer.pdf", 50_000);
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[&offer, plan]);
    fs::remove_file(&offer.path).unwrap();
    form.submit();
    form
}

#[test]
fn a_deleted_file_is_named_and_the_rest_can_be_sent_without_it() {
    let World { crm, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let plan = samples.pdf("Plan.pdf", 60_000);
    let form = send_with_deleted_offer(browser, &samples, &plan);
    let failure = form.wait_for_failure_titled(HEADING);
    assert_eq!(
        failure.advice,
        "Files that were changed, moved or deleted, or are only in the cloud, cannot be sent. Save \
         them on this device, then add them again."
    );
    assert_eq!(form.summary(), [PROBLEM]);
    assert_eq!(form.countdown(), None, "a retry cannot succeed");

    form.press_button("Send the rest");
    form.wait_for_deal();
    crm.assert_files(&crm.deal(), &[plan]);
}

#[test]
fn a_new_file_with_the_same_name_replaces_an_unreadable_one() {
    let World { crm, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let plan = samples.pdf("Plan.pdf", 60_000);
    let form = send_with_deleted_offer(browser, &samples, &plan);
    form.wait_for_failure_titled(HEADING);
    assert_eq!(form.field(fill_in::QUOTE_FILES).problem(), PROBLEM);

    let again = samples.pdf("Offer.pdf", 20_000);
    form.field(fill_in::QUOTE_FILES).attach(&[&again]);
    wait_until("the new file", || form.files().iter().any(|(_, size)| size == "20 kB"));
    assert_eq!(form.files().len(), 2, "{:?}", form.files());
    form.remove_file("Plan.pdf");
    assert_eq!(form.files(), [("Offer.pdf".to_owned(), "20 kB".to_owned())]);
    form.submit();
    form.wait_for_deal();
    crm.assert_files(&crm.deal(), &[again]);
}

#[test]
fn a_changed_file_is_named_and_can_be_replaced() {
    let World { crm, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 50_000);
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[&offer]);
    // WebKit compares modification times in seconds.
    sleep(Duration::from_millis(1_100));
    let changed = samples.pdf("Offer.pdf", 20_000);
    form.submit();
    form.wait_for_failure_titled(HEADING);
    assert_eq!(form.summary(), [PROBLEM]);
    form.field(fill_in::QUOTE_FILES).attach(&[&changed]);
    wait_until("the new file", || form.files()[0].1 == "20 kB");
    assert_eq!(form.files().len(), 1);
    form.submit();
    form.wait_for_deal();
    crm.assert_files(&crm.deal(), &[changed]);
}
