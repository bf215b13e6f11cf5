//! The `lang` of a form definition.

use super::reader::{Reader, Table};

/// Reads the language of the form's texts.
pub(super) fn read(reader: &mut Reader<'_>, table: &mut Table) -> Option<String> {
    let tag = table.take_located_text(reader, "lang")?;
    if !is_language_tag(&tag.value) {
        reader.report(tag.at, "`lang` takes a language tag, such as \"de\" or \"pt-BR\"");
    }
    Some(tag.value)
}

/// Returns whether the text is a language tag (BCP 47): 2 to 8 letters, then parts of up to 8 letters
/// and digits, each after a hyphen.
pub(super) fn is_language_tag(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().is_some_and(|part| {
        (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphabetic())
    });
    language
        && parts.all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}
