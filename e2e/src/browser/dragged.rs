//! Files dropped on a page, where the driver cannot hold them over it.

use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::session::Browser;
use crate::files::Sample;

/// As browsers do it: what a page does not take while it is held over it, and when it is dropped, they
/// open in its stead.
const DROP: &str = "const [place, files] = arguments;
    const dataTransfer = new DataTransfer();
    for (const { name, content } of files) {
        const bytes = Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
    }
    const taken = (type) => !place.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
    taken('dragenter');
    return taken('dragover') && taken('drop');";

/// Drops the files there, by events that a script makes.
pub(super) fn drop_files(browser: &Browser, place: &WebElement, files: &[&Sample]) {
    let files: Vec<Value> = files
        .iter()
        .map(|file| {
            let content = BASE64_STANDARD.encode(fs::read(&file.path).unwrap());
            json!({ "name": file.name, "content": content })
        })
        .collect();
    let place = place.to_json().unwrap();
    let taken = browser.script(DROP, &[place, json!(files)]);
    assert_eq!(taken, true, "the browser would open the files");
}
