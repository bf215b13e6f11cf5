//! The value types: each is parsed once from a [normalized](crate::normalize) text, and keeps it.
//!
//! Nothing is converted: a date is never a point in time and an amount never a binary fraction. Every type's error is a
//! [`Code`], whose sentence says what to write instead.

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
mod text_value;

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
pub(crate) use text_value::text_value;

use crate::code::Code;
use crate::kind::TextFormat;

/// Whether a normalized text is a good value of that format.
///
/// # Errors
/// What the type for the format refuses.
pub fn check_text(format: TextFormat, text: &str) -> Result<(), Code> {
    match format {
        TextFormat::SingleLine => text.parse::<SingleLineText>().map(drop),
        TextFormat::MultiLine => text.parse::<MultiLineText>().map(drop),
        TextFormat::Email => text.parse::<Email>().map(drop),
        TextFormat::Phone => text.parse::<Phone>().map(drop),
        TextFormat::SocialProfile => text.parse::<SocialProfile>().map(drop),
        TextFormat::Amount => text.parse::<Amount>().map(drop),
        TextFormat::Tags => text.parse::<Tags>().map(drop),
        TextFormat::Id => text.parse::<PositiveId>().map(drop),
    }
}
