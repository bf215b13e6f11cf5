use serde::Serialize;

use super::DateBound;
use crate::attachments;
use crate::kind::{Kind, TextFormat};
use crate::values::FlagValue;
use crate::values::choices;

/// The kind of an answer, with the settings for this kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// Typed text.
    Text {
        /// The format of the text.
        format: TextFormat,
        /// The maximum number of characters. See [`FieldKind::length_limit`].
        max_length: Option<u32>,
    },
    /// A day.
    Date {
        /// The first allowed day.
        min: Option<DateBound>,
        /// The last allowed day.
        max: Option<DateBound>,
    },
    /// Yes or no.
    Flag {
        /// The value that means yes.
        yes: FlagValue,
        /// The control. Default: a checkbox.
        control: Option<FlagControl>,
    },
    /// One of the options.
    Choice {
        /// The options.
        options: Vec<Choice>,
        /// The control. Default: a drop-down list.
        control: Option<ChoiceControl>,
        /// Whether the visitor can write another answer.
        other: bool,
    },
    /// Several of the options. Options must not contain commas.
    Choices {
        /// The options.
        options: Vec<Choice>,
        /// The control. Default: a checkbox for each option.
        control: Option<ChoicesControl>,
        /// Whether the visitor can write other answers.
        other: bool,
        /// The minimum number of answers. A visitor may still skip an optional question.
        min: Option<u32>,
        /// The maximum number of answers.
        max: Option<u32>,
    },
    /// Files.
    Attachments {
        /// The maximum number of files. See [`FieldKind::count_limit`].
        max_files: Option<u32>,
        /// The total size of all files must be below this number of bytes. See
        /// [`FieldKind::total_limit`].
        max_total: Option<u64>,
    },
}

/// An option of a choice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// The value that is sent.
    pub value: String,
    /// The text that the visitor sees.
    pub label: String,
}

/// The control for a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChoiceControl {
    /// A drop-down list: the default.
    Select,
    /// A radio button for each option.
    Radio,
}

/// The control for a choice with several answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ChoicesControl {
    /// A checkbox for each option: the default.
    Checkboxes,
    /// A chip for each answer, and a line that suggests the options.
    Chips,
}

/// The control for a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FlagControl {
    /// A checkbox: the default.
    Checkbox,
    /// A switch.
    Switch,
}

/// The maximum number of characters if the form does not set one. The CRM's API reference names no
/// limit. This limit is higher than what people type, and low enough for storage.
const LINE_LIMIT: usize = 1_000;
const TEXT_LIMIT: usize = 20_000;

impl FieldKind {
    /// A day without bounds.
    pub const DATE: Self = Self::Date { min: None, max: None };

    /// Files with the CRM's limits.
    pub const ATTACHMENTS: Self = Self::Attachments { max_files: None, max_total: None };

    /// Creates a flag with the default control.
    pub const fn flag(yes: FlagValue) -> Self {
        Self::Flag { yes, control: None }
    }

    /// Creates a choice with the default control.
    pub const fn choice(options: Vec<Choice>) -> Self {
        Self::Choice { options, control: None, other: false }
    }

    /// Returns the options that the visitor can choose from. The list is empty for kinds that are
    /// not choices.
    pub fn options(&self) -> &[Choice] {
        match self {
            Self::Choice { options, .. } | Self::Choices { options, .. } => options,
            _ => &[],
        }
    }

    /// Returns whether the visitor can write an answer that is not an option.
    pub const fn takes_other(&self) -> bool {
        matches!(self, Self::Choice { other: true, .. } | Self::Choices { other: true, .. })
    }

    /// Returns whether the visitor can only choose from the options.
    pub fn has_only_options(&self) -> bool {
        !self.options().is_empty() && !self.takes_other()
    }

    /// Returns whether a question of this kind takes a whole row, unless its form says otherwise.
    pub const fn is_wide(&self) -> bool {
        match self {
            Self::Text { format, .. } => {
                matches!(format, TextFormat::MultiLine | TextFormat::Tags)
            }
            Self::Choice { control, .. } => matches!(control, Some(ChoiceControl::Radio)),
            Self::Date { .. } => false,
            Self::Flag { .. } | Self::Choices { .. } | Self::Attachments { .. } => true,
        }
    }

    /// Returns whether a line below the control shows how the form understands the answer, or how
    /// many characters are left.
    pub const fn has_feedback(&self) -> bool {
        match self {
            Self::Text { format, max_length } => {
                max_length.is_some() || matches!(format, TextFormat::Amount)
            }
            Self::Date { .. } => true,
            _ => false,
        }
    }

    /// Returns whether a plain form sends several values for one answer: several choices, or
    /// *Other* and its text.
    pub const fn has_several_values(&self) -> bool {
        matches!(self, Self::Choice { other: true, .. } | Self::Choices { .. })
    }

    /// Splits an answer into the parts that conditions compare and people read: the answers to a
    /// choice with several answers, or the whole answer.
    pub fn parts<'a>(&self, answer: &'a str) -> Vec<&'a str> {
        match self {
            Self::Choices { .. } => choices::parts(answer).collect(),
            _ => vec![answer],
        }
    }

    /// Returns the kind without its settings.
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text { format, .. } => Kind::Text(*format),
            Self::Date { .. } => Kind::Date,
            Self::Flag { .. } => Kind::Flag,
            Self::Choice { .. } => Kind::Choice,
            Self::Choices { .. } => Kind::Choices,
            Self::Attachments { .. } => Kind::Attachments,
        }
    }

    /// Returns the maximum number of characters (Unicode scalar values) of an answer. Default:
    /// 20,000 for multi-line text and for several choices, 1,000 for all other kinds.
    pub fn length_limit(&self) -> usize {
        let (own, default) = match self {
            Self::Text { format: TextFormat::MultiLine, max_length } => (*max_length, TEXT_LIMIT),
            Self::Text { max_length, .. } => (*max_length, LINE_LIMIT),
            Self::Choices { .. } => (None, TEXT_LIMIT),
            _ => (None, LINE_LIMIT),
        };
        own.and_then(|limit| limit.try_into().ok()).unwrap_or(default)
    }

    /// Returns the maximum number of files, at most [`attachments::COUNT_LIMIT`].
    pub fn count_limit(&self) -> usize {
        let Self::Attachments { max_files: Some(limit), .. } = self else {
            return attachments::COUNT_LIMIT;
        };
        usize::try_from(*limit).unwrap_or(usize::MAX).min(attachments::COUNT_LIMIT)
    }

    /// Returns the number of bytes that all files together must stay below. This number is at most
    /// [`attachments::TOTAL_LIMIT`].
    pub fn total_limit(&self) -> u64 {
        let Self::Attachments { max_total: Some(limit), .. } = self else {
            return attachments::TOTAL_LIMIT;
        };
        (*limit).min(attachments::TOTAL_LIMIT)
    }
}

/// Creates a kind for typed text with the default limit.
impl From<TextFormat> for FieldKind {
    fn from(format: TextFormat) -> Self {
        Self::Text { format, max_length: None }
    }
}

impl ChoiceControl {
    /// All controls.
    pub const ALL: [Self; 2] = [Self::Select, Self::Radio];

    /// Returns the name in form files and definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Select => "select",
            Self::Radio => "radio",
        }
    }

    /// Returns the control with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.as_str() == name)
    }
}

impl ChoicesControl {
    /// All controls.
    pub const ALL: [Self; 2] = [Self::Checkboxes, Self::Chips];

    /// Returns the name in form files and definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checkboxes => "checkboxes",
            Self::Chips => "chips",
        }
    }

    /// Returns the control with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.as_str() == name)
    }
}

impl FlagControl {
    /// All controls.
    pub const ALL: [Self; 2] = [Self::Checkbox, Self::Switch];

    /// Returns the name in form files and definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Checkbox => "checkbox",
            Self::Switch => "switch",
        }
    }

    /// Returns the control with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|control| control.as_str() == name)
    }
}
