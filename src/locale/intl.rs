//! How a language writes numbers, sizes and days: the browser's `Intl`.
//!
//! In JavaScript, because a call through typed bindings weighs more than the call itself.

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(module = "/src/locale/intl.js")]
extern "C" {
    /// The language tag as it is usually written; nothing where it is none.
    pub(super) fn canonical(lang: &str) -> Option<String>;

    /// The grammatical number of a count: `one`, `few` … (CLDR).
    pub(super) fn plural(lang: &str, count: u32) -> String;

    /// A number in decimal digits.
    pub(super) fn number(lang: &str, digits: &str) -> String;

    /// A number of a unit (ECMA-402, table of sanctioned units), `short` or `long`.
    pub(super) fn measure(lang: &str, digits: &str, unit: &str, display: &str) -> String;

    /// A day given as `YYYY-MM-DD`, in words.
    pub(super) fn day(lang: &str, text: &str) -> String;

    /// The Punycode of a domain; none if it is not a domain.
    fn ascii(domain: &str) -> Option<String>;
}

/// [`ascii`] with the signature that the contract expects.
pub(super) fn domain_to_ascii(domain: &str) -> Option<String> {
    ascii(domain)
}
