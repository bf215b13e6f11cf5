//! The HTML of a plain form, which works without scripts.
//!
//! One renderer for the proxy's own pages, for the code that authors paste into landing pages, and for
//! servers that render `<DealForm>` with Leptos. It does no input and output, and has no clock.
//!
//! It is not for browsers: the widget makes its elements itself, because it changes them.

mod answers;
mod condition;
mod control;
mod fallback;
mod localizer;
mod plain_form;
mod questions;
pub mod rich_text;

pub use answers::Answers;
pub use fallback::fallback;
pub use localizer::Localizer;
pub use plain_form::PlainForm;
