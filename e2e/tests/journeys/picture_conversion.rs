//! Pictures in formats that the CRM does not accept.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use e2e::{FormPage, LandingPage, Sample, Samples, World, fill_in, wait_until};

/// A PNG picture of one pixel, in Base64.
const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
/// A `WebP` picture of one pixel, in Base64.
const WEBP: &str = "UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==";

fn sample(samples: &Samples, name: &str, base64: &str) -> Sample {
    samples.file(name, &BASE64_STANDARD.decode(base64).unwrap())
}

/// Returns each file's name, and the note or problem in its row.
fn rows(form: FormPage<'_>) -> Vec<(String, String)> {
    let rows = "return [...root.querySelectorAll('.df-file')].map((row) => [
        row.querySelector('.df-name').innerText,
        [...row.querySelectorAll('.df-converted, .df-why')].filter(seen)
            .map((note) => note.innerText).join(),
    ]);";
    serde_json::from_value(form.script(rows, &[])).unwrap()
}

fn row(name: &str, note: &str) -> (String, String) {
    (name.to_owned(), note.to_owned())
}

#[test]
fn chosen_and_dropped_pictures_are_converted_and_their_rows_show_it() {
    let World { crm, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    let chosen = sample(&samples, "Logo.PNG", PNG);
    browser.type_into(&form.field(fill_in::QUOTE_FILES).control(), chosen.path.to_str().unwrap());
    wait_until("the chosen picture", || rows(form).len() == 1);
    let dropped = [&sample(&samples, "Plan.webp", WEBP), &samples.pdf("Offer.pdf", 1_000)];
    let zone = form.element("return root.querySelector('.df-zone');", &[]);
    browser.drop_files(&zone, &dropped);
    wait_until("the dropped files", || rows(form).len() == 3);
    let note = "Converted to JPG";
    let expected = [row("Logo.jpg", note), row("Plan.jpg", note), row("Offer.pdf", "")];
    assert_eq!(rows(form), expected);

    form.submit();
    form.wait_for_deal();
    let deal = crm.deal();
    let names: Vec<_> =
        deal["attachments"].as_array().unwrap().iter().map(|file| &file["name"]).collect();
    assert_eq!(names, ["Logo.jpg", "Plan.jpg", "Offer.pdf"], "{deal}");
}

#[test]
fn explains_what_to_do_with_an_unreadable_picture_and_renames_jpeg_files() {
    let World { crm, browser, .. } = &World::open(LandingPage::QUOTE);
    let samples = Samples::new();
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);
    let zone = form.element("return root.querySelector('.df-zone');", &[]);
    let broken = samples.file("Broken.heic", b"no picture");
    let jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9";
    let others = ["Photo.jfif", "Scan.JPE", "Old.pjpeg"].map(|name| samples.file(name, jpeg));
    let all: Vec<&Sample> = [&broken].into_iter().chain(&others).collect();
    browser.drop_files(&zone, &all);
    wait_until("all files", || rows(form).len() == 4);
    let refused =
        "“Broken.heic” has an image format that cannot be sent. Save it as JPG and add it again.";
    let expected = [
        row("Broken.heic", refused),
        row("Photo.jpg", ""),
        row("Scan.jpg", ""),
        row("Old.jpg", ""),
    ];
    assert_eq!(rows(form), expected);
    form.remove_file("Broken.heic");
    form.submit();
    form.wait_for_deal();
    assert_eq!(crm.deal()["attachments"].as_array().map(Vec::len), Some(3));
}
