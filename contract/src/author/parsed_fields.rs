//! The fields that have been read so far. Conditions and steps refer to them by name.

use super::reader::{Located, Reader, suggestion};
use super::tree::Position;
use crate::definition::Field;

/// A field and its position in the file.
#[derive(Debug)]
pub(super) struct ParsedField {
    pub(super) at: Position,
    pub(super) field: Field,
    pub(super) opt_in: Option<Located<bool>>,
}

/// The fields that could be read, in the form's order.
#[derive(Debug)]
pub(super) struct ParsedFields {
    pub(super) list: Vec<ParsedField>,
    /// Whether every field could be read. If not, an unknown name may belong to a field that could
    /// not be read.
    pub(super) is_complete: bool,
}

/// The fields that a condition can use, because they come before it.
#[derive(Debug, Clone, Copy)]
pub(super) struct EarlierFields<'a> {
    list: &'a [ParsedField],
    is_complete: bool,
}

impl ParsedFields {
    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.list.iter().map(|parsed| parsed.field.parameter.as_str())
    }

    /// Returns all fields, for a condition that comes after them.
    pub(super) fn all(&self) -> EarlierFields<'_> {
        EarlierFields { list: &self.list, is_complete: self.is_complete }
    }

    /// Returns the fields before the field with this name, or all fields if no field has this name.
    pub(super) fn before(&self, parameter: &str) -> EarlierFields<'_> {
        let index = self.names().position(|name| name == parameter);
        let list = index.and_then(|index| self.list.get(..index)).unwrap_or(&self.list);
        EarlierFields { list, is_complete: self.is_complete }
    }
}

impl<'a> EarlierFields<'a> {
    pub(super) fn find(&self, parameter: &str) -> Option<&'a Field> {
        self.list.iter().map(|parsed| &parsed.field).find(|field| field.parameter == parameter)
    }

    /// Reports an unknown name with a suggestion, unless it may belong to a field that could not be
    /// read.
    pub(super) fn report_unknown(
        &self,
        reader: &mut Reader<'_>,
        at: Position,
        name: &str,
        problem: &str,
    ) {
        if self.is_complete {
            let names: Vec<&str> =
                self.list.iter().map(|parsed| parsed.field.parameter.as_str()).collect();
            let message = match names[..] {
                [] => problem.to_owned(),
                _ => format!("{problem}; {}", suggestion(name, &names)),
            };
            reader.report(at, message);
        }
    }
}
