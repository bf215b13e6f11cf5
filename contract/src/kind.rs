//! The kinds of answers to CRM parameters and form fields.

use serde::{Serialize, Serializer};

/// The kind of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Typed text.
    Text(TextFormat),
    /// A day: [`crate::values::CalendarDate`].
    Date,
    /// Yes or no: [`crate::values::FlagValue`].
    Flag,
    /// One of the field's options.
    Choice,
    /// Any number of the field's options, separated by commas.
    Choices,
    /// Files: [`crate::attachments`].
    Attachments,
}

/// The format of typed text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextFormat {
    /// One line: [`crate::values::SingleLineText`].
    SingleLine,
    /// Any number of lines: [`crate::values::MultiLineText`].
    MultiLine,
    /// An email address: [`crate::values::Email`].
    Email,
    /// A phone number: [`crate::values::Phone`].
    Phone,
    /// A web address or a name on a social network: [`crate::values::SocialProfile`].
    SocialProfile,
    /// An amount of money: [`crate::values::Amount`].
    Amount,
    /// Tags, separated by commas: [`crate::values::Tags`].
    Tags,
    /// The number of a record in the CRM: [`crate::values::PositiveId`].
    Id,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 13] = [
        Self::Text(TextFormat::SingleLine),
        Self::Text(TextFormat::MultiLine),
        Self::Text(TextFormat::Email),
        Self::Text(TextFormat::Phone),
        Self::Text(TextFormat::SocialProfile),
        Self::Date,
        Self::Text(TextFormat::Amount),
        Self::Flag,
        Self::Choice,
        Self::Choices,
        Self::Text(TextFormat::Tags),
        Self::Text(TextFormat::Id),
        Self::Attachments,
    ];

    /// Returns the name of the kind in form files and definitions.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text(TextFormat::SingleLine) => "text",
            Self::Text(TextFormat::MultiLine) => "long_text",
            Self::Text(TextFormat::Email) => "email",
            Self::Text(TextFormat::Phone) => "phone",
            Self::Text(TextFormat::SocialProfile) => "handle",
            Self::Text(TextFormat::Amount) => "amount",
            Self::Text(TextFormat::Tags) => "tags",
            Self::Text(TextFormat::Id) => "id",
            Self::Date => "date",
            Self::Flag => "flag",
            Self::Choice => "choice",
            Self::Choices => "choices",
            Self::Attachments => "attachments",
        }
    }

    /// Returns the kind with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
