//! Under which name a value is sent, and who may send it.

use super::reader::{Placed, Reader, Table, nearest};
use super::tree::Place;
use crate::parameter::{self, Audience, CustomFieldName, Parameter, ParameterKind, creating_flag};

/// What a value is sent as.
pub(super) struct Target {
    pub(super) name: String,
    pub(super) row: &'static Parameter,
}

/// The `parameter` or `custom_field` of that table.
pub(super) fn read(reader: &mut Reader<'_>, table: &mut Table) -> Option<Target> {
    let parameter = table.placed_text(reader, "parameter");
    let custom = table.placed_text(reader, "custom_field");
    match (parameter, custom) {
        (Some(Placed { at, value: name }), None) => match parameter::find(&name) {
            Some(row) if row.kind == ParameterKind::CustomField => {
                let message = "write custom_field = \"its_api_name\" in place of parameter";
                reader.mistake(at, message);
                None
            }
            Some(row) => Some(Target { name, row }),
            None => {
                reader.mistake(at, unknown_parameter(&name));
                None
            }
        },
        (None, Some(Placed { at, value: name })) => {
            if name.parse::<CustomFieldName>().is_err() {
                reader.mistake(at, bad_custom_field(&name));
                return None;
            }
            parameter::find("custom_field").map(|row| Target { name, row })
        }
        (Some(_), Some(custom)) => {
            let message = "here are a parameter and a custom_field; remove one";
            reader.mistake(custom.at, message);
            None
        }
        (None, None) => {
            let what = "parameter = \"contact_name\", or custom_field = \"its_api_name\"";
            table.missing(reader, "parameter", what);
            None
        }
    }
}

pub(super) fn unknown_parameter(name: &str) -> String {
    match nearest(name, parameter::all().map(|row| row.name)) {
        Some(near) => format!("the API has no parameter `{name}`; did you mean `{near}`?"),
        None => format!(
            "the API has no parameter `{name}`; a custom field is written custom_field = \"{name}\""
        ),
    }
}

pub(super) fn bad_custom_field(name: &str) -> String {
    match parameter::find(name) {
        Some(_) => format!("`{name}` is a parameter of the API; write parameter = \"{name}\""),
        None => format!(
            "`{name}` cannot be a custom field's API name; use letters, digits and underscores, a \
             letter first"
        ),
    }
}

/// Whether visitors, or the page that they are on, may set this parameter at all.
pub(super) fn may_be_asked(
    reader: &mut Reader<'_>,
    at: Place,
    target: &Target,
    opt_in: Option<&Placed<bool>>,
) {
    let name = &target.name;
    match target.row.public {
        Audience::Never => {
            let why = match name.as_str() {
                "key" => "it comes from the proxy's environment alone (CRM_API_KEY)",
                _ => "the widget makes it for each draft",
            };
            reader.mistake(at, format!("no form may ask for `{name}`: {why}; remove it"));
        }
        Audience::OptIn if !opt_in.is_some_and(|opt_in| opt_in.value) => reader.mistake(
            at,
            format!(
                "`{name}` reaches past the visitor's own deal; set it under [presets], or add \
                 opt_in = true if every visitor may choose it"
            ),
        ),
        // The rules decide about these: it depends on a flag that may stand further down.
        Audience::Visitor if creating_flag(name).is_some() => {}
        Audience::Visitor if opt_in.is_some() => reader.mistake(
            opt_in.and_then(|opt_in| opt_in.at),
            format!("`{name}` needs no opt_in; remove it"),
        ),
        Audience::OptIn | Audience::Visitor => {}
    }
}
