//! A trait for reading JSON from any parser.
//!
//! The widget reads the browser's objects, and the proxy reads JSON that serde parsed. A serde
//! deserializer would add 8 kB to the widget, most of it for floating-point numbers, which the
//! contract does not use.

use std::fmt::{self, Formatter};

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A JSON value.
pub trait Json: Sized {
    /// Returns the member with this name, if this is an object and the member is not null.
    fn member(&self, name: &str) -> Option<Self>;
    /// Returns the items, if this is a list.
    fn items(&self) -> Option<Vec<Self>>;
    /// Returns the members with their names, if this is an object.
    fn members(&self) -> Option<Vec<(String, Self)>>;
    /// Returns a string unchanged, or the digits of a number. Returns `None` for any other value.
    fn text(&self) -> Option<String>;
    /// Returns the value, if this is true or false.
    fn boolean(&self) -> Option<bool>;

    /// Returns the text of the member with this name.
    fn member_text(&self, name: &str) -> Option<String> {
        self.member(name)?.text()
    }
}

/// JSON that serde parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// null
    Null,
    /// true or false
    Boolean(bool),
    /// A number, in digits.
    Number(String),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// An object with its members in order.
    Object(Vec<(String, Self)>),
}

impl Json for Value {
    fn member(&self, name: &str) -> Option<Self> {
        let Self::Object(members) = self else { return None };
        let (_, value) = members.iter().find(|(known, _)| known == name)?;
        (*value != Self::Null).then(|| value.clone())
    }

    fn items(&self) -> Option<Vec<Self>> {
        if let Self::List(items) = self { Some(items.clone()) } else { None }
    }

    fn members(&self) -> Option<Vec<(String, Self)>> {
        if let Self::Object(members) = self { Some(members.clone()) } else { None }
    }

    fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn boolean(&self) -> Option<bool> {
        if let Self::Boolean(value) = self { Some(*value) } else { None }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Value;

            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Boolean(value))
            }

            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Number(number.to_string()))
            }

            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Number(number.to_string()))
            }

            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Number(number.to_string()))
            }

            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Value::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Value::Object(members))
            }
        }

        deserializer.deserialize_any(Any)
    }
}
