//! The browser's JSON as an [`Answer`].

use deal_contract::reply::Reply;
use js_sys::{Array, JSON, Reflect};
use wasm_bindgen::JsValue;

use super::failure::{Answer, Told};

/// What can be understood of an answer's body. Anything else than JSON is nothing.
pub(crate) fn parse(body: &str) -> Answer {
    let Ok(json) = JSON::parse(body) else { return Answer::default() };
    let problems = member(&json, "problems").map(|list| Array::from(&list)).unwrap_or_default();
    Answer {
        reply: Reply::read(&|name| text(&json, name)),
        code: text(&json, "code"),
        problems: problems
            .iter()
            .map(|problem| Told {
                field: text(&problem, "field").unwrap_or_default(),
                message: text(&problem, "message").unwrap_or_default(),
            })
            .collect(),
    }
}

fn member(json: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(json, &JsValue::from_str(name)).ok()?;
    (!value.is_null_or_undefined()).then_some(value)
}

/// A string as it is, a number in its digits.
fn text(json: &JsValue, name: &str) -> Option<String> {
    let value = member(json, name)?;
    value.as_string().or_else(|| {
        // JavaScript's own writing of numbers: Rust's would cost kilobytes of WebAssembly.
        value.is_bigint().then_some(()).or(value.as_f64().map(drop))?;
        JSON::stringify(&value).ok()?.as_string()
    })
}
