//! The widget's stylesheet, adopted by the document or shadow root that the form is in.
//!
//! A constructed stylesheet needs no permission of the page's `style-src` and is shared by all
//! forms of a root.

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Node};

/// What `build.rs` makes of the files in `style` and beside the controls.
const STYLES: &str = include_str!(concat!(env!("OUT_DIR"), "/styles.css"));

/// A mark on the stylesheet, so that a root gets it once.
const MARK: &str = "dealForm";

thread_local! {
    static SHEET: Option<CssStyleSheet> = make();
}

fn make() -> Option<CssStyleSheet> {
    let sheet = CssStyleSheet::new().ok()?;
    sheet.replace_sync(STYLES).ok()?;
    Reflect::set(&sheet, &MARK.into(), &JsValue::TRUE).ok()?;
    Some(sheet)
}

/// Without effect where the browser knows no constructed stylesheets: the form then looks plain
/// and works.
pub(super) fn adopt(root: &Node) {
    let sheets = Reflect::get(root, &"adoptedStyleSheets".into()).ok();
    let Some(sheets) = sheets.filter(JsValue::is_object) else { return };
    let sheets = Array::from(&sheets);
    let has = |sheet: JsValue| Reflect::has(&sheet, &MARK.into()).unwrap_or_default();
    if sheets.iter().any(has) {
        return;
    }
    SHEET.with(|sheet| {
        if let Some(sheet) = sheet {
            sheets.push(sheet.unchecked_ref());
            // Assigned anew, not pushed to: before 2023 the list was frozen.
            let _ = Reflect::set(root, &"adoptedStyleSheets".into(), &sheets);
        }
    });
}
