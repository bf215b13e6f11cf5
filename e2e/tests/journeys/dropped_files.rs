//! Files that are dropped on the form.

use e2e::{FormPage, Samples, World, fill_in, wait_for, wait_until};
use serde_json::json;

#[test]
fn dropped_files_are_attached_and_checked_like_chosen_files() {
    let World { crm, proxy, browser } = &World::at("/");
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 20_000);
    let picture = samples.file("Logo.png", b"\x89PNG");
    let form = FormPage::ready(browser);
    fill_in::quote(form, &[]);

    let zone = form.element("return root.querySelector('.df-zone');", &[]);
    browser.drop_files(&zone, &[&offer, &picture]);
    let files = wait_for("list of files", || Some(form.files()).filter(|files| !files.is_empty()));
    assert_eq!(files[0], ("Offer.pdf".to_owned(), "20 kB".to_owned()));
    assert_eq!(
        form.field(fill_in::QUOTE_FILES).problem(),
        "“Logo.png” has an image format that cannot be sent. Save it as JPG and add it again."
    );
    assert_eq!(browser.url(), proxy.url("/"), "the browser did not open the file instead");

    form.remove_file("Logo.png");
    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &[offer]);
}

/// Holds a file over the title and moves on as it is told; returns for each event whether the form took
/// it for itself, what it says will come of it, and whether it shows that it waits for files.
const DRAG: &str = "const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a'], 'Offer.txt'));
    // Where no hand holds anything, browsers take no notice of what is to come of it.
    Object.defineProperty(dataTransfer, 'dropEffect', { writable: true });
    const title = root.querySelector('.df-title');
    return arguments[1].map((type) => {
        dataTransfer.dropEffect = 'copy';
        const taken = !title.dispatchEvent(
            new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
        return [taken, dataTransfer.dropEffect, root.querySelector('.df-dragging') !== null];
    });";

/// Left to the browser, a file that misses the zone would be opened in place of the page.
#[test]
fn the_whole_form_accepts_a_dragged_file_and_shows_that_it_does() {
    let World { browser, .. } = &World::at("/forms/quote");
    let form = FormPage::ready(browser);
    assert_eq!(
        form.script(DRAG, &[json!(["dragover", "dragleave", "dragover", "drop"])]),
        json!([
            [true, "copy", true],
            [true, "copy", false],
            [true, "copy", true],
            [true, "copy", false],
        ])
    );
    wait_until("file", || form.files().len() == 1);
}

#[test]
fn a_form_without_a_visible_file_field_rejects_a_dropped_file() {
    let World { crm, proxy, browser } = &World::start();
    let over_and_down = json!(["dragover", "drop"]);
    let refused = json!([[true, "none", false], [true, "none", false]]);
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    assert_eq!(form.script(DRAG, std::slice::from_ref(&over_and_down)), refused, "no question");

    browser.open(&proxy.url("/forms/steps"));
    let form = FormPage::ready(browser);
    assert_eq!(form.script(DRAG, std::slice::from_ref(&over_and_down)), refused, "another step");
    assert_eq!(form.files(), []);

    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[]);
    crm.delay_responses();
    form.submit();
    wait_for("form that is sent", || form.progress());
    assert_eq!(form.script(DRAG, &[over_and_down]), refused, "what is being sent stays as it is");
    assert_eq!(form.files(), []);
}

/// Browsers give a folder as a file; scripts cannot make one that they drop.
#[test]
fn a_dropped_folder_is_reported_as_a_folder() {
    let World { browser, .. } = &World::at("/forms/quote");
    let form = FormPage::ready(browser);
    let drop = "const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['a'], 'Plans'));
        dataTransfer.items.add(new File(['a'], 'Offer.txt'));
        DataTransferItem.prototype.webkitGetAsEntry = function () {
            return { isDirectory: this.getAsFile().name === 'Plans' };
        };
        root.querySelector('.df-title').dispatchEvent(
            new DragEvent('drop', { dataTransfer, bubbles: true, composed: true, cancelable: true }));";
    form.script(drop, &[]);
    wait_until("both", || form.files().len() == 2);
    assert_eq!(
        form.field(fill_in::QUOTE_FILES).problem(),
        "“Plans” is a folder. Add the files in it, or add it as a ZIP file."
    );
}
