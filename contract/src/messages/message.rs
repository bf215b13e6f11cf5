//! A message: a key and its English text.

use crate::code::Code;

/// A message that a [`Catalog`](super::Catalog) translates.
pub trait Message: Copy {
    /// Returns the key in catalogs.
    fn key(self) -> String;
    /// Returns the English text, or the English plural if the text depends on a number.
    fn english(self) -> &'static str;
    /// Returns the English singular, if the text depends on a number.
    fn one(self) -> Option<&'static str> {
        None
    }
}

impl Message for Code {
    fn key(self) -> String {
        format!("problems.{}", self.as_str())
    }

    fn english(self) -> &'static str {
        Self::english(self)
    }
}

/// Declares messages with their keys and their English text. `one` is the singular.
macro_rules! messages {
    (
        $(#[$meta:meta])*
        pub enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $key:literal: $text:expr $(, one $one:literal)?;)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        impl $name {
            /// All messages of this enum.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];
        }

        impl $crate::messages::Message for $name {
            fn key(self) -> String {
                let key = match self {
                    $(Self::$variant => $key,)+
                };
                key.to_owned()
            }

            fn english(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            fn one(self) -> Option<&'static str> {
                match self {
                    $($(Self::$variant => Some($one),)?)+
                    _ => None,
                }
            }
        }
    };
}
pub(super) use messages;
