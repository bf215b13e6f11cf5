//! The problems in a submission: a stable code, the field, and a sentence that says what to do.

mod language;
mod subject;

pub use crate::code::Code;
pub use language::{English, Language};
pub use subject::Subject;

use crate::template::fill;

/// A problem in a submission.
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
    /// The parameter of the field, as it is sent.
    pub field: String,
    /// The field's label, or its parameter if it has no label.
    pub label: String,
    /// The subject of the sentence besides the field, such as a file or a number of characters.
    pub subject: Subject,
    /// The limit or the allowed values, if the sentence contains them.
    pub limit: Subject,
    /// The author's sentence for this question, with the same placeholders as the code's own
    /// sentence.
    pub message: Option<String>,
}

impl Problem {
    /// Creates a problem whose sentence only names the field.
    pub fn new(code: Code, field: &str, label: &str) -> Self {
        Self {
            code,
            field: field.to_owned(),
            label: label.to_owned(),
            subject: Subject::Nothing,
            limit: Subject::Nothing,
            message: None,
        }
    }

    /// Sets the subject.
    #[must_use]
    pub fn with_subject(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Sets the limit.
    #[must_use]
    pub fn with_limit(mut self, limit: Subject) -> Self {
        self.limit = limit;
        self
    }

    /// Returns the sentence in a language: what is wrong and what to do.
    pub fn sentence_in(&self, language: &dyn Language) -> String {
        let (subject, limit) = (self.subject.text_in(language), self.limit.text_in(language));
        let words = [("label", &*self.label), ("subject", &subject), ("limit", &limit)];
        let template = self.message.clone().unwrap_or_else(|| language.template(self.code));
        fill(&template, &words)
    }

    /// Returns the sentence in English.
    pub fn sentence(&self) -> String {
        self.sentence_in(&English)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn does_not_fill_placeholders_in_a_label() {
        let problem = Problem::new(Code::TextLength, "note", "{limit}");
        let problem = problem.with_subject(Subject::Count(13)).with_limit(Subject::Count(10));
        assert_eq!(problem.sentence(), "Shorten “{limit}” to 10 characters; it has 13 now.");
    }

    #[test]
    fn every_code_has_a_unique_name_and_a_complete_sentence() {
        let word = || Subject::Text("S".to_owned());
        for &code in Code::ALL {
            assert_eq!(Code::from_name(code.as_str()), Some(code));
            let sentence =
                Problem::new(code, "f", "F").with_subject(word()).with_limit(word()).sentence();
            assert!(!sentence.contains('{'), "{sentence}");
            assert!(sentence.ends_with('.'), "{sentence}");
        }
        assert_eq!(Code::from_name("nonsense"), None);
    }
}
