//! Writes questions and conditions as JSON. The settings of a question's kind are next to the common members.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{ChoiceControl, Condition, Field, FieldKind, FlagControl, Limits, Test};
use crate::code::Code;
use crate::pattern::Pattern;
use crate::values::Decimal;

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A struct, not a map: in the browser, a map would become a `Map`, whose members are not
        // properties. Three members are always present.
        let mut json = serializer.serialize_struct("Field", 3)?;
        json.serialize_field("parameter", &self.parameter)?;
        json.serialize_field("kind", &self.kind.kind())?;
        json.serialize_field("label", &self.label)?;
        optional(&mut json, "hint", self.hint.as_ref())?;
        if self.required {
            json.serialize_field("required", &true)?;
        }
        match &self.kind {
            FieldKind::Text { max_length, .. } => optional(&mut json, "max_length", *max_length)?,
            FieldKind::Choice { options, control } => {
                if !options.is_empty() {
                    json.serialize_field("options", options)?;
                }
                optional(&mut json, "control", control.map(ChoiceControl::as_str))?;
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

/// `{"required": "…"}`
struct Messages<'a>(&'a [(Code, String)]);

impl Serialize for Messages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(code, message)| (code.as_str(), message)))
    }
}

/// `{"all": […]}`, or `{"parameter": "…", "is": […]}` with the name of the test.
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
