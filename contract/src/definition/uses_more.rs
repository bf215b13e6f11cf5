use super::{ChoiceControl, Field, FieldKind, PublicDefinition};
use crate::kind::TextFormat;

impl PublicDefinition {
    /// Returns whether the widget needs its second module for this form. The second module contains what
    /// few forms use: files, dates, tags, and choices other than a drop-down list.
    pub fn uses_more(&self) -> bool {
        self.fields.iter().any(Field::uses_more)
    }
}

impl Field {
    const fn uses_more(&self) -> bool {
        match self.kind {
            FieldKind::Text { format, .. } => matches!(format, TextFormat::Tags),
            FieldKind::Flag { .. } => false,
            FieldKind::Choice { control, other, .. } => {
                other || matches!(control, Some(ChoiceControl::Radio))
            }
            FieldKind::Date { .. } | FieldKind::Choices { .. } | FieldKind::Attachments { .. } => {
                true
            }
        }
    }
}
