//! What can be wrong with a submission: a stable code, the field, and a sentence that says what
//! to do.

mod language;
mod subject;

pub use crate::code::Code;
pub use language::{English, Language};
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
    pub fn with_subject(mut self, subject: Subject) -> Self {
        self.subject = subject;
        self
    }

    /// Names what is allowed.
    #[must_use]
    pub fn with_limit(mut self, limit: Subject) -> Self {
        self.limit = limit;
        self
    }

    /// The sentence in that language: what is wrong and what to do.
    pub fn sentence_in(&self, language: &dyn Language) -> String {
        let (subject, limit) = (self.subject.text_in(language), self.limit.text_in(language));
        let words = [("label", &*self.label), ("subject", &subject), ("limit", &limit)];
        fill(&language.template(self.code), &words)
    }

    /// The sentence in English.
    pub fn sentence(&self) -> String {
        self.sentence_in(&English)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_with_braces_is_not_a_template() {
        let problem = Problem::new(Code::TextLength, "note", "{limit}");
        let problem = problem.with_subject(Subject::Count(13)).with_limit(Subject::Count(10));
        assert_eq!(problem.sentence(), "Shorten “{limit}” to 10 characters; it has 13 now.");
    }

    #[test]
    fn every_code_is_found_by_its_name_and_says_what_to_do() {
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
