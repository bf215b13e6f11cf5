//! Drops files on a page with events from a script, for drivers that cannot drag files.

use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::session::Browser;
use crate::files::Sample;

/// Drops the files if the page accepts them during `dragover`, as a browser does. Returns whether
/// the page has accepted them. (If a page does not accept files, a browser opens them in place of
/// the page.)
const DROP: &str = "const [target, files] = arguments;
    const dataTransfer = new DataTransfer();
    for (const { name, content } of files) {
        const bytes = Uint8Array.from(atob(content), (byte) => byte.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], name));
    }
    const accepts = (type) => !target.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true }));
    accepts('dragenter');
    return accepts('dragover') && accepts('drop');";

/// Drops files on an element.
pub(super) fn drop_files(browser: &Browser, target: &WebElement, files: &[&Sample]) {
    let files: Vec<Value> = files
        .iter()
        .map(|file| {
            let content = BASE64_STANDARD.encode(fs::read(&file.path).unwrap());
            json!({ "name": file.name, "content": content })
        })
        .collect();
    let target = target.to_json().unwrap();
    let is_accepted = browser.script(DROP, &[target, json!(files)]);
    assert_eq!(is_accepted, true, "the browser would open the files");
}
