//! The value types. Each type is parsed from [normalized](crate::normalize) text and keeps this
//! text.
//!
//! Values are not converted: a date is never a point in time, and an amount is never a binary
//! fraction. The error of each type is a [`Code`], whose sentence says what to enter instead.

mod amount;
pub mod choices;
mod date;
mod decimal;
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
pub use decimal::{Decimal, NotDecimal};
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

/// Checks whether a normalized text is a valid value of a format.
///
/// # Errors
/// The error of the type for the format.
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
