use serde::{Serialize, Serializer};

use crate::kind::{Kind, TextFormat};

/// The kind of a parameter's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    /// The account's API key.
    Key,
    /// The sender's unique name for the deal: [`crate::reference::Reference`].
    Reference,
    /// [`crate::values::Resolution`].
    Resolution,
    /// Any value, under the name of the custom field: [`CustomFieldName`](super::CustomFieldName).
    CustomField,
    /// A value with the format of an answer of this kind.
    Answer(Kind),
}

impl ParameterKind {
    /// Returns the name of the kind in the table that `deal-proxy` prints.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Reference => "reference",
            Self::Resolution => "resolution",
            Self::CustomField => "custom_field",
            Self::Answer(kind) => kind.as_str(),
        }
    }

    /// Returns the kinds of field that can ask for a parameter of this kind, the default first.
    pub fn field_kinds(self) -> Vec<Kind> {
        match self {
            Self::Key | Self::Reference => Vec::new(),
            Self::Resolution => vec![Kind::Choice],
            Self::CustomField => {
                Kind::ALL.into_iter().filter(|kind| *kind != Kind::Attachments).collect()
            }
            Self::Answer(kind) => [&[kind], alternatives(kind)].concat(),
        }
    }
}

/// Other kinds of field for a parameter of this kind.
const fn alternatives(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::Text(TextFormat::SingleLine) => &[Kind::Text(TextFormat::MultiLine), Kind::Choice],
        Kind::Text(TextFormat::MultiLine) => &[Kind::Text(TextFormat::SingleLine)],
        Kind::Text(TextFormat::Tags) => &[Kind::Choice, Kind::Choices],
        Kind::Text(TextFormat::Email | TextFormat::Amount) => &[Kind::Choice],
        _ => &[],
    }
}

/// Returns the kind of a parameter whose value is typed text.
pub(super) const fn text(format: TextFormat) -> ParameterKind {
    ParameterKind::Answer(Kind::Text(format))
}

impl Serialize for ParameterKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
