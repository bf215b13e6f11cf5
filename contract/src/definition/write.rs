//! Writes the public half of a form as JSON.
//!
//! The settings of a question's kind are next to the common members. The markup of a text is in a
//! second member, so that older widgets show the text without markup.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{
    ChoiceControl, ChoicesControl, Condition, Field, FieldKind, FlagControl, Limits, Proof,
    PublicDefinition, RichText, Success, Test, Width,
};
use crate::code::Code;
use crate::pattern::Pattern;
use crate::values::Decimal;

impl Serialize for PublicDefinition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A struct instead of a map, for the same reason as for `Field` below. Two members are
        // always present.
        let mut json = serializer.serialize_struct("PublicDefinition", 2)?;
        optional(&mut json, "lang", self.lang.as_ref())?;
        json.serialize_field("title", &self.title)?;
        rich_text(&mut json, ["intro", "intro_markup"], self.intro.as_ref())?;
        optional(&mut json, "submit_label", self.submit_label.as_ref())?;
        let success = ["success_message", "success_message_markup"];
        rich_text(&mut json, success, self.success_message.as_ref())?;
        if self.success != Success::DEFAULT {
            json.serialize_field("success", &self.success)?;
        }
        if !self.texts.is_empty() {
            json.serialize_field("texts", &Texts(&self.texts))?;
        }
        json.serialize_field("fields", &self.fields)?;
        list(&mut json, "steps", &self.steps)?;
        list(&mut json, "hidden", &self.hidden)?;
        if !Proof::is_none(&self.proof) {
            json.serialize_field("proof", &self.proof)?;
        }
        json.end()
    }
}

/// Texts that are written as an object with their keys.
struct Texts<'a>(&'a [(String, String)]);

impl Serialize for Texts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, text)| (key, text)))
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A struct instead of a map: in the browser, a map would become a `Map`, whose members are
        // not properties. Three members are always present.
        let mut json = serializer.serialize_struct("Field", 3)?;
        json.serialize_field("parameter", &self.parameter)?;
        json.serialize_field("kind", &self.kind.kind())?;
        optional(&mut json, "heading", self.heading.as_ref())?;
        rich_text(&mut json, ["text", "text_markup"], self.text.as_ref())?;
        rich_text(&mut json, ["label", "label_markup"], Some(&self.label))?;
        rich_text(&mut json, ["hint", "hint_markup"], self.hint.as_ref())?;
        optional(&mut json, "width", self.width.map(Width::as_str))?;
        if self.required {
            json.serialize_field("required", &true)?;
        }
        match &self.kind {
            FieldKind::Text { max_length, .. } => optional(&mut json, "max_length", *max_length)?,
            FieldKind::Choice { options, control, other } => {
                list(&mut json, "options", options)?;
                optional(&mut json, "control", control.map(ChoiceControl::as_str))?;
                optional(&mut json, "other", other.then_some(true))?;
            }
            FieldKind::Choices { options, control, other, min, max } => {
                list(&mut json, "options", options)?;
                optional(&mut json, "control", control.map(ChoicesControl::as_str))?;
                optional(&mut json, "other", other.then_some(true))?;
                optional(&mut json, "min_choices", *min)?;
                optional(&mut json, "max_choices", *max)?;
            }
            FieldKind::Flag { yes, control } => {
                json.serialize_field("yes", yes)?;
                optional(&mut json, "control", control.map(FlagControl::as_str))?;
            }
            FieldKind::Date { min, max } => {
                optional(&mut json, "min", min.as_ref())?;
                optional(&mut json, "max", max.as_ref())?;
            }
            FieldKind::Attachments { .. } => {}
        }
        optional(&mut json, "show_when", self.show_when.as_ref())?;
        optional(&mut json, "required_when", self.required_when.as_ref())?;
        let Limits { min, max, min_length, pattern } = &self.limits;
        optional(&mut json, "min", min.as_ref().map(Decimal::to_string))?;
        optional(&mut json, "max", max.as_ref().map(Decimal::to_string))?;
        optional(&mut json, "min_length", *min_length)?;
        optional(&mut json, "pattern", pattern.as_ref().map(Pattern::as_str))?;
        if !self.messages.is_empty() {
            json.serialize_field("messages", &Messages(&self.messages))?;
        }
        optional(&mut json, "default", self.default.as_ref())?;
        optional(&mut json, "prefill", self.prefill.as_ref())?;
        optional(&mut json, "autocomplete", self.autocomplete.as_ref())?;
        if let FieldKind::Attachments { max_files, max_total } = &self.kind {
            optional(&mut json, "max_files", *max_files)?;
            optional(&mut json, "max_total", *max_total)?;
        }
        json.end()
    }
}

/// Messages that are written as `{"required": "…"}`.
struct Messages<'a>(&'a [(Code, String)]);

impl Serialize for Messages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(code, message)| (code.as_str(), message)))
    }
}

/// Writes `{"all": […]}`, `{"any": […]}`, or `{"parameter": "…", "is": […]}` with the name of the
/// test.
impl Serialize for Condition {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut json = serializer.serialize_struct("Condition", 2)?;
        match self {
            Self::All(conditions) => json.serialize_field("all", conditions)?,
            Self::Any(conditions) => json.serialize_field("any", conditions)?,
            Self::Answer { parameter, test } => {
                json.serialize_field("parameter", parameter)?;
                match test {
                    Test::Is(answers) => json.serialize_field("is", answers)?,
                    Test::IsNot(answers) => json.serialize_field("is_not", answers)?,
                    Test::Filled(filled) => json.serialize_field("filled", filled)?,
                    Test::AtLeast(least) => json.serialize_field("at_least", least)?,
                    Test::AtMost(most) => json.serialize_field("at_most", most)?,
                }
            }
        }
        json.end()
    }
}

fn optional<J: SerializeStruct>(
    json: &mut J,
    name: &'static str,
    value: Option<impl Serialize>,
) -> Result<(), J::Error> {
    value.map_or(Ok(()), |value| json.serialize_field(name, &value))
}

fn list<J: SerializeStruct>(
    json: &mut J,
    name: &'static str,
    list: &[impl Serialize],
) -> Result<(), J::Error> {
    if list.is_empty() { Ok(()) } else { json.serialize_field(name, list) }
}

fn rich_text<J: SerializeStruct>(
    json: &mut J,
    [name, markup]: [&'static str; 2],
    text: Option<&RichText>,
) -> Result<(), J::Error> {
    let Some(text) = text else { return Ok(()) };
    json.serialize_field(name, &**text)?;
    list(json, markup, text.blocks())
}
