//! The placeholders for answers in a preset: `Quote for {company_name|contact_name}`.

use super::hidden::ParsedHidden;
use super::parsed_fields::ParsedFields;
use super::reader::{Reader, suggestion};
use super::tree::Position;
use crate::definition::{Field, PresetPiece};
use crate::parameter;

/// All questions with their answers.
const ANSWERS: &str = "answers";
/// The answers and hidden values for custom fields that no preset mentions.
const CUSTOM_FIELDS: &str = "custom_fields";

/// The names that can be used in braces in a form's presets.
pub(super) struct Placeholders<'a> {
    fields: &'a ParsedFields,
    hidden: &'a [ParsedHidden],
    /// The custom fields that no preset mentions.
    unnamed: Vec<String>,
    /// Whether a preset lists answers.
    has_list: bool,
}

impl<'a> Placeholders<'a> {
    /// `texts` are the values of all presets.
    pub(super) fn new<'t>(
        fields: &'a ParsedFields,
        hidden: &'a [ParsedHidden],
        texts: impl Iterator<Item = &'t str>,
    ) -> Self {
        let parts = texts.flat_map(|text| parts(text).into_iter().flatten());
        let named: Vec<&str> = parts.flat_map(|part| part.names()).collect();
        let is_named = |name: &str| named.contains(&name);
        let custom = names_of(fields, hidden).filter(|name| parameter::find(name).is_none());
        let unnamed = custom.filter(|name| !is_named(name)).map(str::to_owned).collect();
        let has_list = is_named(ANSWERS) || is_named(CUSTOM_FIELDS);
        Self { fields, hidden, unnamed, has_list }
    }

    /// The pieces of a preset's text; none if there is a mistake in it.
    pub(super) fn pieces(
        &self,
        reader: &mut Reader<'_>,
        at: Position,
        text: &str,
    ) -> Option<Vec<PresetPiece>> {
        let parts = match parts(text) {
            Ok(parts) => parts,
            Err(brace) => {
                let message = format!(
                    "`{brace}` is not part of a pair (for a brace, write `{brace}{brace}`)"
                );
                reader.report(at, message);
                return None;
            }
        };
        let pieces: Vec<_> = parts.into_iter().map(|part| self.piece(reader, at, part)).collect();
        pieces.into_iter().collect()
    }

    /// The visitor's note with the values for custom fields below it. None if presets contain these values.
    pub(super) fn note(&self) -> Option<Vec<PresetPiece>> {
        if self.unnamed.is_empty() || self.has_list {
            return None;
        }
        let mut pieces = Vec::new();
        if self.is_known("note") {
            pieces.push(PresetPiece::First(vec!["note".to_owned()]));
            pieces.push(PresetPiece::Text("\n\n".to_owned()));
        }
        pieces.push(PresetPiece::List(self.unnamed.clone()));
        Some(pieces)
    }

    fn piece(&self, reader: &mut Reader<'_>, at: Position, part: Part<'_>) -> Option<PresetPiece> {
        match part {
            Part::Text(text) => Some(PresetPiece::Text(text)),
            Part::Placeholder(ANSWERS) => {
                let all = text_fields(self.fields).map(|field| field.parameter.clone());
                Some(PresetPiece::List(all.collect()))
            }
            Part::Placeholder(CUSTOM_FIELDS) => Some(PresetPiece::List(self.unnamed.clone())),
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

    fn is_known(&self, name: &str) -> bool {
        self.known().any(|known| known == name)
    }

    fn known(&self) -> impl Iterator<Item = &str> + Clone {
        names_of(self.fields, self.hidden)
    }

    /// Reports the name, unless it may be of a question that could not be read.
    fn report_unknown(&self, reader: &mut Reader<'_>, at: Position, name: &str) {
        if self.fields.is_complete {
            let names: Vec<&str> = self.known().chain([ANSWERS, CUSTOM_FIELDS]).collect();
            let hint = suggestion(name, &names);
            let message =
                format!("the form has no question `{name}`; {hint} (for a brace, write `{{{{`)");
            reader.report(at, message);
        }
    }
}

/// The questions whose answers are texts.
fn text_fields(fields: &ParsedFields) -> impl Iterator<Item = &Field> + Clone {
    fields.list.iter().map(|parsed| &parsed.field).filter(|field| !field.takes_files())
}

/// The parameters of all texts that the page sends.
fn names_of<'a>(
    fields: &'a ParsedFields,
    hidden: &'a [ParsedHidden],
) -> impl Iterator<Item = &'a str> + Clone {
    let hidden = hidden.iter().map(|parsed| parsed.hidden.parameter.as_str());
    text_fields(fields).map(|field| field.parameter.as_str()).chain(hidden)
}

/// The names in a placeholder. The first one that has an answer is used.
fn names(placeholder: &str) -> impl Iterator<Item = &str> {
    placeholder.split('|').map(str::trim)
}

enum Part<'a> {
    Text(String),
    Placeholder(&'a str),
}

impl<'a> Part<'a> {
    fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        match *self {
            Self::Text(_) => names(""),
            Self::Placeholder(placeholder) => names(placeholder),
        }
    }
}

/// If the text starts with `{{` or `}}`: the brace, and the rest of the text.
fn doubled(text: &str) -> Option<(char, &str)> {
    let opening = text.strip_prefix("{{").map(|after| ('{', after));
    opening.or_else(|| text.strip_prefix("}}").map(|after| ('}', after)))
}

/// The parts of a text. `{{` and `}}` are braces of the text.
///
/// # Errors
/// The brace that has no counterpart.
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
