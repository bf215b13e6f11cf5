//! Pictures and files from the clipboard.

use e2e::{FormPage, World, fill_in, freeze_timers, wait_for};
use serde_json::json;

/// Dispatches a paste event on the form's title, with a transparent picture, and with `text` if it is
/// given. Returns whether the form handled the event.
const PASTE: &str = "const text = arguments[1];
    const canvas = document.createElement('canvas');
    return new Promise((done) => canvas.toBlob(done)).then((picture) => {
        const clipboardData = new DataTransfer();
        clipboardData.items.add(new File([picture], 'image.png', { type: 'image/png' }));
        if (text) clipboardData.setData('text/plain', text);
        const event = new ClipboardEvent('paste',
            { bubbles: true, composed: true, cancelable: true });
        // In Firefox, events that a script creates have no clipboard.
        Object.defineProperty(event, 'clipboardData', { value: clipboardData });
        return !root.querySelector('.df-title').dispatchEvent(event);
    });";

/// Spreadsheets and word processors put a picture of copied text on the clipboard, next to the text.
#[test]
fn text_pasted_with_a_picture_of_itself_stays_text() {
    let World { browser, .. } = &World::at("/forms/quote");
    let form = FormPage::ready(browser);
    assert_eq!(form.script(PASTE, &[json!("1 250,00")]), false, "the browser pastes the text");
    assert_eq!(form.script(PASTE, &[json!("")]), true, "the form takes the picture");
    let files = wait_for("the picture", || Some(form.files()).filter(|files| !files.is_empty()));
    assert_eq!(files.len(), 1, "{files:?}");
    assert_eq!(files[0].0, "image.jpg");
}

#[test]
fn transparent_parts_of_a_pasted_picture_become_white() {
    let World { browser, .. } = &World::at("/forms/quote");
    let form = FormPage::ready(browser);
    form.script(PASTE, &[json!("")]);
    // The form draws the thumbnail from the file that it sends.
    let color = "const picture = seen(root.querySelector('.df-thumbnail'));
        return picture && [...picture.getContext('2d').getImageData(5, 5, 1, 1).data];";
    let color = wait_for("the thumbnail", || {
        Some(form.script(color, &[])).filter(|color| !color.is_null())
    });
    assert_eq!(color, json!([255, 255, 255, 255]));
}

#[test]
fn pasting_a_picture_stops_the_countdown() {
    let World { proxy, browser, .. } = &mut World::start();
    let form = fill_in::quote_at(browser, &proxy.url("/forms/quote"), &[]);
    freeze_timers(browser);
    proxy.stop();
    form.submit();
    form.wait_for_countdown();
    let has_countdown =
        "const hasCountdown = () => Boolean(read('.df-activity:has(.df-bar[hidden])'));
        const before = hasCountdown();";
    // The countdown must stop before the picture is converted: a retry would send the form without it.
    let paste = PASTE.replace(
        "return !root.querySelector('.df-title').dispatchEvent(event);",
        "root.querySelector('.df-title').dispatchEvent(event);
        return Promise.resolve().then(() => [before, hasCountdown()]);",
    );
    assert_eq!(form.script(&format!("{has_countdown}{paste}"), &[json!("")]), json!([true, false]));
}
