//! The placeholders for answers in a preset: `Quote for {company_name|contact_name}`.

use super::hidden::ParsedHidden;
use super::parsed_fields::ParsedFields;
use super::reader::{Reader, suggestion};
use super::tree::Position;
use crate::definition::{Field, PresetPiece};
use crate::kind::Kind;
use crate::parameter;

/// The placeholder for all questions with their answers.
const ANSWERS: &str = "answers";
/// The placeholder for the answers and hidden values that belong to custom fields.
const CUSTOM_FIELDS: &str = "custom_fields";

/// The placeholder for the words of the checkboxes, the answers and the time.
const CONSENT: &str = "consent";
/// The placeholders for several answers. They keep this meaning even if a question has the same
/// name.
const GENERATED: [&str; 3] = [ANSWERS, CUSTOM_FIELDS, CONSENT];

/// The names that can be used in braces in a form's presets.
pub(super) struct Placeholders<'a> {
    pub(super) fields: &'a ParsedFields,
    pub(super) hidden: &'a [ParsedHidden],
}

impl Placeholders<'_> {
    /// Splits a preset's text into pieces. Returns `None` if the text has a mistake.
    pub(super) fn pieces(
        &self,
        reader: &mut Reader<'_>,
        at: Position,
        text: &str,
    ) -> Option<Vec<PresetPiece>> {
        let parts = match parts(text) {
            Ok(parts) => parts,
            Err(brace) => {
                let message =
                    format!("`{brace}` is unpaired (for a brace, write `{brace}{brace}`)");
                reader.report(at, message);
                return None;
            }
        };
        let pieces: Vec<_> = parts.into_iter().map(|part| self.piece(reader, at, part)).collect();
        pieces.into_iter().collect()
    }

    fn piece(&self, reader: &mut Reader<'_>, at: Position, part: Part<'_>) -> Option<PresetPiece> {
        match part {
            Part::Text(text) => Some(PresetPiece::Text(text)),
            Part::Placeholder(ANSWERS) => {
                let all = text_fields(self.fields).map(|field| field.parameter.clone());
                Some(PresetPiece::List(all.collect()))
            }
            Part::Placeholder(CUSTOM_FIELDS) => {
                let custom = self.known().filter(|name| parameter::find(name).is_none());
                Some(PresetPiece::List(custom.map(str::to_owned).collect()))
            }
            Part::Placeholder(CONSENT) => self.consent(reader, at),
            Part::Placeholder(placeholder) => {
                let unknown = names(placeholder).find(|name| !self.is_known(name));
                if let Some(name) = unknown {
                    self.report_unknown(reader, at, name);
                    return None;
                }
                Some(PresetPiece::First(names(placeholder).map(str::to_owned).collect()))
            }
        }
    }

    /// Reports a mistake if the form has no checkbox, unless a field could not be read.
    fn consent(&self, reader: &mut Reader<'_>, at: Position) -> Option<PresetPiece> {
        let flags = text_fields(self.fields).filter(|field| field.kind.kind() == Kind::Flag);
        let questions: Vec<_> = flags.map(|field| field.parameter.clone()).collect();
        if questions.is_empty() && self.fields.is_complete {
            let message = "`{consent}` is empty, because the form has no question of the kind `flag`; add \
                           one, or remove `{consent}`";
            reader.report(at, message);
            return None;
        }
        Some(PresetPiece::Consent(questions))
    }

    fn is_known(&self, name: &str) -> bool {
        self.known().any(|known| known == name)
    }

    fn known(&self) -> impl Iterator<Item = &str> + Clone {
        let hidden = self.hidden.iter().map(|parsed| parsed.hidden.parameter.as_str());
        text_fields(self.fields).map(|field| field.parameter.as_str()).chain(hidden)
    }

    /// Reports an unknown name, unless it may belong to a question that could not be read.
    fn report_unknown(&self, reader: &mut Reader<'_>, at: Position, name: &str) {
        if self.fields.is_complete {
            let names = self.known().filter(|name| !GENERATED.contains(name)).chain(GENERATED);
            let names: Vec<&str> = names.collect();
            let hint = suggestion(name, &names);
            let message =
                format!("the form has no question `{name}`; {hint} (for a brace, write `{{{{`)");
            reader.report(at, message);
        }
    }
}

/// Returns the questions with text answers.
fn text_fields(fields: &ParsedFields) -> impl Iterator<Item = &Field> + Clone {
    fields.list.iter().map(|parsed| &parsed.field).filter(|field| !field.takes_files())
}

/// Returns the names in a placeholder. The first name that has an answer is used.
fn names(placeholder: &str) -> impl Iterator<Item = &str> {
    placeholder.split('|').map(str::trim)
}

enum Part<'a> {
    Text(String),
    Placeholder(&'a str),
}

/// If the text starts with `{{` or `}}`, returns the single brace and the rest of the text.
fn doubled(text: &str) -> Option<(char, &str)> {
    let opening = text.strip_prefix("{{").map(|after| ('{', after));
    opening.or_else(|| text.strip_prefix("}}").map(|after| ('}', after)))
}

/// Splits text into pieces. `{{` and `}}` stand for single braces.
///
/// # Errors
/// Returns the brace that is not part of a pair.
fn parts(text: &str) -> Result<Vec<Part<'_>>, char> {
    let (mut parts, mut plain, mut rest) = (Vec::new(), String::new(), text);
    while let Some(at) = rest.find(['{', '}']) {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        if let Some((brace, after)) = doubled(from) {
            plain.push(brace);
            rest = after;
            continue;
        }
        let inside = from.strip_prefix('{').ok_or('}')?;
        let (placeholder, after) = inside.split_once('}').ok_or('{')?;
        if !plain.is_empty() {
            parts.push(Part::Text(std::mem::take(&mut plain)));
        }
        parts.push(Part::Placeholder(placeholder.trim()));
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(Part::Text(plain));
    }
    Ok(parts)
}
