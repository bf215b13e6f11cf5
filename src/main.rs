//! The widget as a WebAssembly module for pages: all it does is to carry the exports of
//! `deal_form::element`, which `embed/deal-form.js` calls.

// Without a mention the linker would leave the library, and with it the exports, out.
use deal_form as _;

/// A tenth of the code of the standard library's, and quicker. A browser runs the widget in one
/// thread.
#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {}
