//! Safe output of untrusted text on a terminal.

use std::fmt::Write;

/// Replaces control characters, and characters that change the order of the text, by U+FFFD.
///
/// ```
/// assert_eq!(deal_proxy::printable("a\u{1b}[2Jb\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}c");
/// ```
pub fn printable(text: &str) -> String {
    text.replace(is_obeyed, "\u{fffd}")
}

/// Escapes such characters in JSON, so that its strings keep their values. Outside of strings, JSON
/// only contains line breaks, which stay.
///
/// ```
/// assert_eq!(deal_proxy::printable_json("\"\u{9b}2J\"\n"), "\"\\u009b2J\"\n");
/// ```
pub fn printable_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_obeyed(c) {
            // All of them are below U+10000. Writing to a String cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// Control characters, C1 included, Unicode's `Bidi_Control`, and line and paragraph separators.
fn is_obeyed(c: char) -> bool {
    let order = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    order || c.is_control()
}
