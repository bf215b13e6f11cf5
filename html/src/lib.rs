//! The HTML of a plain form, which works without scripts.
//!
//! The proxy's own pages, the code that authors paste into landing pages, and servers that render
//! `<DealForm>` with Leptos all use this renderer. The renderer does no I/O, and has no clock.
//!
//! This crate is not for browsers: the widget makes its elements itself, because it changes them.

mod answers;
mod condition;
mod control;
mod fallback;
mod formats;
mod hint;
mod localizer;
mod plain_form;
mod questions;
pub mod rich_text;

pub use answers::Answers;
pub use fallback::fallback;
pub use localizer::Localizer;
pub use plain_form::{Lifetime, PlainForm, TitleLevel};
