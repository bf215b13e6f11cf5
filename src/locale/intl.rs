//! Formats numbers, sizes and days with the browser's `Intl`.
//!
//! The calls are in JavaScript, because typed bindings for them are larger than the calls.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/locale/intl.js")]
extern "C" {
    /// Returns the canonical form of a language tag, or `None` if the tag is invalid.
    pub(super) fn canonical(lang: &str) -> Option<String>;

    /// Returns the tag for the formats of a language: `lang`, with the region of the page or the
    /// visitor if it has none.
    pub(super) fn regional(lang: &str, page: Option<&str>) -> String;

    /// Returns the plural category of a count: `one`, `few` … (CLDR).
    pub(super) fn plural(lang: &str, count: u32) -> String;

    /// Formats a number that is given in decimal digits.
    pub(super) fn number(lang: &str, digits: &str) -> String;

    /// Formats a number with a unit (ECMA-402, table of sanctioned units), `short` or `long`.
    pub(super) fn measure(lang: &str, digits: &str, unit: &str, display: &str) -> String;

    /// Formats a day, given as `YYYY-MM-DD`, as a long date.
    pub(super) fn day(lang: &str, text: &str) -> String;

    /// Returns the Punycode form of a domain, or `None` if the domain is invalid.
    fn ascii(domain: &str) -> Option<String>;
}

/// Calls [`ascii`] with the signature that the contract expects.
pub(super) fn domain_to_ascii(domain: &str) -> Option<String> {
    ascii(domain)
}
