//! The widget as a WebAssembly module for pages: all it does is to carry the exports of
//! [`deal_form::element`], which `embed/deal-form.js` calls.

// Without a mention the linker would leave the library, and with it the exports, out.
use deal_form as _;

fn main() {}
