//! A file's content with its places, the same for every format.

use crate::json::Value as Json;

/// A byte's offset in the file, where the format tells it.
pub(super) type Place = Option<usize>;

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
