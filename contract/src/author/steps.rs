//! The `[[step]]` tables of a form definition.

use super::condition;
use super::parsed_fields::ParsedFields;
use super::reader::{Located, Reader, Table};
use super::tree::{Node, Value};
use crate::definition::Step;

pub(super) fn read_all(
    reader: &mut Reader<'_>,
    form: &mut Table,
    fields: &ParsedFields,
) -> Vec<Step> {
    let nodes = form.take_list(reader, "step");
    if let [only] = &nodes[..] {
        reader.report(
            only.at,
            "a form with steps needs at least two; remove this step or add another",
        );
    }
    let written = !nodes.is_empty();
    let (mut steps, mut named) = (Vec::new(), Vec::new());
    for node in nodes {
        let Some((step, located)) = read(reader, node, fields) else { continue };
        steps.push(step);
        named.extend(located);
    }
    if written {
        check(reader, fields, &named);
    }
    steps
}

/// Reads a step, and the names of its fields with their positions.
fn read(
    reader: &mut Reader<'_>,
    node: Node,
    all: &ParsedFields,
) -> Option<(Step, Vec<Located<String>>)> {
    let mut table = Table::open(reader, node, "a step")?;
    let title = table.take_text(reader, "title");
    if title.is_none() {
        table.report_missing(reader, "title", "the step's heading, such as title = \"About you\"");
    }
    let at = table.at;
    let fields = table.take_list(reader, "fields");
    if fields.is_empty() {
        let message =
            "this step has no fields; write fields = [\"contact_name\"] or remove the step";
        reader.report(at, message);
    }
    let fields: Vec<_> = fields.into_iter().filter_map(|node| read_name(reader, node)).collect();
    // Only questions before the step can be used: a condition on a question in the same step could
    // hide that question.
    let earlier = fields.first().map_or_else(|| all.all(), |first| all.before(&first.value));
    let show_when = condition::read(reader, &mut table, "show_when", earlier);
    table.close(reader);
    let names = fields.iter().map(|name| name.value.clone()).collect();
    Some((Step { title: title.unwrap_or_default(), fields: names, show_when }, fields))
}

fn read_name(reader: &mut Reader<'_>, node: Node) -> Option<Located<String>> {
    if let Value::Text(value) = node.value {
        return Some(Located { at: node.at, value });
    }
    let noun = node.value.noun();
    reader.report(node.at, format!("`fields` takes names in quotes, not {noun}"));
    None
}

/// Checks that each field is in exactly one step, in the form's order.
fn check(reader: &mut Reader<'_>, fields: &ParsedFields, named: &[Located<String>]) {
    let mut before: Option<(usize, &str)> = None;
    for (index, Located { at, value: name }) in named.iter().enumerate() {
        if named.iter().take(index).any(|other| other.value == *name) {
            reader.report(*at, format!("`{name}` is in the steps twice; remove one"));
            continue;
        }
        let Some(index_in_form) = fields.names().position(|known| known == name) else {
            fields.all().report_unknown(reader, *at, name, &format!("unknown field `{name}`"));
            continue;
        };
        if let Some((index_before, name_before)) = before
            && index_in_form < index_before
        {
            let message = format!(
                "`{name}` is before `{name_before}` in the form; use the same order in the steps"
            );
            reader.report(*at, message);
        }
        before = Some((index_in_form, name));
    }
    for parsed in &fields.list {
        let name = &parsed.field.parameter;
        if !named.iter().any(|other| other.value == *name) {
            reader.report(parsed.at, format!("`{name}` is not in any step; add it to one"));
        }
    }
}
