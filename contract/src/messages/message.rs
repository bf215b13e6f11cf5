//! What a text is: a key, and its English wording.

use crate::code::Code;

/// A text that a [`Catalog`](super::Catalog) can say.
pub trait Message: Copy {
    /// Its name in catalogs.
    fn key(self) -> String;
    /// In English; for a number of things, what is said of any number but one.
    fn english(self) -> &'static str;
    /// What is said of one, for a text that differs by number.
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

/// Declares texts with their keys and their English wording. `one` is the wording for a single
/// thing.
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
            /// All of them.
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
