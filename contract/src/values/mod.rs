//! The value types: each is parsed once from a [normalized](crate::normalize) text, and keeps it.
//!
//! Nothing is converted: a date is never a point in time and an amount never a binary fraction. Every type's error is a
//! [`Code`](crate::code::Code), whose sentence says what to write instead.

mod amount;
mod date;
mod email;
mod flag;
mod phone;
mod positive_id;
mod resolution;
mod social_profile;
mod tags;
mod text;

pub use amount::Amount;
pub use date::CalendarDate;
pub use email::Email;
pub use flag::FlagValue;
pub use phone::Phone;
pub use positive_id::PositiveId;
pub use resolution::Resolution;
pub use social_profile::SocialProfile;
pub use tags::{Tags, is_comma};
pub use text::{MultiLineText, SingleLineText};

/// A value that is its text: [`Display`](std::fmt::Display) gives back what was parsed.
macro_rules! text_value {
    ($type:ident) => {
        impl $type {
            /// The text as it was parsed.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use text_value;
