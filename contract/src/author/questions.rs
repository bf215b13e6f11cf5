//! The fields that are read so far, for what refers to them by name.

use super::reader::{Placed, Reader, suggestion};
use super::tree::Place;
use crate::definition::Field;

/// A field and its place in the file.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) at: Place,
    pub(super) field: Field,
    pub(super) opt_in: Option<Placed<bool>>,
}

/// The fields that could be read, in their order.
#[derive(Debug)]
pub(super) struct Questions {
    pub(super) asked: Vec<Asked>,
    /// Whether every field could be read, so that a name which is not here is in none of them.
    pub(super) whole: bool,
}

impl Questions {
    pub(super) fn find(&self, parameter: &str) -> Option<&Field> {
        self.names()
            .zip(&self.asked)
            .find(|(name, _)| *name == parameter)
            .map(|(_, one)| &one.field)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.asked.iter().map(|asked| asked.field.parameter.as_str())
    }

    /// Reports that there is no such field, unless it may be one that could not be read.
    pub(super) fn unknown(&self, reader: &mut Reader<'_>, at: Place, name: &str, there: &str) {
        if self.whole {
            let names: Vec<&str> = self.names().collect();
            let hint = suggestion(name, &names);
            reader.mistake(at, format!("there is no field `{name}` {there}; {hint}"));
        }
    }
}
