//! The `[texts]` table of a form definition.

use super::reader::{Reader, Table, nearest, one_of};
use super::tree::{Entry, Node, Position, Value};
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

/// Reads a message, or a table of messages whose keys have the same prefix.
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
                reader.report(entry.at, unknown_text(&key));
                return;
            };
            check_placeholders(reader, &key, &text, original, at);
            texts.push((key, text));
        }
        Value::Text(_) => {
            reader.report(at, format!("`{key}` is empty; write some text or remove it"));
        }
        other => {
            let noun = other.noun();
            reader.report(at, format!("`{key}` takes text in quotes, not {noun}"));
        }
    }
}

/// Returns the English text for a key, or `None` if no message has this key. If a message depends
/// on a number, each plural category has its own key.
fn original(key: &str) -> Option<&'static str> {
    messages::wordable().find_map(|(known, text, one)| {
        let category = key.strip_prefix(&known)?;
        let is_plural = one.is_some()
            && category.strip_prefix('.').is_some_and(|name| CATEGORIES.contains(&name));
        (category.is_empty() || is_plural).then_some(text)
    })
}

fn unknown_text(key: &str) -> String {
    let keys: Vec<String> = messages::wordable().map(|(key, _, _)| key).collect();
    match nearest(key, keys.iter().map(String::as_str)) {
        Some(near) => format!("unknown text `{key}`; did you mean `{near}`?"),
        None => format!("unknown text `{key}`; `deal-proxy texts` lists all texts"),
    }
}

pub(super) fn check_placeholders(
    reader: &mut Reader<'_>,
    key: &str,
    text: &str,
    original: &str,
    at: Position,
) {
    let allowed = placeholders(original);
    for placeholder in placeholders(text) {
        if !allowed.contains(&placeholder) {
            let hint = if allowed.is_empty() {
                "remove it".to_owned()
            } else {
                let names: Vec<String> = allowed.iter().map(|name| format!("{{{name}}}")).collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                format!("use {}", one_of(&names))
            };
            reader.report(
                at,
                format!("`{key}` does not support the placeholder `{{{placeholder}}}`; {hint}"),
            );
        }
    }
}
