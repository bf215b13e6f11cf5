//! Compares the contract's verdicts in WebAssembly with the native ones.

use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../../contract/tests/verdicts/cases.rs"]
mod cases;

const NATIVE: &str = include_str!("../../contract/tests/verdicts/verdicts.txt");

#[wasm_bindgen_test]
fn the_page_and_the_proxy_reach_the_same_verdicts() {
    cases::compare(NATIVE);
}
