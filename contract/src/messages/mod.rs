//! What a form says around its questions: every text of the widget and of the plain page, in
//! English, and how other wordings take their place.
//!
//! A text's key is the same everywhere: in the files of translations, and under `[texts]` in a form
//! definition. What is wrong with an answer is said by [`Code`]; the keys of
//! those sentences are `problems.` and the code.

mod catalog;
mod message;
mod page;
mod widget;

pub use catalog::Catalog;
pub use message::Message;
pub use page::PageMessageKey;
pub use widget::{EarlyMessageKey, MessageKey};

use crate::code::Code;

/// The grammatical numbers that a language may tell apart (CLDR, plural rules).
pub const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// Whether the language of that tag is written from right to left.
///
/// ```
/// use deal_contract::messages::is_right_to_left;
///
/// assert!(is_right_to_left("ar-EG"));
/// assert!(!is_right_to_left("de"));
/// ```
pub fn is_right_to_left(tag: &str) -> bool {
    let language = tag.split('-').next().unwrap_or_default();
    ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(language))
}

/// A text's key, its English wording, and for one that differs by number that of a single thing.
pub type Entry = (String, &'static str, Option<&'static str>);

fn entry(message: impl Message) -> Entry {
    (message.key(), message.english(), message.one())
}

/// Every text.
pub fn all() -> impl Iterator<Item = Entry> {
    EarlyMessageKey::ALL.iter().copied().map(entry).chain(wordable())
}

/// Every text that a form can word in its own way.
pub fn wordable() -> impl Iterator<Item = Entry> {
    let keys = MessageKey::ALL.iter().copied().map(entry);
    let page = PageMessageKey::ALL.iter().copied().map(entry);
    keys.chain(page).chain(Code::ALL.iter().copied().map(entry))
}
