//! The messages of the widget and the plain page in English, and how translations and form files
//! replace them.
//!
//! A message has the same key in the translation files and under `[texts]` in a form file. The
//! sentences about problems are in [`Code`]; the key of such a sentence is `problems.` followed by
//! the code.

mod catalog;
mod language;
mod message;
mod page;
mod widget;

pub use catalog::Catalog;
pub use language::{
    catalog_name, is_right_to_left, loading, primary_language, region, without_register,
};
pub use message::Message;
pub use page::PageMessageKey;
pub use widget::{EarlyMessageKey, MessageKey};

use crate::code::Code;

/// The plural categories of all languages (CLDR, plural rules).
pub const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A message's key, its English text, and, if the text depends on a number, its English singular.
pub type Entry = (String, &'static str, Option<&'static str>);

fn entry(message: impl Message) -> Entry {
    (message.key(), message.english(), message.one())
}

/// Returns all messages.
pub fn all() -> impl Iterator<Item = Entry> {
    EarlyMessageKey::ALL.iter().copied().map(entry).chain(wordable())
}

/// Returns all messages that a form file can replace.
pub fn wordable() -> impl Iterator<Item = Entry> {
    let keys = MessageKey::ALL.iter().copied().map(entry);
    let page = PageMessageKey::ALL.iter().copied().map(entry);
    keys.chain(page).chain(Code::ALL.iter().copied().map(entry))
}
