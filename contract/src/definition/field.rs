use serde::{Serialize, Serializer};

use super::{Condition, DateBound, FieldKind};
use crate::attachments;
use crate::values::FlagValue;

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// The name under which the answer is sent: a parameter of the API or a custom field's name.
    pub parameter: String,
    /// What the answer looks like.
    pub kind: FieldKind,
    /// The question's text.
    pub label: String,
    /// A line of help below the label.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Whether an answer is needed.
    #[serde(skip_serializing_if = "is_false")]
    pub required: bool,
    /// The most characters. See [`Field::length_limit`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_length: Option<u32>,
    /// For a choice: its answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// For a flag: the value that means yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yes: Option<FlagValue>,
    /// How a choice or a flag looks, where it is not the usual way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<Control>,
    /// For a date: the first day that may be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<DateBound>,
    /// For a date: the last day that may be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<DateBound>,
    /// When it is asked; always where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_when: Option<Condition>,
    /// The autofill token for the browser (WHATWG HTML, 4.10.18.7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autocomplete: Option<String>,
    /// For attachments: the most files. See [`Field::count_limit`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_files: Option<u32>,
    /// For attachments: the bytes under which all files have to stay together. See
    /// [`Field::total_limit`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_total: Option<u64>,
}

/// One answer of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What the visitor reads.
    pub label: String,
}

/// How a question with given answers looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Control {
    /// A choice as a list that opens: the usual one.
    Select,
    /// A choice with every answer in view.
    Radio,
    /// A flag as a box to tick: the usual one.
    Checkbox,
    /// A flag as a switch.
    Switch,
}

impl Control {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Select, Self::Radio, Self::Checkbox, Self::Switch];

    /// As a definition writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Radio => "radio",
            Self::Checkbox => "checkbox",
            Self::Switch => "switch",
        }
    }

    /// The one spelt so, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.as_str() == name)
    }

    /// The kind of question that can look so.
    pub const fn kind(self) -> FieldKind {
        match self {
            Self::Select | Self::Radio => FieldKind::Choice,
            Self::Checkbox | Self::Switch => FieldKind::Flag,
        }
    }
}

impl Serialize for Control {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Field {
    /// An optional question with the usual limits.
    pub fn new(parameter: &str, kind: FieldKind, label: &str) -> Self {
        Self {
            parameter: parameter.to_owned(),
            kind,
            label: label.to_owned(),
            hint: None,
            required: false,
            max_length: None,
            options: Vec::new(),
            yes: None,
            control: None,
            min: None,
            max: None,
            show_when: None,
            autocomplete: None,
            max_files: None,
            max_total: None,
        }
    }

    /// The most characters (Unicode scalar values) of an answer. The reference sets no limit;
    /// where the form sets none either, 1,000 for a line and 20,000 for long text are more than
    /// people type and little enough to store.
    pub fn length_limit(&self) -> usize {
        let usual = if self.kind == FieldKind::LongText { 20_000 } else { 1_000 };
        self.max_length.and_then(|limit| limit.try_into().ok()).unwrap_or(usual)
    }

    /// For a flag: the value that means yes.
    pub fn yes(&self) -> FlagValue {
        self.yes.unwrap_or(FlagValue::One)
    }

    /// The answer that conditions compare: a flag without an answer is an unticked box, which counts
    /// as no.
    pub(super) fn counted_answer<'a>(&self, answer: &'a str) -> &'a str {
        match answer.trim() {
            "" if self.kind == FieldKind::Flag => self.yes().other().as_str(),
            answer => answer,
        }
    }

    /// The most files: never more than [`attachments::COUNT_LIMIT`].
    pub fn count_limit(&self) -> usize {
        let own = self.max_files.and_then(|limit| limit.try_into().ok());
        own.unwrap_or(attachments::COUNT_LIMIT).min(attachments::COUNT_LIMIT)
    }

    /// The bytes under which all files have to stay together: never more than
    /// [`attachments::TOTAL_LIMIT`].
    pub fn total_limit(&self) -> u64 {
        self.max_total.unwrap_or(attachments::TOTAL_LIMIT).min(attachments::TOTAL_LIMIT)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes so")]
fn is_false(value: &bool) -> bool {
    !*value
}
