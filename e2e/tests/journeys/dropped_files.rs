//! Files dropped on the form.

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
    let files =
        wait_for("the list of files", || Some(form.files()).filter(|files| !files.is_empty()));
    assert_eq!(files[0], ("Offer.pdf".to_owned(), "20 kB".to_owned()));
    assert_eq!(
        form.field(fill_in::QUOTE_FILES).problem(),
        "“Logo.png” has an image format that cannot be sent. Save it as JPG and add it again."
    );
    assert_eq!(browser.url(), proxy.url("/"), "the browser has not opened the file");

    form.remove_file("Logo.png");
    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    crm.assert_files(&deal, &[offer]);
}

/// Dispatches drag events with a file on the title. For each event, returns whether the form accepted
/// the event, the drop effect, and whether the form is highlighted.
const DRAG: &str = "const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(['a'], 'Offer.txt'));
    // Browsers ignore the drop effect of events from scripts.
    Object.defineProperty(dataTransfer, 'dropEffect', { writable: true });
    const title = root.querySelector('.df-title');
    return arguments[1].map((type) => {
        dataTransfer.dropEffect = 'copy';
        const accepted = !title.dispatchEvent(
            new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
        return [accepted, dataTransfer.dropEffect, root.querySelector('.df-dragging') !== null];
    });";

/// If the form ignored a file that is dropped beside the drop zone, the browser would open the file in
/// place of the page.
#[test]
fn the_whole_form_accepts_a_dragged_file_and_highlights_the_drop_zone() {
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
    wait_until("the file", || form.files().len() == 1);
}

#[test]
fn a_form_without_a_visible_file_field_rejects_a_dropped_file() {
    let World { crm, proxy, browser } = &World::start();
    let over_and_drop = json!(["dragover", "drop"]);
    let rejected = json!([[true, "none", false], [true, "none", false]]);
    browser.open(&proxy.url("/forms/callback"));
    let form = FormPage::ready(browser);
    assert_eq!(
        form.script(DRAG, std::slice::from_ref(&over_and_drop)),
        rejected,
        "the form has no file field"
    );

    browser.open(&proxy.url("/forms/steps"));
    let form = FormPage::ready(browser);
    assert_eq!(
        form.script(DRAG, std::slice::from_ref(&over_and_drop)),
        rejected,
        "the file field is on another step"
    );
    assert_eq!(form.files(), []);

    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[]);
    crm.delay_responses();
    form.submit();
    wait_for("the progress of sending", || form.progress());
    assert_eq!(form.script(DRAG, &[over_and_drop]), rejected, "the form is being sent");
    assert_eq!(form.files(), []);
}

/// Browsers pass a folder as a file. Scripts cannot create a folder, so this replaces the browser's
/// function that recognises folders.
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
    wait_until("both files", || form.files().len() == 2);
    assert_eq!(
        form.field(fill_in::QUOTE_FILES).problem(),
        "“Plans” is a folder. Add the files in it, or add it as a ZIP file."
    );
}
