//! Adds the widget's stylesheet to the document or shadow root of the form.
//!
//! A constructed stylesheet works under any `style-src` policy, and all forms of a root share it.

use deal_form_style::STYLESHEET;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CssStyleSheet, Node};

/// A property that marks the stylesheet, so that it is added to each root only once.
const MARK: &str = "dealForm";

thread_local! {
    static SHEET: Option<CssStyleSheet> = make();
}

fn make() -> Option<CssStyleSheet> {
    let sheet = CssStyleSheet::new().ok()?;
    sheet.replace_sync(STYLESHEET).ok()?;
    Reflect::set(&sheet, &MARK.into(), &JsValue::TRUE).ok()?;
    Some(sheet)
}

/// Adds the stylesheet. In browsers without constructed stylesheets, the form works without styles.
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
            // Assign a new list instead of pushing to it, because browsers before 2023 froze the
            // list.
            let _ = Reflect::set(root, &"adoptedStyleSheets".into(), &sheets);
        }
    });
}
