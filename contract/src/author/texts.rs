//! The `[texts]` of a form definition: the author's own wording.

use super::reader::{Reader, Table, listed, nearest};
use super::tree::{Entry, Node, Place, Value};
use crate::messages::{self, CATEGORIES};
use crate::template::placeholders;

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> Vec<(String, String)> {
    let Some(node) = form.take("texts") else { return Vec::new() };
    let Some(mut table) = Table::open(reader, node, "texts") else { return Vec::new() };
    let mut texts = Vec::new();
    for entry in table.take_rest() {
        read(reader, "", entry, &mut texts);
    }
    texts
}

/// A text, or a table of texts whose keys begin alike.
fn read(reader: &mut Reader<'_>, prefix: &str, entry: Entry, texts: &mut Vec<(String, String)>) {
    let key = format!("{prefix}{}", entry.name);
    let Node { at, value } = entry.node;
    match value {
        Value::Table(entries) => {
            for entry in entries {
                read(reader, &format!("{key}."), entry, texts);
            }
        }
        Value::Text(text) if !text.trim().is_empty() => {
            let Some(original) = original(&key) else {
                reader.mistake(entry.at, unknown(&key));
                return;
            };
            check_places(reader, &key, &text, original, at);
            texts.push((key, text));
        }
        Value::Text(_) => {
            reader.mistake(at, format!("`{key}` is empty; write a text or leave it out"));
        }
        other => {
            let noun = other.noun();
            reader.mistake(at, format!("`{key}` takes a text in quotes, but here is {noun}"));
        }
    }
}

/// The English text of that key. Where it differs by number, each number has a key of its own.
fn original(key: &str) -> Option<&'static str> {
    messages::wordable().find_map(|(known, text, one)| {
        let category = key.strip_prefix(&known)?;
        let numbered = one.is_some()
            && category.strip_prefix('.').is_some_and(|name| CATEGORIES.contains(&name));
        (category.is_empty() || numbered).then_some(text)
    })
}

fn unknown(key: &str) -> String {
    let keys: Vec<String> = messages::wordable().map(|(key, _, _)| key).collect();
    match nearest(key, keys.iter().map(String::as_str)) {
        Some(near) => format!("there is no text `{key}`; did you mean `{near}`?"),
        None => format!("there is no text `{key}`; `deal-proxy texts` lists all"),
    }
}

fn check_places(reader: &mut Reader<'_>, key: &str, text: &str, original: &str, at: Place) {
    let allowed = placeholders(original);
    for place in placeholders(text) {
        if !allowed.contains(&place) {
            let hint = if allowed.is_empty() {
                "it has no places for words".to_owned()
            } else {
                let names: Vec<String> = allowed.iter().map(|name| format!("{{{name}}}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("there are {}", listed(&names))
            };
            reader.mistake(at, format!("`{key}` has no place `{{{place}}}`; {hint}"));
        }
    }
}
