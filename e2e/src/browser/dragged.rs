//! Files dropped on a page, where the driver cannot hold them over it.

use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::Browser;
use crate::Sample;

/// As browsers do it: what a page does not take on the way over it would be opened in its stead.
const DROP: &str = "const [place, files] = arguments;
    const dataTransfer = new DataTransfer();
    for (const { name, content } of files) {
        const bytes = Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
    }
    return ['dragenter', 'dragover', 'drop'].filter((type) => place.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true })));";

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
    let left_to_the_browser = browser.script(DROP, &[place, json!(files)]);
    assert_eq!(left_to_the_browser, json!([]), "the browser would open the files");
}
