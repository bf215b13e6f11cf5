//! Matches patterns with the browser's engine.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    type RegExp;

    #[wasm_bindgen(constructor, catch)]
    fn new(pattern: &str, flags: &str) -> Result<RegExp, JsValue>;

    #[wasm_bindgen(method)]
    fn test(this: &RegExp, text: &str) -> bool;
}

pub(super) fn matches(pattern: &str, answer: &str) -> bool {
    let pattern = ["^(?:", pattern, ")$"].concat();
    RegExp::new(&pattern, "u").map_or(true, |pattern| pattern.test(answer))
}
