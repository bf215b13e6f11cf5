use serde::{Serialize, Serializer};

use super::{Field, Hidden, Proof};

/// The public half of a form: everything that the page needs to render and check it.
///
/// ```
/// use deal_contract::definition::PublicDefinition;
///
/// let form: PublicDefinition = serde_json::from_str(
///     r#"{"title": "Call me back", "fields": [
///         {"parameter": "contact_phone", "kind": "phone", "label": "Phone", "required": true}
///     ]}"#,
/// )?;
/// assert_eq!(form.fields[0].label, "Phone");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicDefinition {
    /// The language of the author's text, as a tag such as `de` or `pt-BR` (BCP 47).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// The heading.
    pub title: String,
    /// A paragraph below the heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intro: Option<String>,
    /// The label of the button that sends the form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub submit_label: Option<String>,
    /// A paragraph that the form shows when the deal is in the CRM.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_message: Option<String>,
    /// The author's own wording of messages, by their keys in a
    /// [catalog](crate::messages::Catalog).
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "as_object")]
    pub texts: Vec<(String, String)>,
    /// The questions, in their order.
    pub fields: Vec<Field>,
    /// The steps; empty if the form shows all questions at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The values that the page gives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hidden: Vec<Hidden>,
    /// The proofs that the page must send with the answers.
    #[serde(skip_serializing_if = "Proof::is_none")]
    pub proof: Proof,
}

/// A group of questions that is shown at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The heading.
    pub title: String,
    /// The parameters of the questions, in the form's order.
    pub fields: Vec<String>,
}

impl PublicDefinition {
    /// A form with these questions and the default messages.
    pub fn new(title: &str, fields: Vec<Field>) -> Self {
        Self {
            lang: None,
            title: title.to_owned(),
            intro: None,
            submit_label: None,
            success_message: None,
            texts: Vec::new(),
            fields,
            steps: Vec::new(),
            hidden: Vec::new(),
            proof: Proof::default(),
        }
    }

    /// The question whose answer is sent under this name.
    pub fn field(&self, parameter: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.parameter == parameter)
    }

    /// Whether the form accepts text under this name.
    pub fn takes_text(&self, parameter: &str) -> bool {
        self.field(parameter).is_some_and(|field| !field.takes_files())
            || self.hidden.iter().any(|hidden| hidden.parameter == parameter)
    }

    /// For each question, in the form's order, whether it is shown: its
    /// [condition](super::Condition) is met, or it has none. `answer` returns the
    /// [normalized](crate::normalize) answer to a question.
    ///
    /// A question is hidden if its condition is about a hidden question. It is shown if its
    /// condition is not about an earlier question, so that a mistake in a definition does not hide
    /// it.
    pub fn shown(&self, answer: &dyn Fn(&str) -> String) -> Vec<bool> {
        let mut shown: Vec<bool> = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let met = field.show_when.as_ref().is_none_or(|condition| {
                let mut before = self.fields.iter().zip(&shown);
                let controlling = before.find(|(field, _)| field.parameter == condition.parameter);
                controlling.is_none_or(|(controlling, &shown)| {
                    let answer = answer(&condition.parameter);
                    shown && condition.is_met_by(controlling.effective_answer(&answer))
                })
            });
            shown.push(met);
        }
        shown
    }
}

fn as_object<S: Serializer>(texts: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(texts.iter().map(|(key, text)| (key, text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Condition, FieldKind};
    use crate::kind::TextFormat;
    use crate::values::FlagValue;

    fn field(
        parameter: &str,
        kind: impl Into<FieldKind>,
        show_when: Option<(&str, &[&str])>,
    ) -> Field {
        let mut field = Field::new(parameter, kind, parameter);
        field.show_when = show_when.map(|(parameter, is)| Condition {
            parameter: parameter.to_owned(),
            is: is.iter().map(|&value| value.to_owned()).collect(),
        });
        field
    }

    fn shown(fields: Vec<Field>, answers: &[(&str, &str)]) -> Vec<bool> {
        let answer = |name: &str| {
            let found = answers.iter().find(|(known, _)| *known == name);
            found.map_or_else(String::new, |(_, answer)| (*answer).to_owned())
        };
        PublicDefinition::new("F", fields).shown(&answer)
    }

    #[test]
    fn shows_a_question_when_its_condition_is_met() {
        let fields = || {
            vec![
                field("a", TextFormat::SingleLine, None),
                field("b", TextFormat::SingleLine, Some(("a", &["x", "y"]))),
                field("c", TextFormat::SingleLine, Some(("b", &["z"]))),
            ]
        };
        assert_eq!(shown(fields(), &[]), [true, false, false]);
        assert_eq!(shown(fields(), &[("a", " y ")]), [true, true, false]);
        assert_eq!(shown(fields(), &[("a", "x"), ("b", "z")]), [true, true, true]);
        // The answer to a hidden question does not count.
        assert_eq!(shown(fields(), &[("a", "no"), ("b", "z")]), [true, false, false]);
    }

    #[test]
    fn treats_an_unticked_checkbox_as_no() {
        let fields = |is| {
            let flag = field("a", FieldKind::flag(FlagValue::Two), None);
            vec![flag, field("b", TextFormat::SingleLine, Some(("a", is)))]
        };
        assert_eq!(shown(fields(&["1"]), &[]), [true, true]);
        assert_eq!(shown(fields(&["2"]), &[]), [true, false]);
        assert_eq!(shown(fields(&["2"]), &[("a", "2")]), [true, true]);
    }

    #[test]
    fn shows_a_question_whose_condition_does_not_name_an_earlier_question() {
        let fields = vec![
            field("a", TextFormat::SingleLine, Some(("c", &["x"]))),
            field("b", TextFormat::SingleLine, Some(("b", &["x"]))),
            field("c", TextFormat::SingleLine, Some(("nowhere", &["x"]))),
        ];
        assert_eq!(shown(fields, &[]), [true, true, true]);
    }
}
