//! The widget in a browser: `wasm-pack test --headless --chrome --features element -p deal-form`.
//!
//! These tests have no proxy; the end-to-end tests in `e2e/` test the form with a proxy.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests and their helpers fail by panicking"
)]

mod attachments;
mod choices;
mod component;
mod controls;
#[cfg(feature = "element")]
mod element;
mod failure;
mod fallback;
mod fields;
mod flow;
mod hydration;
mod languages;
mod page;
mod parts;
mod rich_text;
mod server_page;
mod summary;
mod tags;
mod verdicts;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
