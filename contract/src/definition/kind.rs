use serde::Serialize;

use super::DateBound;
use crate::attachments;
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;

/// What an answer looks like, with the settings of that kind of answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A typed text.
    Text {
        /// What it looks like.
        format: TextFormat,
        /// The most characters. See [`FieldKind::length_limit`].
        max_length: Option<u32>,
    },
    /// A day.
    Date {
        /// The first day that may be named.
        min: Option<DateBound>,
        /// The last day that may be named.
        max: Option<DateBound>,
    },
    /// Yes or no.
    Flag {
        /// The value that means yes.
        yes: FlagValue,
        /// How it looks; a checkbox if nothing is said.
        control: Option<FlagControl>,
    },
    /// One of the listed answers.
    Choice {
        /// The answers.
        options: Vec<Choice>,
        /// How it looks; a list that opens if nothing is said.
        control: Option<ChoiceControl>,
    },
    /// Files.
    Attachments {
        /// The most files. See [`FieldKind::count_limit`].
        max_files: Option<u32>,
        /// The bytes under which all files have to stay together. See [`FieldKind::total_limit`].
        max_total: Option<u64>,
    },
}

/// One answer of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What the visitor reads.
    pub label: String,
}

/// How a choice looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChoiceControl {
    /// A list that opens: the usual one.
    Select,
    /// Every answer in view.
    Radio,
}

/// How a flag looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlagControl {
    /// A box to tick: the usual one.
    Checkbox,
    /// A switch.
    Switch,
}

/// The most characters of an answer for which a form sets no limit. The reference sets none
/// either; these are more than people type and little enough to store.
const LINE_LIMIT: usize = 1_000;
const TEXT_LIMIT: usize = 20_000;

impl FieldKind {
    /// A day without bounds.
    pub const DATE: Self = Self::Date { min: None, max: None };

    /// Files with the limits of the CRM.
    pub const ATTACHMENTS: Self = Self::Attachments { max_files: None, max_total: None };

    /// A flag in its usual look.
    pub const fn flag(yes: FlagValue) -> Self {
        Self::Flag { yes, control: None }
    }

    /// A choice in its usual look.
    pub const fn choice(options: Vec<Choice>) -> Self {
        Self::Choice { options, control: None }
    }

    /// The kind without its settings.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text { format, .. } => Kind::Text(*format),
            Self::Date { .. } => Kind::Date,
            Self::Flag { .. } => Kind::Flag,
            Self::Choice { .. } => Kind::Choice,
            Self::Attachments { .. } => Kind::Attachments,
        }
    }

    /// The most characters (Unicode scalar values) of an answer: those that the form sets, or 1,000
    /// for a line and 20,000 for long text.
    pub fn length_limit(&self) -> usize {
        let (own, usual) = match self {
            Self::Text { format: TextFormat::MultiLine, max_length } => (*max_length, TEXT_LIMIT),
            Self::Text { max_length, .. } => (*max_length, LINE_LIMIT),
            _ => (None, LINE_LIMIT),
        };
        own.and_then(|limit| limit.try_into().ok()).unwrap_or(usual)
    }

    /// The most files: never more than [`attachments::COUNT_LIMIT`].
    pub fn count_limit(&self) -> usize {
        let Self::Attachments { max_files: Some(limit), .. } = self else {
            return attachments::COUNT_LIMIT;
        };
        usize::try_from(*limit).unwrap_or(usize::MAX).min(attachments::COUNT_LIMIT)
    }

    /// The bytes under which all files have to stay together: never more than
    /// [`attachments::TOTAL_LIMIT`].
    pub fn total_limit(&self) -> u64 {
        let Self::Attachments { max_total: Some(limit), .. } = self else {
            return attachments::TOTAL_LIMIT;
        };
        (*limit).min(attachments::TOTAL_LIMIT)
    }
}

/// A typed text with the usual limit.
impl From<TextFormat> for FieldKind {
    fn from(format: TextFormat) -> Self {
        Self::Text { format, max_length: None }
    }
}

impl ChoiceControl {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Select, Self::Radio];

    /// As a definition writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Radio => "radio",
        }
    }

    /// The one of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.as_str() == name)
    }
}

impl FlagControl {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Checkbox, Self::Switch];

    /// As a definition writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checkbox => "checkbox",
            Self::Switch => "switch",
        }
    }

    /// The one of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.as_str() == name)
    }
}
