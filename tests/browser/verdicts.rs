//! What the contract says in WebAssembly is what it says natively: the judge in the page and the one
//! in the proxy are one.

use wasm_bindgen_test::wasm_bindgen_test;

#[path = "../../contract/tests/verdicts/cases.rs"]
mod cases;

const NATIVE: &str = include_str!("../../contract/tests/verdicts/verdicts.txt");

#[wasm_bindgen_test]
fn the_page_and_the_proxy_reach_the_same_verdicts() {
    cases::compare(NATIVE);
}
