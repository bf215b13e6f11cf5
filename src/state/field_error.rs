use deal_contract::problem::{Code, Problem, Subject};

use crate::locale::Locale;

/// A problem that the proxy found in one answer, or a file that the browser cannot read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The parameter of the question.
    pub(crate) field: String,
    /// None if the proxy sent a code that this widget does not know.
    pub(crate) code: Option<Code>,
    pub(crate) subject: Subject,
    pub(crate) limit: Subject,
    /// The proxy's own sentence.
    pub(crate) message: String,
}

impl FieldError {
    /// Whether the browser cannot read the file of that name.
    pub(crate) fn is_unreadable_file(&self, name: &str) -> bool {
        let names_it = matches!(&self.subject, Subject::Text(file) if file == name);
        names_it && self.code == Some(Code::FileUnreadable)
    }

    /// The sentence in the form's language for the question with that label, or the proxy's own
    /// sentence if the code is unknown.
    pub(crate) fn say(&self, label: &str, locale: &Locale) -> String {
        let Some(code) = self.code else { return self.message.clone() };
        let (subject, limit) = (self.subject.clone(), self.limit.clone());
        Problem { subject, limit, ..Problem::new(code, &self.field, label) }.say(locale)
    }
}
