use serde::Serialize;

use crate::code::Code;
use crate::definition::Field;
use crate::json::Json;
use crate::problem::{Language, Problem, Subject};

/// A problem with an answer, as the proxy reports it.
///
/// It contains the subject and the limit of the sentence, so that a widget in another language can
/// write the sentence itself.
///
/// ```
/// use deal_contract::problem::{Code, English, Problem};
/// use deal_contract::protocol::FieldError;
///
/// let problem = Problem::new(Code::Required, "contact_name", "Your name");
/// let error = FieldError::new(&problem, &English);
/// assert_eq!(
///     serde_json::to_string(&error)?,
///     r#"{"code":"required","field":"contact_name","message":"Fill in “Your name”."}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// What is wrong. `None` if the code is unknown.
    pub code: Option<Code>,
    /// The parameter of the field.
    pub field: String,
    /// The sentence in the form's language.
    pub message: String,
    /// The subject of the sentence besides the field, such as a file.
    #[serde(skip_serializing_if = "Subject::is_nothing")]
    pub subject: Subject,
    /// The limit or the allowed values.
    #[serde(skip_serializing_if = "Subject::is_nothing")]
    pub limit: Subject,
}

impl FieldError {
    /// Reports a problem in a language.
    pub fn new(problem: &Problem, language: &dyn Language) -> Self {
        Self {
            code: Some(problem.code),
            field: problem.field.clone(),
            message: problem.sentence_in(language),
            subject: problem.subject.clone(),
            limit: problem.limit.clone(),
        }
    }

    /// Reads a report. Missing members are empty.
    pub fn read(json: &impl Json) -> Self {
        let text = |name| json.member_text(name);
        let subject = |name| json.member(name).map_or(Subject::Nothing, |of| Subject::read(&of));
        Self {
            code: text("code").and_then(|code| Code::from_name(&code)),
            field: text("field").unwrap_or_default(),
            message: text("message").unwrap_or_default(),
            subject: subject("subject"),
            limit: subject("limit"),
        }
    }

    /// Returns the sentence in a language for this field, or the reported sentence if the code is
    /// unknown.
    pub fn sentence_in(&self, field: &Field, language: &dyn Language) -> String {
        let Some(code) = self.code else { return self.message.clone() };
        let (subject, limit) = (self.subject.clone(), self.limit.clone());
        let message = field.message(code).map(str::to_owned);
        let problem = Problem::new(code, &self.field, &field.label);
        Problem { subject, limit, message, ..problem }.sentence_in(language)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::FieldKind;
    use crate::json::Value;
    use crate::problem::English;

    fn field(label: &str) -> Field {
        Field::new("attachments", FieldKind::ATTACHMENTS, label)
    }

    #[track_caller]
    fn check(subject: Subject, expected: &str) {
        let problem = Problem::new(Code::FileType, "attachments", "F").with_subject(subject);
        let error = FieldError::new(&problem, &English);
        let json = serde_json::to_string(&error).unwrap();
        assert!(json.ends_with(&format!(r#","subject":{expected}}}"#)), "{json}");
        let json: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(FieldError::read(&json), error);
        assert_eq!(error.sentence_in(&field("F"), &English), problem.sentence());
    }

    #[test]
    fn reads_every_error_that_it_writes() {
        check(Subject::Text("a.png".to_owned()), r#"{"text":"a.png"}"#);
        check(Subject::Count(13), r#"{"count":13}"#);
        check(Subject::Number("99.5".to_owned()), r#"{"number":"99.5"}"#);
        check(Subject::Bytes(120), r#"{"bytes":120}"#);
        check(Subject::Day("2026-01-01".parse().unwrap()), r#"{"day":"2026-01-01"}"#);
        check(Subject::DatePattern, r#"{"date_pattern":true}"#);
        check(Subject::FileKinds, r#"{"file_kinds":true}"#);
    }

    #[test]
    fn keeps_the_sentence_of_the_proxy_if_the_code_is_unknown() {
        let json = r#"{"code": "new", "field": "a", "message": "New.", "subject": {"colour": 1}}"#;
        let json: Value = serde_json::from_str(json).unwrap();
        let error = FieldError::read(&json);
        assert_eq!(error.subject, Subject::Nothing);
        assert_eq!(error.sentence_in(&field("A"), &English), "New.");
    }
}
