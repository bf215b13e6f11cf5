//! The widget's WebAssembly module. It only exports `deal_form::element`, which
//! `embed/deal-form.js` calls.

// Without this line, the linker would drop the library and its exports.
use deal_form as _;

/// A tenth of the size of the standard library's allocator, and faster. It supports only one
/// thread; browsers run the widget in one thread.
#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {}
