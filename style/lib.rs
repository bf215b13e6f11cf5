//! The stylesheet of deal-form.
//!
//! The widget and the plain form have the same elements and classes and use the same stylesheet, so
//! that nothing moves when the widget replaces the plain form.

/// The minified stylesheet of the widget, which `build.rs` makes from the CSS files.
pub const STYLESHEET: &str = include_str!(concat!(env!("OUT_DIR"), "/stylesheet.css"));

/// The minified stylesheet of the plain form: the widget's stylesheet, and the rules for what a plain
/// form does without scripts.
pub const PLAIN_STYLESHEET: &str = include_str!(concat!(env!("OUT_DIR"), "/plain.css"));
