//! A file's content with its places, the same for every format.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::{Place, Reader};
use crate::json::Value as Json;

/// A value and where it stands.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Place,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    /// A number or a date without quotes, as it is written.
    Bare(String),
    Boolean(bool),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) at: Place,
    pub(super) node: Node,
}

impl Value {
    /// What it is, in words.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Bare(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Reads TOML; what its parser finds wrong becomes mistakes, and the rest is read all the same.
pub(super) fn from_toml(text: &str, reader: &mut Reader<'_>) -> Option<Node> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let at = error.span().map(|span| span.start);
        reader.mistake(at, format!("this is not TOML: {}", error.message()));
    }
    // What a broken file says beyond its breaks is guesswork: those first.
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

/// From a format that does not tell places.
impl From<Json> for Node {
    fn from(json: Json) -> Self {
        let value = match json {
            // Said by nobody, so an empty text says it best.
            Json::Null => Value::Text(String::new()),
            Json::Boolean(flag) => Value::Boolean(flag),
            Json::Number(number) => Value::Bare(number),
            Json::Text(text) => Value::Text(text),
            Json::List(items) => Value::List(items.into_iter().map(Self::from).collect()),
            Json::Object(members) => Value::Table(
                members
                    .into_iter()
                    .map(|(name, node)| Entry { name, at: None, node: node.into() })
                    .collect(),
            ),
        };
        Self { at: None, value }
    }
}
