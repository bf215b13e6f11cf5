//! Compares the contract's results in WebAssembly with the native results.

use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../../contract/tests/verdicts/cases.rs"]
mod cases;

const NATIVE: &str = include_str!("../../contract/tests/verdicts/verdicts.txt");

#[wasm_bindgen_test]
fn browser_results_match_the_native_ones() {
    cases::compare(NATIVE);
}
