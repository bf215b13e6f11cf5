//! Reads the public half of a form from JSON.
//!
//! Ignores unknown members, because the widget in a page may be older than the proxy.

use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use super::{
    Choice, ChoiceControl, ChoicesControl, Condition, Field, FieldKind, FlagControl, Hidden,
    HiddenSource, Limits, PageProperty, Proof, PublicDefinition, RichText, Step, Success, Test,
    Width,
};
use crate::code::Code;
use crate::json::{Json, Value};
use crate::kind::Kind;
use crate::pattern::Pattern;

/// Why the JSON is not a form definition.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DefinitionError {
    /// A required text is missing or has another type.
    #[error("`{0}` is missing or is not a string")]
    Text(&'static str),
    /// A required list is missing or has another type.
    #[error("`{0}` is missing or is not a list")]
    List(&'static str),
    /// A question has an unknown kind.
    #[error("unknown kind of field `{0}`")]
    Kind(String),
    /// The member `yes` of a flag is missing or invalid. It has no default, because a default could
    /// be the wrong value.
    #[error("the flag `{0}` needs the member `yes` with the value \"1\" or \"2\"")]
    Yes(String),
}

impl PublicDefinition {
    /// Reads a definition.
    ///
    /// # Errors
    /// A required member is missing: `title` or `fields`; the `parameter`, `kind` or `label` of a
    /// field; the `value` or `label` of an option; the `yes` of a flag; the `title` or `fields` of
    /// a step; the `parameter` of a hidden value; the `parameter` or the test of a condition.
    pub fn read(json: &impl Json) -> Result<Self, DefinitionError> {
        let title = required_text(json, "title")?;
        let fields = required_list(json, "fields")?;
        let texts = json.member("texts").and_then(|texts| texts.members()).unwrap_or_default();
        Ok(Self {
            lang: json.member_text("lang"),
            title,
            intro: RichText::read(json, "intro", "intro_markup"),
            submit_label: json.member_text("submit_label"),
            success_message: RichText::read(json, "success_message", "success_message_markup"),
            success: json.member("success").map_or(Success::DEFAULT, |json| Success::read(&json)),
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
    let flag = |name| flag(json, name);
    Proof { token: flag("token"), captcha: flag("captcha"), work: flag("work") }
}

fn step(json: &impl Json) -> Result<Step, DefinitionError> {
    let fields = required_list(json, "fields")?;
    let fields = fields.iter().filter_map(Json::text).collect();
    Ok(Step {
        title: required_text(json, "title")?,
        fields,
        show_when: optional_condition(json, "show_when")?,
    })
}

/// Reads a hidden value. Returns `None` if its source is unknown.
fn hidden(json: &impl Json) -> Result<Option<Hidden>, DefinitionError> {
    let parameter = required_text(json, "parameter")?;
    let url_parameter = json.member_text("url_parameter").map(HiddenSource::UrlParameter);
    let property = json.member_text("page").and_then(|name| PageProperty::from_name(&name));
    let source = url_parameter.or(property.map(HiddenSource::Page));
    Ok(source.map(|source| Hidden { parameter, source }))
}

fn field(json: &impl Json) -> Result<Field, DefinitionError> {
    let parameter = required_text(json, "parameter")?;
    let mut field = Field::new(&parameter, kind(json, &parameter)?, "");
    field.label =
        RichText::read(json, "label", "label_markup").ok_or(DefinitionError::Text("label"))?;
    field.heading = json.member_text("heading");
    field.text = RichText::read(json, "text", "text_markup");
    field.hint = RichText::read(json, "hint", "hint_markup");
    field.width = json.member_text("width").and_then(|name| Width::from_name(&name));
    field.required = flag(json, "required");
    field.show_when = optional_condition(json, "show_when")?;
    field.autocomplete = json.member_text("autocomplete");
    field.required_when = optional_condition(json, "required_when")?;
    if matches!(field.kind, FieldKind::Text { .. }) {
        field.limits = Limits {
            min: parsed(json, "min"),
            max: parsed(json, "max"),
            min_length: parsed(json, "min_length"),
            pattern: json.member_text("pattern").map(|pattern| Pattern::new(&pattern)),
        };
    }
    let messages = json.member("messages").and_then(|messages| messages.members());
    for (name, message) in messages.unwrap_or_default() {
        if let (Some(code), Some(message)) = (Code::from_name(&name), message.text()) {
            field.messages.push((code, message));
        }
    }
    field.default = json.member_text("default");
    field.prefill = json.member_text("prefill");
    Ok(field)
}

fn kind(json: &impl Json, parameter: &str) -> Result<FieldKind, DefinitionError> {
    let name = required_text(json, "kind")?;
    let control = json.member_text("control").unwrap_or_default();
    Ok(match Kind::from_name(&name).ok_or(DefinitionError::Kind(name))? {
        Kind::Text(format) => FieldKind::Text { format, max_length: parsed(json, "max_length") },
        Kind::Date => FieldKind::Date { min: parsed(json, "min"), max: parsed(json, "max") },
        Kind::Flag => {
            let yes = parsed(json, "yes");
            let yes = yes.ok_or_else(|| DefinitionError::Yes(parameter.to_owned()))?;
            FieldKind::Flag { yes, control: FlagControl::from_name(&control) }
        }
        Kind::Choice => FieldKind::Choice {
            options: options(json)?,
            control: ChoiceControl::from_name(&control),
            other: flag(json, "other"),
        },
        Kind::Choices => FieldKind::Choices {
            options: options(json)?,
            control: ChoicesControl::from_name(&control),
            other: flag(json, "other"),
            min: parsed(json, "min_choices"),
            max: parsed(json, "max_choices"),
        },
        Kind::Attachments => FieldKind::Attachments {
            max_files: parsed(json, "max_files"),
            max_total: parsed(json, "max_total"),
        },
    })
}

fn optional_condition(json: &impl Json, name: &str) -> Result<Option<Condition>, DefinitionError> {
    json.member(name).map(|json| condition(&json)).transpose()
}

fn condition<J: Json>(json: &J) -> Result<Condition, DefinitionError> {
    let conditions = |items: Vec<J>| {
        let mut conditions = Vec::new();
        for item in items {
            conditions.push(condition(&item)?);
        }
        Ok(conditions)
    };
    let member_list = |name| json.member(name).and_then(|list| list.items());
    if let Some(items) = member_list("all") {
        return conditions(items).map(Condition::All);
    }
    if let Some(items) = member_list("any") {
        return conditions(items).map(Condition::Any);
    }
    let parameter = required_text(json, "parameter")?;
    let texts = |items: Vec<J>| items.iter().filter_map(Json::text).collect();
    let test = if let Some(filled) = json.member("filled").and_then(|filled| filled.boolean()) {
        Test::Filled(filled)
    } else if let Some(least) = json.member_text("at_least") {
        Test::AtLeast(least)
    } else if let Some(most) = json.member_text("at_most") {
        Test::AtMost(most)
    } else if let Some(answers) = member_list("is_not") {
        Test::IsNot(texts(answers))
    } else {
        Test::Is(texts(required_list(json, "is")?))
    };
    Ok(Condition::Answer { parameter, test })
}

fn options(json: &impl Json) -> Result<Vec<Choice>, DefinitionError> {
    // A loop instead of `collect`: `collect` would add a function for this type to the widget.
    let mut options = Vec::new();
    for option in list(json, "options") {
        let (value, label) = (required_text(&option, "value")?, required_text(&option, "label")?);
        options.push(Choice { value, label });
    }
    Ok(options)
}

fn required_text(json: &impl Json, name: &'static str) -> Result<String, DefinitionError> {
    json.member_text(name).ok_or(DefinitionError::Text(name))
}

fn required_list<J: Json>(json: &J, name: &'static str) -> Result<Vec<J>, DefinitionError> {
    json.member(name).and_then(|list| list.items()).ok_or(DefinitionError::List(name))
}

fn flag(json: &impl Json, name: &str) -> bool {
    json.member(name).and_then(|flag| flag.boolean()).unwrap_or_default()
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
    use crate::definition::{Block, Span};

    #[track_caller]
    fn rejects(json: &str, sentence: &str) {
        let error = serde_json::from_str::<PublicDefinition>(json).unwrap_err();
        assert!(error.to_string().starts_with(sentence), "{error}");
    }

    #[test]
    fn rejects_missing_members_and_unknown_kinds() {
        rejects("{}", "`title` is missing or is not a string");
        rejects(r#"{"title": "T"}"#, "`fields` is missing or is not a list");
        let field = |more: &str| {
            format!(r#"{{"title": "T", "fields": [{{"parameter": "p", "label": "L", {more}}}]}}"#)
        };
        rejects(&field(r#""kind": "colour""#), "unknown kind of field `colour`");
        rejects(&field(r#""kind": "flag""#), "the flag `p` needs the member `yes`");
        rejects(&field(r#""kind": "flag", "yes": "3""#), "the flag `p` needs the member `yes`");
        rejects(
            &field(r#""kind": "choice", "options": [{"value": "a"}]"#),
            "`label` is missing or is not a string",
        );
    }

    #[test]
    fn ignores_members_and_values_that_a_newer_proxy_added() {
        let json = r#"{"title": "T", "theme": {"new": 1.5}, "fields": [
            {"parameter": "p", "kind": "text", "label": "L", "sound": null, "max_length": 5}]}"#;
        let form: PublicDefinition = serde_json::from_str(json).unwrap();
        assert_eq!(form.fields[0].kind.length_limit(), 5);
        let json = r#"{"title": "T", "fields": [{"parameter": "p", "kind": "text", "label": "L",
            "label_markup": [[{"text": "L", "link": "javascript:alert(1)", "strong": true}]]}]}"#;
        let form: PublicDefinition = serde_json::from_str(json).unwrap();
        let span = Span { strong: true, ..Span::new("L") };
        assert_eq!(form.fields[0].label.blocks(), [Block::Paragraph(vec![span])]);
        let json = r#"{"title": "T", "texts": {"next": "On", "new": {}}, "hidden": [
            {"parameter": "a", "page": "mood"}, {"parameter": "b", "page": "title"}], "fields": [
            {"parameter": "p", "kind": "date", "label": "L", "control": "dial", "min": "noon"}]}"#;
        let form: PublicDefinition = serde_json::from_str(json).unwrap();
        assert_eq!(form.texts, [("next".to_owned(), "On".to_owned())]);
        assert_eq!(form.hidden.len(), 1);
        assert_eq!(form.fields[0].kind, FieldKind::DATE);
    }
}
