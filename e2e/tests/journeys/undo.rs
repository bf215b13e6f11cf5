//! *Start over* and *Undo*.

use e2e::{FormPage, Samples, World, fill_in, wait_until};
use serde_json::json;

/// Holds the timer after which *Start over* cannot be undone. `endUndo()` ends it.
const HOLD_UNDO: &str = "const { setTimeout } = window;
    window.setTimeout = (then, pause) => pause === 10000
        ? (window.endUndo = then, 0) : setTimeout(then, pause);";

/// Opens `quote` with a restored draft.
fn open_restored(world: &World, files: usize) -> FormPage<'_> {
    let World { proxy, browser, .. } = world;
    let form = FormPage::ready(browser);
    form.wait_for_draft("Ana");
    if files > 0 {
        form.wait_for_stored_files(files);
    }
    browser.open(&proxy.url("/forms/quote"));
    let form = FormPage::ready(browser);
    wait_until("the note", || form.read(".df-restored .df-message").is_some());
    browser.script(HOLD_UNDO, &[]);
    form
}

#[test]
fn undo_brings_back_the_answers_the_files_and_the_reference() {
    let world = &World::start();
    let World { crm, proxy, browser } = world;
    let samples = Samples::new();
    let offer = samples.pdf("Offer.pdf", 100_000);
    let stores_files = browser.has_file_storage();
    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[&offer]);
    // The proxy and the CRM know the draft.
    crm.inject_fault(&json!({"kind": "refuse"}));
    form.submit();
    form.wait_for_failure();
    crm.clear_faults();
    let form = open_restored(world, usize::from(stores_files));
    if stores_files {
        wait_until("the file", || form.files().len() == 1);
    }
    let before = form.answers();

    form.press_button("Start over");
    assert_eq!(form.read(".df-restored .df-message").as_deref(), Some("The form is empty again."));
    assert_eq!(form.field("Your name").value(), "");
    assert_eq!(form.files(), []);
    assert_eq!(form.focused(), "Your name");

    form.press_button("Undo");
    wait_until("the answers", || form.answers() == before);
    assert_eq!(
        form.read(".df-restored .df-message").as_deref(),
        Some("Your answers were restored.")
    );
    // The proxy repeats the CRM's refusal for the same answers.
    form.field("Your project").write("Three pages");
    form.submit();
    let number = form.wait_for_deal();
    let deal = crm.deal_with_number(&number);
    assert_eq!(crm.deals().len(), 1);
    if stores_files {
        crm.assert_files(&deal, &[offer]);
    }
    let references: Vec<_> = crm
        .calls()
        .iter()
        .map(|call| call["parameters"]["external_reference_id"].clone())
        .collect();
    assert!(references.iter().all(|reference| *reference == references[0]), "{references:?}");
}

#[test]
fn answers_that_were_sent_before_still_make_one_deal_after_undo() {
    let world = &World::start();
    let World { crm, proxy, browser } = world;
    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[]);
    // The CRM creates the deal, but the visitor cancels and does not see it.
    crm.delay_responses();
    form.submit();
    form.wait_until_uploaded();
    form.press_button("Cancel");
    form.wait_for_failure();
    let form = open_restored(world, 0);
    form.press_button("Start over");
    form.press_button("Undo");
    crm.clear_faults();
    form.submit();
    form.wait_for_deal();
    crm.finished_calls();
    assert_eq!(crm.deals().len(), 1);
}

#[test]
fn undo_is_disabled_after_ten_seconds() {
    let world = &World::start();
    let World { proxy, browser, .. } = world;
    fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[]);
    let form = open_restored(world, 0);
    form.press_button("Start over");
    let is_disabled =
        || form.script("return root.querySelector('.df-restored button').disabled;", &[]);
    let place = || form.script("return control('Your name').getBoundingClientRect().top;", &[]);
    let before = place();
    assert_eq!(is_disabled(), false);
    browser.script("endUndo();", &[]);
    assert_eq!(is_disabled(), true);
    assert_eq!(place(), before, "the note keeps its room");
    assert_eq!(form.field("Your name").value(), "");
}

/// A double click on *Start over* must not undo it.
#[test]
fn a_double_click_on_start_over_empties_the_form() {
    let world = &World::start();
    let World { proxy, browser, .. } = world;
    fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[]);
    let form = open_restored(world, 0);
    let button = form.element("return seen(root.querySelector('.df-restored button'));", &[]);
    browser.double_click(&button);
    wait_until("the empty form", || form.field("Your name").value().is_empty());
    assert_eq!(form.read(".df-restored .df-message").as_deref(), Some("The form is empty again."));
}
