use super::{Condition, FieldKind};

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
    /// The name under which the answer is sent: a parameter of the API or a custom field's name.
    pub parameter: String,
    /// What the answer looks like.
    pub kind: FieldKind,
    /// The question's text.
    pub label: String,
    /// A line of help below the label.
    pub hint: Option<String>,
    /// Whether an answer is needed.
    pub required: bool,
    /// When it is asked; always if nothing is said.
    pub show_when: Option<Condition>,
    /// The autofill token for the browser (WHATWG HTML, 4.10.18.7).
    pub autocomplete: Option<String>,
}

impl Field {
    /// An optional question.
    pub fn new(parameter: &str, kind: impl Into<FieldKind>, label: &str) -> Self {
        Self {
            parameter: parameter.to_owned(),
            kind: kind.into(),
            label: label.to_owned(),
            hint: None,
            required: false,
            show_when: None,
            autocomplete: None,
        }
    }

    /// Whether the answer is files rather than text.
    pub const fn takes_files(&self) -> bool {
        matches!(self.kind, FieldKind::Attachments { .. })
    }

    /// The answer that conditions compare: a flag without an answer is an unticked box, which counts
    /// as no.
    pub(super) fn counted_answer<'a>(&self, answer: &'a str) -> &'a str {
        match (answer.trim(), &self.kind) {
            ("", FieldKind::Flag { yes, .. }) => yes.other().as_str(),
            (answer, _) => answer,
        }
    }
}
