//! A question as JSON: the settings of its kind stand beside what every question has.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{ChoiceControl, Field, FieldKind, FlagControl};

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("parameter", &self.parameter)?;
        map.serialize_entry("kind", &self.kind.kind())?;
        map.serialize_entry("label", &self.label)?;
        optional(&mut map, "hint", self.hint.as_ref())?;
        if self.required {
            map.serialize_entry("required", &true)?;
        }
        match &self.kind {
            FieldKind::Text { max_length, .. } => optional(&mut map, "max_length", *max_length)?,
            FieldKind::Choice { options, control } => {
                if !options.is_empty() {
                    map.serialize_entry("options", options)?;
                }
                optional(&mut map, "control", control.map(ChoiceControl::as_str))?;
            }
            FieldKind::Flag { yes, control } => {
                map.serialize_entry("yes", yes)?;
                optional(&mut map, "control", control.map(FlagControl::as_str))?;
            }
            FieldKind::Date { min, max } => {
                optional(&mut map, "min", min.as_ref())?;
                optional(&mut map, "max", max.as_ref())?;
            }
            FieldKind::Attachments { .. } => {}
        }
        optional(&mut map, "show_when", self.show_when.as_ref())?;
        optional(&mut map, "autocomplete", self.autocomplete.as_ref())?;
        if let FieldKind::Attachments { max_files, max_total } = &self.kind {
            optional(&mut map, "max_files", *max_files)?;
            optional(&mut map, "max_total", *max_total)?;
        }
        map.end()
    }
}

fn optional<M: SerializeMap>(
    map: &mut M,
    name: &'static str,
    value: Option<impl Serialize>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(name, &value))
}
