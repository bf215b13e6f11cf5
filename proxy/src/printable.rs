//! Safe output of untrusted text on a terminal.

use std::fmt::Write;

/// Replaces control characters, line and paragraph separators, and characters that change the text direction with
/// U+FFFD.
///
/// ```
/// assert_eq!(deal_proxy::printable("a\u{1b}[2Jb\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}c");
/// ```
pub fn printable(text: &str) -> String {
    text.replace(is_unsafe, "\u{fffd}")
}

/// Escapes the same characters in JSON, without changing the values of the strings. Line breaks, the
/// only control characters outside the strings, stay.
///
/// ```
/// assert_eq!(deal_proxy::printable_json("\"\u{9b}2J\"\n"), "\"\\u009b2J\"\n");
/// ```
pub fn printable_json(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_unsafe(c) {
            // All these characters are below U+10000. Writing to a String cannot fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        } else {
            text.push(c);
        }
    }
    text
}

/// Returns whether the character is a control character (C0 or C1), in Unicode's `Bidi_Control`, or a
/// line or paragraph separator.
fn is_unsafe(c: char) -> bool {
    let is_separator_or_bidi = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    is_separator_or_bidi || c.is_control()
}
