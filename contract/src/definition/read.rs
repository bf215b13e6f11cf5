//! The public half of a form, read from JSON.
//!
//! What is not known is passed over: a page may hold a widget that is older than its proxy.

use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use super::{
    Choice, ChoiceControl, Condition, Field, FieldKind, FlagControl, Hidden, HiddenSource,
    PageProperty, Proof, PublicDefinition, Step,
};
use crate::json::{Json, Value};
use crate::kind::Kind;

/// Why JSON is no form definition.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DefinitionError {
    /// A member that has to be there is not, or is of another type.
    #[error("`{0}` is missing or is no text")]
    Text(&'static str),
    /// The questions, or the fields of a step.
    #[error("`{0}` is missing or is no list")]
    List(&'static str),
    /// A question of a kind that does not exist.
    #[error("there is no kind of field `{0}`")]
    Kind(String),
    /// A flag whose `yes` nobody names would be read as the wrong one of two values.
    #[error("`{0}` is a flag and needs `yes`: \"1\" or \"2\"")]
    Yes(String),
}

impl PublicDefinition {
    /// Reads a definition.
    ///
    /// # Errors
    /// Something that every form has is missing: `title`, `fields`, or a field's `parameter`,
    /// `kind`, `label`, a choice's `value` and `label`, a flag's `yes`, a step's `title` and
    /// `fields`, a hidden value's `parameter`, a condition's `parameter` and `is`.
    pub fn read(json: &impl Json) -> Result<Self, DefinitionError> {
        let title = needed(json, "title")?;
        let fields = needed_list(json, "fields")?;
        let texts = json.member("texts").and_then(|texts| texts.members()).unwrap_or_default();
        Ok(Self {
            lang: json.member_text("lang"),
            title,
            intro: json.member_text("intro"),
            submit_label: json.member_text("submit_label"),
            success_message: json.member_text("success_message"),
            texts: texts.into_iter().filter_map(|(key, text)| Some((key, text.text()?))).collect(),
            fields: fields.iter().map(field).collect::<Result<_, _>>()?,
            steps: list(json, "steps").iter().map(step).collect::<Result<_, _>>()?,
            hidden: list(json, "hidden")
                .iter()
                .filter_map(|item| hidden(item).transpose())
                .collect::<Result<_, _>>()?,
            proof: json.member("proof").map(|json| proof(&json)).unwrap_or_default(),
        })
    }
}

fn proof(json: &impl Json) -> Proof {
    let flag = |name| json.member(name).and_then(|flag| flag.boolean()).unwrap_or_default();
    Proof { token: flag("token"), captcha: flag("captcha"), work: flag("work") }
}

fn step(json: &impl Json) -> Result<Step, DefinitionError> {
    let fields = needed_list(json, "fields")?;
    let fields = fields.iter().filter_map(Json::text).collect();
    Ok(Step { title: needed(json, "title")?, fields })
}

/// `None` for a source that is not known.
fn hidden(json: &impl Json) -> Result<Option<Hidden>, DefinitionError> {
    let parameter = needed(json, "parameter")?;
    let url_parameter = json.member_text("url_parameter").map(HiddenSource::UrlParameter);
    let property = json.member_text("page").and_then(|name| PageProperty::from_name(&name));
    let source = url_parameter.or(property.map(HiddenSource::Page));
    Ok(source.map(|source| Hidden { parameter, source }))
}

fn field(json: &impl Json) -> Result<Field, DefinitionError> {
    let parameter = needed(json, "parameter")?;
    let mut field = Field::new(&parameter, kind(json, &parameter)?, &needed(json, "label")?);
    field.hint = json.member_text("hint");
    field.required = json.member("required").and_then(|value| value.boolean()).unwrap_or(false);
    field.show_when = json.member("show_when").map(|json| condition(&json)).transpose()?;
    field.autocomplete = json.member_text("autocomplete");
    Ok(field)
}

fn kind(json: &impl Json, parameter: &str) -> Result<FieldKind, DefinitionError> {
    let name = needed(json, "kind")?;
    let control = json.member_text("control").unwrap_or_default();
    Ok(match Kind::from_name(&name).ok_or(DefinitionError::Kind(name))? {
        Kind::Text(format) => FieldKind::Text { format, max_length: parsed(json, "max_length") },
        Kind::Date => FieldKind::Date { min: parsed(json, "min"), max: parsed(json, "max") },
        Kind::Flag => {
            let yes = parsed(json, "yes");
            let yes = yes.ok_or_else(|| DefinitionError::Yes(parameter.to_owned()))?;
            FieldKind::Flag { yes, control: FlagControl::from_name(&control) }
        }
        Kind::Choice => {
            // A loop, not `collect`: that is another function for each type, which the widget carries.
            let mut options = Vec::new();
            for option in list(json, "options") {
                let (value, label) = (needed(&option, "value")?, needed(&option, "label")?);
                options.push(Choice { value, label });
            }
            FieldKind::Choice { options, control: ChoiceControl::from_name(&control) }
        }
        Kind::Attachments => FieldKind::Attachments {
            max_files: parsed(json, "max_files"),
            max_total: parsed(json, "max_total"),
        },
    })
}

fn condition(json: &impl Json) -> Result<Condition, DefinitionError> {
    let is = needed_list(json, "is")?.iter().filter_map(Json::text).collect();
    Ok(Condition { parameter: needed(json, "parameter")?, is })
}

fn needed(json: &impl Json, name: &'static str) -> Result<String, DefinitionError> {
    json.member_text(name).ok_or(DefinitionError::Text(name))
}

fn needed_list<J: Json>(json: &J, name: &'static str) -> Result<Vec<J>, DefinitionError> {
    json.member(name).and_then(|list| list.items()).ok_or(DefinitionError::List(name))
}

fn list<J: Json>(json: &J, name: &str) -> Vec<J> {
    json.member(name).and_then(|list| list.items()).unwrap_or_default()
}

fn parsed<T: FromStr>(json: &impl Json, name: &str) -> Option<T> {
    json.member_text(name)?.parse().ok()
}

impl<'de> Deserialize<'de> for PublicDefinition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Value::deserialize(deserializer)?;
        Self::read(&json).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(json: &str, sentence: &str) {
        let error = serde_json::from_str::<PublicDefinition>(json).unwrap_err();
        assert!(error.to_string().starts_with(sentence), "{error}");
    }

    #[test]
    fn what_a_form_cannot_do_without_is_named() {
        refused("{}", "`title` is missing or is no text");
        refused(r#"{"title": "T"}"#, "`fields` is missing or is no list");
        let field = |more: &str| {
            format!(r#"{{"title": "T", "fields": [{{"parameter": "p", "label": "L", {more}}}]}}"#)
        };
        refused(&field(r#""kind": "colour""#), "there is no kind of field `colour`");
        refused(&field(r#""kind": "flag""#), "`p` is a flag and needs `yes`");
        refused(&field(r#""kind": "flag", "yes": "3""#), "`p` is a flag and needs `yes`");
        refused(
            &field(r#""kind": "choice", "options": [{"value": "a"}]"#),
            "`label` is missing or is no text",
        );
    }

    #[test]
    fn what_an_older_widget_does_not_know_is_passed_over() {
        let json = r#"{"title": "T", "theme": {"new": 1.5}, "fields": [
            {"parameter": "p", "kind": "text", "label": "L", "sound": null, "max_length": 5}]}"#;
        let form: PublicDefinition = serde_json::from_str(json).unwrap();
        assert_eq!(form.fields[0].kind.length_limit(), 5);
        let json = r#"{"title": "T", "texts": {"next": "On", "new": {}}, "hidden": [
            {"parameter": "a", "page": "mood"}, {"parameter": "b", "page": "title"}], "fields": [
            {"parameter": "p", "kind": "date", "label": "L", "control": "dial", "min": "noon"}]}"#;
        let form: PublicDefinition = serde_json::from_str(json).unwrap();
        assert_eq!(form.texts, [("next".to_owned(), "On".to_owned())]);
        assert_eq!(form.hidden.len(), 1);
        assert_eq!(form.fields[0].kind, FieldKind::DATE);
    }
}
