//! The `[[hidden]]` tables of a form definition.

use super::parsed_fields::ParsedFields;
use super::reader::{Located, Reader, Table, suggestion};
use super::target::{self, Target, check_audience};
use super::tree::{Node, Position};
use crate::definition::{Hidden, HiddenSource, PageProperty};
use crate::kind::{Kind, TextFormat};
use crate::parameter::{Audience, ParameterKind};

/// The parameters with which advertisers mark their links, and the click ids of Google, Meta and
/// Microsoft. `embed/deal-form.js` keeps parameters with such names for the tab.
const CAMPAIGN: [&str; 8] = [
    "utm_source",
    "utm_medium",
    "utm_campaign",
    "utm_term",
    "utm_content",
    "gclid",
    "fbclid",
    "msclkid",
];

/// A hidden value and its position in the file.
#[derive(Debug)]
pub(super) struct ParsedHidden {
    pub(super) at: Position,
    pub(super) hidden: Hidden,
    pub(super) opt_in: Option<Located<bool>>,
}

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> Vec<ParsedHidden> {
    let nodes = form.take_list(reader, "hidden");
    nodes.into_iter().filter_map(|node| read(reader, node)).collect()
}

/// Adds a hidden value for each campaign parameter, as a custom field with the same name, unless
/// the form already has a field or a hidden value for this custom field.
pub(super) fn add_campaign(hidden: &mut Vec<ParsedHidden>, fields: &ParsedFields, at: Position) {
    for name in CAMPAIGN {
        let is_set = hidden.iter().any(|parsed| parsed.hidden.parameter == name);
        if !is_set && !fields.names().any(|field| field == name) {
            let source = HiddenSource::UrlParameter(name.to_owned());
            let hidden_value = Hidden { parameter: name.to_owned(), source };
            hidden.push(ParsedHidden { at, hidden: hidden_value, opt_in: None });
        }
    }
}

fn read(reader: &mut Reader<'_>, node: Node) -> Option<ParsedHidden> {
    let mut table = Table::open(reader, node, "a hidden value")?;
    let at = table.at;
    let target = target::read(reader, &mut table);
    let opt_in = table.take_boolean(reader, "opt_in");
    let source = read_source(reader, &mut table);
    table.close(reader);
    let target = target?;
    check_audience(reader, at, &target, opt_in.as_ref());
    check_can_be_hidden(reader, at, &target);
    let hidden = Hidden { parameter: target.name, source: source? };
    Some(ParsedHidden { at, hidden, opt_in })
}

fn read_source(reader: &mut Reader<'_>, table: &mut Table) -> Option<HiddenSource> {
    let url_parameter = table.take_located_text(reader, "url_parameter");
    let page = table.take_located_text(reader, "page");
    match (url_parameter, page) {
        (Some(name), None) => Some(HiddenSource::UrlParameter(name.value)),
        (None, Some(word)) => {
            let property = PageProperty::from_name(&word.value);
            if property.is_none() {
                let hint = suggestion(&word.value, &PageProperty::ALL.map(PageProperty::as_str));
                let message = format!("unknown value `{}` of `page`; {hint}", word.value);
                reader.report(word.at, message);
            }
            property.map(HiddenSource::Page)
        }
        (Some(_), Some(page)) => {
            reader
                .report(page.at, "`url_parameter` and `page` cannot be used together; remove one");
            None
        }
        (None, None) => {
            let what = "url_parameter = \"utm_source\", or page = \"address\"";
            table.report_missing(reader, "url_parameter", what);
            None
        }
    }
}

/// Checks that a parameter can have a hidden value. Visitors cannot correct hidden values, so the
/// parameter must accept any line of text. Social profiles are excluded, because the CRM shows them
/// as links.
fn check_can_be_hidden(reader: &mut Reader<'_>, at: Position, target: &Target) {
    let fits = matches!(
        target.row.kind,
        ParameterKind::CustomField
            | ParameterKind::Answer(Kind::Text(
                TextFormat::SingleLine | TextFormat::MultiLine | TextFormat::Tags
            ))
    );
    if !fits && target.row.public != Audience::Never {
        let message = format!(
            "`{}` cannot be a hidden value, because it accepts only values in a specific format; ask for it in a [[field]]",
            target.name
        );
        reader.report(at, message);
    }
}
