//! JSON as the contract reads it, whoever parsed it.
//!
//! The widget reads the browser's own objects and the proxy what serde parsed; both through this
//! trait. A serde deserialiser in the page would cost 8 kB of its bundle, most of it for sentences
//! about floating-point numbers, of which the contract has none.

use std::fmt::{self, Formatter};

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A value of JSON.
pub trait Json: Sized {
    /// The member of that name, if this is an object that has it and it is not null.
    fn member(&self, name: &str) -> Option<Self>;
    /// The items, if this is a list.
    fn items(&self) -> Option<Vec<Self>>;
    /// The members with their names, if this is an object.
    fn members(&self) -> Option<Vec<(String, Self)>>;
    /// A text as it is; a number in its digits.
    fn text(&self) -> Option<String>;
    /// True or false.
    fn boolean(&self) -> Option<bool>;

    /// The text of the member of that name.
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
    /// A number, as it is written.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Self>),
    /// An object, its members in their order.
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
