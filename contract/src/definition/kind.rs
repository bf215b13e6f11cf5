use serde::{Serialize, Serializer};

/// What an answer looks like, and so which control asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FieldKind {
    /// One line.
    Text,
    /// Any number of lines.
    LongText,
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
    /// A web address or a name in a network.
    SocialProfile,
    /// A day.
    Date,
    /// An amount of money.
    Amount,
    /// Yes or no.
    Flag,
    /// One of the listed answers.
    Choice,
    /// Tags, split by commas.
    Tags,
    /// The number of a record in the CRM.
    Id,
    /// Files.
    Attachments,
}

impl FieldKind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::Text,
        Self::LongText,
        Self::Email,
        Self::Phone,
        Self::SocialProfile,
        Self::Date,
        Self::Amount,
        Self::Flag,
        Self::Choice,
        Self::Tags,
        Self::Id,
        Self::Attachments,
    ];

    /// As a definition writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::SocialProfile => "handle",
            Self::Date => "date",
            Self::Amount => "amount",
            Self::Flag => "flag",
            Self::Choice => "choice",
            Self::Tags => "tags",
            Self::Id => "id",
            Self::Attachments => "attachments",
        }
    }

    /// The kind spelt so, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl Serialize for FieldKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
