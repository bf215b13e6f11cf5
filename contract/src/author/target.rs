//! The parameter or custom field of a value, and who may send it.

use super::reader::{Located, Reader, Table, nearest};
use super::tree::Position;
use crate::parameter::{self, Audience, CustomFieldName, Parameter, ParameterKind, creating_flag};

/// The parameter or custom field under which a value is sent.
pub(super) struct Target {
    pub(super) name: String,
    pub(super) row: &'static Parameter,
}

/// Reads the `parameter` or `custom_field` of a table.
pub(super) fn read(reader: &mut Reader<'_>, table: &mut Table) -> Option<Target> {
    let parameter = table.take_located_text(reader, "parameter");
    let custom = table.take_located_text(reader, "custom_field");
    match (parameter, custom) {
        (Some(Located { at, value: name }), None) => match parameter::find(&name) {
            Some(row) if row.kind == ParameterKind::CustomField => {
                let message = "write custom_field = \"its_api_name\" instead of parameter";
                reader.report(at, message);
                None
            }
            Some(row) => Some(Target { name, row }),
            None => {
                reader.report(at, unknown_parameter(&name));
                None
            }
        },
        (None, Some(Located { at, value: name })) => {
            if name.parse::<CustomFieldName>().is_err() {
                reader.report(at, bad_custom_field(&name));
                return None;
            }
            parameter::find("custom_field").map(|row| Target { name, row })
        }
        (Some(_), Some(custom)) => {
            let message = "`parameter` and `custom_field` cannot be used together; remove one";
            reader.report(custom.at, message);
            None
        }
        (None, None) => {
            let what = "parameter = \"contact_name\", or custom_field = \"its_api_name\"";
            table.report_missing(reader, "parameter", what);
            None
        }
    }
}

pub(super) fn unknown_parameter(name: &str) -> String {
    match nearest(name, parameter::all().map(|row| row.name)) {
        Some(near) => format!("unknown parameter `{name}`; did you mean `{near}`?"),
        None => format!(
            "unknown parameter `{name}`; for a custom field, write custom_field = \"{name}\""
        ),
    }
}

pub(super) fn bad_custom_field(name: &str) -> String {
    match parameter::find(name) {
        Some(_) => format!("`{name}` is a parameter of the API; write parameter = \"{name}\""),
        None => format!(
            "`{name}` cannot be a custom field's API name; start with a letter, and use only \
             letters, digits and underscores"
        ),
    }
}

/// Reports a parameter that neither visitors nor pages may set, or whose `opt_in` is missing or
/// unnecessary.
pub(super) fn check_audience(
    reader: &mut Reader<'_>,
    at: Position,
    target: &Target,
    opt_in: Option<&Located<bool>>,
) {
    let name = &target.name;
    match target.row.public {
        Audience::Never => {
            let why = match name.as_str() {
                "key" => "the proxy reads it only from its environment (CRM_API_KEY)",
                _ => "the widget creates it for each draft",
            };
            reader.report(at, format!("a form cannot ask for `{name}`: {why}; remove it"));
        }
        Audience::OptIn if !opt_in.is_some_and(|opt_in| opt_in.value) => reader.report(
            at,
            format!(
                "`{name}` affects more than the visitor's own deal; set it under [presets], or add \
                 opt_in = true if every visitor may choose it"
            ),
        ),
        // `creating` checks these parameters, because they depend on a flag that may come later in
        // the file.
        Audience::Visitor if creating_flag(name).is_some() => {}
        Audience::Visitor if opt_in.is_some() => reader.report(
            opt_in.and_then(|opt_in| opt_in.at),
            format!("`{name}` does not need opt_in; remove it"),
        ),
        Audience::OptIn | Audience::Visitor => {}
    }
}
