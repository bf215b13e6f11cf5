use super::{Condition, FieldKind, Limits, RichText, Width};
use crate::code::Code;

/// One question.
///
/// ```
/// use deal_contract::definition::{Field, FieldKind};
/// use deal_contract::kind::TextFormat;
///
/// let phone = Field { required: true, ..Field::new("contact_phone", TextFormat::Phone, "Phone") };
/// let start = Field::new("expected_closing_date", FieldKind::DATE, "When do you want to start?");
/// assert_eq!([&phone, &start].map(|field| field.kind.kind().as_str()), ["phone", "date"]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The name under which the answer is sent: a parameter of the API or the name of a custom
    /// field.
    pub parameter: String,
    /// The kind of the answer.
    pub kind: FieldKind,
    /// A heading above the question, for the group of questions that begins with it.
    pub heading: Option<String>,
    /// Paragraphs above the question.
    pub text: Option<RichText>,
    /// The question's text.
    pub label: RichText,
    /// A line of help for the visitor.
    pub hint: Option<RichText>,
    /// The width, if it differs from the kind's default.
    pub width: Option<Width>,
    /// Whether an answer is required.
    pub required: bool,
    /// The condition under which the question is shown. Without a condition, it is always shown.
    pub show_when: Option<Condition>,
    /// The autofill token for the browser (WHATWG HTML, 4.10.18.7).
    pub autocomplete: Option<String>,
    /// The condition under which an answer is required, if `required` is false.
    pub required_when: Option<Condition>,
    /// The limits of a typed answer.
    pub limits: Limits,
    /// The author's sentences about problems. They can use the same placeholders as the code's own
    /// sentence.
    pub messages: Vec<(Code, String)>,
    /// The initial answer, in the form in which it is sent.
    pub default: Option<String>,
    /// The query parameter in the page's address that contains the initial answer.
    pub prefill: Option<String>,
}

impl Field {
    /// Creates an optional question without a condition.
    pub fn new(parameter: &str, kind: impl Into<FieldKind>, label: &str) -> Self {
        Self {
            parameter: parameter.to_owned(),
            kind: kind.into(),
            heading: None,
            text: None,
            label: label.into(),
            hint: None,
            width: None,
            required: false,
            show_when: None,
            autocomplete: None,
            required_when: None,
            limits: Limits::default(),
            messages: Vec::new(),
            default: None,
            prefill: None,
        }
    }

    /// Returns whether the answer consists of files instead of text.
    pub const fn takes_files(&self) -> bool {
        matches!(self.kind, FieldKind::Attachments { .. })
    }

    /// Returns the author's own message for this problem, or `None` to use the form's.
    pub fn message(&self, code: Code) -> Option<&str> {
        let found = self.messages.iter().find(|(known, _)| *known == code);
        found.map(|(_, message)| message.as_str())
    }

    /// Returns whether an answer is required, always or under a condition.
    pub const fn may_be_required(&self) -> bool {
        self.required || self.required_when.is_some()
    }
}
