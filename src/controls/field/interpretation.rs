//! The line below an input that shows how the form understood the text (an amount or a day), or how
//! many characters are left.

use deal_contract::check;
use deal_contract::definition::Field as Definition;
use deal_contract::kind::{Kind, TextFormat};
use deal_contract::messages::MessageKey;
use deal_contract::values::{Amount, CalendarDate};
use web_sys::Element;

use super::Maker;
use crate::locale::Locale;

/// The number of characters left is announced only below this number.
const ANNOUNCED_BELOW: usize = 20;

/// The sentence to show.
pub(in crate::controls) struct Interpretation {
    pub(in crate::controls) text: String,
    /// Whether to announce the text when the visitor pauses.
    pub(in crate::controls) is_announced: bool,
}

/// Creates the line. Returns `None` if the field has neither an interpretation nor a maximum
/// length.
pub(in crate::controls) fn line(maker: &Maker<'_>) -> Option<Element> {
    let has_feedback = maker.definition.kind.has_feedback();
    has_feedback.then(|| maker.make("p;class=df-feedback;part=feedback", ""))
}

/// Returns the interpretation of the text, or the number of characters left.
pub(in crate::controls) fn of(
    definition: &Definition,
    text: &str,
    locale: &Locale,
) -> Interpretation {
    let text = locale.normalize(definition, text);
    let interpretation = match definition.kind.kind() {
        Kind::Text(TextFormat::Amount) => {
            text.parse().ok().and_then(|amount: Amount| locale.amount(&amount))
        }
        Kind::Date => text.parse().ok().map(|day: CalendarDate| locale.written_day(day)),
        _ => return count(definition, &text, locale),
    };
    // Do not repeat the text itself.
    let text = interpretation.filter(|shown| *shown != text).unwrap_or_default();
    Interpretation { text, is_announced: false }
}

fn count(definition: &Definition, text: &str, locale: &Locale) -> Interpretation {
    let (length, limit) = (check::length(text), definition.kind.length_limit());
    let text = match limit.checked_sub(length) {
        // Empty while at least half of the characters are left: the number is not needed yet.
        Some(left) if length <= left => String::new(),
        Some(left) => locale.counted(MessageKey::CharactersLeft, left),
        None => locale.counted(MessageKey::CharactersOver, length.saturating_sub(limit)),
    };
    Interpretation { text, is_announced: limit < length.saturating_add(ANNOUNCED_BELOW) }
}
