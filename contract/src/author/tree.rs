//! The content of a form file in any format, with the positions of its values.

use crate::json::Value as Json;

/// A byte offset in the file. `None` if the format does not report positions.
pub(super) type Position = Option<usize>;

/// A value and its position.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) at: Position,
    pub(super) value: Value,
}

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    /// A number or a date without quotes, as written.
    Bare(String),
    Boolean(bool),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) at: Position,
    pub(super) node: Node,
}

impl Value {
    /// Returns the name of the value's type, for a message.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Bare(_) => "a number",
            Self::Boolean(_) => "true or false",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

/// Converts JSON, which has no positions.
impl From<Json> for Node {
    fn from(json: Json) -> Self {
        let value = match json {
            // Reported as an empty value.
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
