//! The line below an input that says what becomes of the text: how an amount or a day was
//! understood, how many characters are left.

use deal_contract::check;
use deal_contract::definition::FieldKind;
use deal_contract::values::{Amount, CalendarDate};
use deal_contract::words::Word;
use web_sys::Element;

use super::field::Maker;
use crate::locale::Locale;

/// From so few characters left on, a screen reader is told of them.
const FEW: usize = 20;

/// The line, for kinds that have one.
pub(super) fn line(maker: &Maker<'_>) -> Option<Element> {
    let counted = maker.definition.max_length.is_some();
    let read = matches!(maker.definition.kind, FieldKind::Amount | FieldKind::Date);
    (counted || read).then(|| maker.make("p;class=df-beside;part=beside", ""))
}

/// What it says of the text.
pub(super) fn say(
    definition: &deal_contract::definition::Field,
    text: &str,
    locale: &Locale,
) -> Beside {
    let text = locale.normalize(definition, text);
    let read = match definition.kind {
        FieldKind::Amount => text.parse::<Amount>().ok().and_then(|_| locale.amount(&text)),
        FieldKind::Date => text.parse().ok().map(|day: CalendarDate| locale.written_day(day)),
        _ => return count(definition, &text, locale),
    };
    // What was typed the same way need not be said again.
    let said = read.filter(|read| *read != text).unwrap_or_default();
    Beside { said, aloud: false }
}

/// A sentence, and whether a screen reader tells it at once.
pub(super) struct Beside {
    pub(super) said: String,
    pub(super) aloud: bool,
}

fn count(definition: &deal_contract::definition::Field, text: &str, locale: &Locale) -> Beside {
    let (length, limit) = (check::length(text), definition.length_limit());
    let said = match limit.checked_sub(length) {
        // Nobody counts while most of the room is left, and the line would move what is below.
        Some(left) if length <= left => String::new(),
        Some(left) => locale.counted(Word::CharactersLeft, left),
        None => locale.counted(Word::CharactersOver, length.saturating_sub(limit)),
    };
    Beside { said, aloud: limit < length.saturating_add(FEW) }
}
