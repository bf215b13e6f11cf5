//! The `[[step]]` tables of a form definition.

use super::questions::Questions;
use super::reader::{Placed, Reader, Table};
use super::tree::{Node, Value};
use crate::definition::Step;

pub(super) fn read_all(
    reader: &mut Reader<'_>,
    form: &mut Table,
    questions: &Questions,
) -> Vec<Step> {
    let nodes = form.list(reader, "step");
    if let [only] = &nodes[..] {
        reader.mistake(only.at, "one step is the whole form; remove it, or write a second one");
    }
    let written = !nodes.is_empty();
    let (mut steps, mut named) = (Vec::new(), Vec::new());
    for node in nodes {
        let Some((title, fields)) = read(reader, node) else { continue };
        steps.push(Step { title, fields: fields.iter().map(|name| name.value.clone()).collect() });
        named.extend(fields);
    }
    if written {
        check(reader, questions, &named);
    }
    steps
}

fn read(reader: &mut Reader<'_>, node: Node) -> Option<(String, Vec<Placed<String>>)> {
    let mut table = Table::open(reader, node, "a step")?;
    let title = table.text(reader, "title");
    if title.is_none() {
        table.missing(reader, "title", "the step's heading, such as title = \"About you\"");
    }
    let at = table.at;
    let fields = table.list(reader, "fields");
    table.close(reader);
    if fields.is_empty() {
        let message = "a step has no fields; write fields = [\"contact_name\"] or remove the step";
        reader.mistake(at, message);
    }
    let fields = fields.into_iter().filter_map(|node| name(reader, node)).collect();
    Some((title.unwrap_or_default(), fields))
}

fn name(reader: &mut Reader<'_>, node: Node) -> Option<Placed<String>> {
    if let Value::Text(value) = node.value {
        return Some(Placed { at: node.at, value });
    }
    let noun = node.value.noun();
    reader.mistake(node.at, format!("`fields` takes names in quotes, but here is {noun}"));
    None
}

/// Each field in exactly one step, in the form's order.
fn check(reader: &mut Reader<'_>, questions: &Questions, named: &[Placed<String>]) {
    let mut before: Option<(usize, &str)> = None;
    for (index, Placed { at, value: name }) in named.iter().enumerate() {
        if named.iter().take(index).any(|other| other.value == *name) {
            reader.mistake(*at, format!("`{name}` stands in the steps twice; remove one"));
            continue;
        }
        let Some(place) = questions.names().position(|known| known == name) else {
            questions.unknown(reader, *at, name, "in this form");
            continue;
        };
        if let Some((place_before, name_before)) = before
            && place < place_before
        {
            let message = format!(
                "`{name}` comes before `{name_before}` in the form; steps keep the form's order"
            );
            reader.mistake(*at, message);
        }
        before = Some((place, name));
    }
    for asked in &questions.asked {
        let name = &asked.field.parameter;
        if !named.iter().any(|other| other.value == *name) {
            reader.mistake(asked.at, format!("`{name}` is in no step; add it to one"));
        }
    }
}
