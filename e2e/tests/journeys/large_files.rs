//! Files that are as large as the CRM allows.

use e2e::{Samples, World, fill_in, wait_until};
use serde_json::{Value, json};

#[test]
fn files_just_under_the_limit_arrive_and_one_byte_more_is_reported_before_sending() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let large = samples.sparse_zip("Large.zip", 99_999_990);
    let (small, smaller) =
        (samples.file("ten.txt", b"0123456789"), samples.file("nine.txt", b"012345678"));
    let form = fill_in::quote_at(browser, &proxy.url("/"), &[&large, &small]);

    let problem = "The files are 1 byte too large in total: keep them under 100 MB. \
                   Remove or shrink some. Remove “ten.txt” and the rest will fit.";
    assert_eq!(form.field(fill_in::QUOTE_FILES).problem(), problem);
    form.submit();
    assert_eq!(form.summary(), [problem]);

    form.remove_file("ten.txt");
    form.field(fill_in::QUOTE_FILES).attach(&[&smaller]);
    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_from_single_call(&number);
    let sizes: Vec<&Value> =
        deal["attachments"].as_array().unwrap().iter().map(|file| &file["size"]).collect();
    assert_eq!(sizes, [&json!(99_999_990), &json!(9)]);
}

#[test]
fn a_hundred_megabytes_arrive_unchanged_after_a_cancelled_upload() {
    let World { crm, proxy, browser } = &World::start();
    let samples = Samples::new();
    let files = [samples.pdf("Plans.pdf", 60_000_000), samples.pdf("Photos.pdf", 39_999_000)];
    let form = fill_in::quote_at(browser, &proxy.url("/"), &[&files[0], &files[1]]);
    let entered = form.answers();

    browser.limit_upload_speed(Some(5_000_000));
    form.submit();
    // The buffers between the browser and the proxy hold less than a tenth of the files.
    let share = "return root.querySelector('.df-bar').value;";
    wait_until("a tenth of the upload", || {
        form.script(share, &[]).as_f64().is_some_and(|share| share > 100.0)
    });
    form.press_button("Cancel");
    assert_eq!(form.wait_for_failure().heading, "Sending stopped");
    assert_eq!(form.answers(), entered);

    browser.limit_upload_speed(None);
    form.press_button("Try again");
    let number = form.wait_for_deal();
    let deal = crm.deal_from_single_call(&number);
    crm.assert_files(&deal, &files);
}
