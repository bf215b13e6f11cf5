//! What can be wrong with a submission: a stable code, the field, and a sentence that says what
//! to do.

mod speak;
mod subject;

use serde::{Serialize, Serializer};

pub use crate::code::Code;
pub use speak::{English, Speak};
pub use subject::Subject;

use crate::template::fill;

/// One thing wrong with a submission.
///
/// ```
/// use deal_contract::problem::{Code, Problem};
///
/// let problem = Problem::new(Code::Required, "contact_name", "Your name");
/// assert_eq!(problem.sentence(), "Fill in “Your name”.");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// What is wrong.
    pub code: Code,
    /// The parameter that it is about, as it is sent.
    pub field: String,
    /// The field's label, or its parameter where it has none.
    pub label: String,
    /// The thing in question, where the sentence names one: a file, a number of characters.
    pub subject: Subject,
    /// What is allowed, where the sentence names it.
    pub limit: Subject,
}

impl Problem {
    /// A problem whose sentence names the field alone.
    pub fn new(code: Code, field: &str, label: &str) -> Self {
        Self {
            code,
            field: field.to_owned(),
            label: label.to_owned(),
            subject: Subject::Nothing,
            limit: Subject::Nothing,
        }
    }

    /// Names the thing in question.
    #[must_use]
    pub fn about(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Names what is allowed.
    #[must_use]
    pub fn within(mut self, limit: Subject) -> Self {
        self.limit = limit;
        self
    }

    /// The sentence in that language: what is wrong and what to do.
    pub fn say(&self, language: &dyn Speak) -> String {
        let (subject, limit) = (self.subject.say(language), self.limit.say(language));
        let words = [("label", &*self.label), ("subject", &subject), ("limit", &limit)];
        fill(&language.template(self.code), &words)
    }

    /// The sentence in English.
    pub fn sentence(&self) -> String {
        self.say(&English)
    }

    /// The problem as JSON, its `message` in that language.
    pub fn told(&self, language: &dyn Speak) -> impl Serialize {
        Told {
            code: self.code,
            field: self.field.clone(),
            message: self.say(language),
            subject: self.subject.clone(),
            limit: self.limit.clone(),
        }
    }
}

/// `{"code", "field", "message"}`, and where the sentence names them `subject` and `limit`, so
/// that whoever reads it can say it in another language.
#[derive(Serialize)]
struct Told {
    code: Code,
    field: String,
    message: String,
    #[serde(skip_serializing_if = "Subject::is_nothing")]
    subject: Subject,
    #[serde(skip_serializing_if = "Subject::is_nothing")]
    limit: Subject,
}

/// As it is [told](Problem::told) in English.
impl Serialize for Problem {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.told(&English).serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::Value;

    #[test]
    fn a_label_with_braces_is_not_a_template() {
        let problem = Problem::new(Code::TextLength, "note", "{limit}");
        let problem = problem.about(Subject::Count(13)).within(Subject::Count(10));
        assert_eq!(problem.sentence(), "Shorten “{limit}” to 10 characters; now it has 13.");
    }

    #[test]
    fn every_code_is_found_by_its_name_and_says_what_to_do() {
        let word = || Subject::Text("S".to_owned());
        for &code in Code::ALL {
            assert_eq!(Code::from_name(code.as_str()), Some(code));
            let sentence = Problem::new(code, "f", "F").about(word()).within(word()).sentence();
            assert!(!sentence.contains('{'), "{sentence}");
            assert!(sentence.ends_with('.'), "{sentence}");
        }
        assert_eq!(Code::from_name("nonsense"), None);
    }

    #[test]
    fn json_carries_code_field_and_message() {
        let problem = Problem::new(Code::DateDay, "expected_closing_date", "Start");
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            serde_json::json!({
                "code": "date_day",
                "field": "expected_closing_date",
                "message": "“Start”: there is no such day. Check the day and the month.",
            })
        );
    }

    #[test]
    fn another_language_can_be_spoken_from_the_json_alone() {
        for (subject, json) in [
            (Subject::Text("a.png".to_owned()), serde_json::json!({"text": "a.png"})),
            (Subject::Count(13), serde_json::json!({"count": 13})),
            (Subject::Bytes(120), serde_json::json!({"bytes": 120})),
            (Subject::Day("2026-01-01".parse().unwrap()), serde_json::json!({"day": "2026-01-01"})),
            (Subject::DatePattern, serde_json::json!({"date_pattern": true})),
            (Subject::FileKinds, serde_json::json!({"file_kinds": true})),
        ] {
            let problem = Problem::new(Code::FileType, "attachments", "F").about(subject.clone());
            let told = serde_json::to_value(&problem).unwrap();
            assert_eq!(told["subject"], json);
            assert_eq!(told.get("limit"), None);
            let read: Value = serde_json::from_value(json).unwrap();
            assert_eq!(Subject::read(&read), subject);
        }
        let unknown: Value = serde_json::from_str(r#"{"colour": "red"}"#).unwrap();
        assert_eq!(Subject::read(&unknown), Subject::Nothing);
    }
}
