//! Reads TOML into a [tree](super::tree).

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::Reader;
use super::tree::{Entry, Node, Value};

/// Reads a file. Returns `None` if the file is not valid TOML, and reports the parser's errors.
pub(super) fn read(text: &str, reader: &mut Reader<'_>) -> Option<Node> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map(|span| span.start);
        reader.report(at, format!("invalid TOML: {}", error.message()));
    }
    // Stop if the file is invalid: the parser guesses the rest of it, so mistakes found there could
    // be wrong.
    errors.is_empty().then(|| {
        let at = Some(table.span().start);
        Node { at, value: table_value(table.into_inner()) }
    })
}

fn table_value(table: DeTable<'_>) -> Value {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(name, node)| Entry {
            at: Some(name.span().start),
            name: name.into_inner().into_owned(),
            node: toml_node(node),
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    Value::Table(entries)
}

fn toml_node(node: Spanned<DeValue<'_>>) -> Node {
    let at = Some(node.span().start);
    let value = match node.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Bare(number.to_string()),
        DeValue::Float(number) => Value::Bare(number.to_string()),
        DeValue::Datetime(date) => Value::Bare(date.to_string()),
        DeValue::Boolean(flag) => Value::Boolean(flag),
        DeValue::Array(items) => Value::List(items.into_iter().map(toml_node).collect()),
        DeValue::Table(table) => table_value(table),
    };
    Node { at, value }
}
