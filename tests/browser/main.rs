//! The widget in a real browser: `wasm-pack test --headless --chrome --features element -p deal-form`.
//!
//! What a visitor sees and does without a proxy; the journeys in `e2e/` send.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a helper of a test fails by panicking"
)]

mod attachments;
#[cfg(feature = "element")]
mod element;
mod failure;
mod fallback;
mod fields;
mod flow;
mod languages;
mod page;
mod parts;
mod summary;
mod tags;
mod verdicts;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
