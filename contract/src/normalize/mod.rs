//! Normalizes typed answers before they are checked and sent.
//!
//! Visitors paste control characters, use the digits of their script, and write a currency sign
//! before an amount. The form rewrites such answers instead of rejecting them. The widget
//! normalizes an answer when the visitor leaves its field, so that the visitor sees the value that
//! will be sent. The proxy normalizes each submission, so that the CRM gets the same values from
//! plain forms and API clients.
//!
//! A text that cannot be interpreted keeps its wording, and [`check`](crate::check) reports the
//! problem. Normalizing twice changes nothing, and normalizing never changes the meaning of a valid
//! answer.

mod amount;
mod date;
mod email;
mod file_name;
mod phone;

pub(crate) use date::is_separator;
pub use date::{DateNotation, date};
pub use email::DomainToAscii;
pub use file_name::file_name;

use crate::characters::{self, map, text, trim, trimmed};
use crate::definition::{Choice, Field, FieldKind, HIDDEN_LIMIT};
use crate::kind::TextFormat;
use crate::values::choices::{self, OTHER};
use crate::values::is_comma;

/// Returns the answer to check and send. `dates` is the date notation of the form's language.
///
/// ```
/// use deal_contract::definition::{Field, FieldKind};
/// use deal_contract::kind::TextFormat;
/// use deal_contract::normalize::{DateNotation, normalize};
///
/// let german = |field, typed| normalize(field, typed, DateNotation::of("de"), |_| None);
/// let date = Field::new("expected_closing_date", FieldKind::DATE, "Start");
/// assert_eq!(german(&date, "31.12.26"), "2026-12-31");
/// let amount = Field::new("expected_closing_amount", TextFormat::Amount, "Budget");
/// assert_eq!(german(&amount, "€ 1’250.00"), "1250.00");
/// ```
pub fn normalize(
    field: &Field,
    typed: &str,
    dates: DateNotation,
    domain_to_ascii: DomainToAscii,
) -> String {
    match &field.kind {
        FieldKind::Text { format, .. } => match format {
            TextFormat::SingleLine => line(typed),
            TextFormat::MultiLine => text(typed, '\n').iter().collect(),
            TextFormat::Email => email::normalize(typed, domain_to_ascii),
            TextFormat::Phone => phone::normalize(typed),
            TextFormat::SocialProfile => trimmed(&map(typed, characters::address)),
            TextFormat::Amount => amount::normalize(typed),
            TextFormat::Tags => tags(typed),
            TextFormat::Id => trimmed(&map(typed, characters::keyboard)),
        },
        FieldKind::Date { .. } => date(typed, dates),
        FieldKind::Choice { other: true, .. } => {
            Some(line(typed)).filter(|it| it != OTHER).unwrap_or_default()
        }
        FieldKind::Choices { options, .. } => choices(options, typed),
        // Visitors do not type these answers.
        FieldKind::Flag { .. } | FieldKind::Choice { .. } | FieldKind::Attachments { .. } => {
            typed.trim().to_owned()
        }
    }
}

/// Returns the hidden value to send: one line, cut at [`HIDDEN_LIMIT`] characters.
///
/// ```
/// use deal_contract::normalize::hidden;
///
/// assert_eq!(hidden(" spring\n2026\0 "), "spring 2026");
/// ```
pub fn hidden(value: &str) -> String {
    let line = text(value, ' ');
    let line = trim(&line, char::is_whitespace);
    trimmed(line.get(..HIDDEN_LIMIT).unwrap_or(line))
}

pub(crate) fn line(typed: &str) -> String {
    trimmed(&text(typed, ' '))
}

/// Returns the tags, separated by `, `, without empty tags.
fn tags(typed: &str) -> String {
    let line = text(typed, ' ');
    let mut normal = String::new();
    for tag in line.split(|c| is_comma(*c)) {
        let tag = trimmed(tag);
        if !tag.is_empty() {
            normal.push_str(if normal.is_empty() { "" } else { ", " });
            normal.push_str(&tag);
        }
    }
    normal
}

/// Returns the answers, without duplicates: first the options in the form's order, then other
/// answers.
fn choices(options: &[Choice], typed: &str) -> String {
    let line = line(typed);
    let answers: Vec<&str> = choices::parts(&line).filter(|answer| *answer != OTHER).collect();
    let chosen = options.iter().map(|option| &*option.value);
    let mut normal = Vec::new();
    for answer in chosen.filter(|value| answers.contains(value)).chain(answers.iter().copied()) {
        if !normal.contains(&answer) {
            normal.push(answer);
        }
    }
    normal.join(", ")
}

/// Adds another value that a plain form has sent for a question: the next of several choices, or
/// the text beside *Other*. Other kinds keep their first value.
///
/// ```
/// use deal_contract::definition::{Choice, FieldKind};
/// use deal_contract::normalize::add_value;
/// use deal_contract::values::choices::OTHER;
///
/// let kind = FieldKind::Choice { options: Vec::new(), control: None, other: true };
/// let mut answer = OTHER.to_owned();
/// add_value(&kind, &mut answer, "A podcast");
/// assert_eq!(answer, "A podcast");
/// ```
pub fn add_value(kind: &FieldKind, answer: &mut String, value: &str) {
    if value.trim().is_empty() {
        return;
    }
    let is_open = answer.trim().is_empty() || answer == OTHER;
    match kind {
        FieldKind::Choices { .. } | FieldKind::Choice { other: true, .. } if is_open => {
            value.clone_into(answer);
        }
        // The text beside *Other* is added even if the visitor has not chosen *Other*.
        FieldKind::Choices { .. } | FieldKind::Choice { other: true, .. } if value != OTHER => {
            choices::push(answer, value);
        }
        _ => {}
    }
}
