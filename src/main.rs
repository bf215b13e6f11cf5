//! The widget's WebAssembly module. It only exports `deal_form::element`, which
//! `embed/deal-form.js` calls.

// Without this line, the linker would drop the library and its exports.
use deal_form as _;

/// An allocator that is faster than the standard library's and a tenth of its size. It supports
/// only one thread, which is enough because browsers run the widget in one thread.
#[cfg(all(target_family = "wasm", not(target_feature = "atomics")))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

fn main() {}
