//! The `[success]` table of a form definition.

use super::reader::{Located, Reader, Table, suggestion};
use super::tree::{Node, Value};
use crate::definition::{Redirect, Success};
use crate::reply::Deal;
use crate::template::placeholders;

pub(super) fn read(reader: &mut Reader<'_>, form: &mut Table) -> Success {
    let Some(node) = form.take("success") else { return Success::DEFAULT };
    let Some(mut table) = Table::open(reader, node, "success") else { return Success::DEFAULT };
    let redirect = read_redirect(reader, &mut table);
    let show = table.take("show").map(|node| read_show(reader, node));
    let another = table.take_boolean(reader, "another");
    table.close(reader);
    Success { redirect, show, another: another.is_none_or(|another| another.value) }
}

pub(super) fn read_redirect(reader: &mut Reader<'_>, table: &mut Table) -> Option<Redirect> {
    let Located { at, value: address } = table.take_located_text(reader, "redirect")?;
    let redirect = Redirect::new(&address);
    if redirect.is_none() {
        let message = "`redirect` takes an address that begins with https:// or /, without spaces; if it begins \
                       with /, a placeholder cannot follow immediately";
        reader.report(at, message);
    }
    for name in placeholders(&address) {
        if !Redirect::PLACEHOLDERS.contains(&name) {
            let hint = suggestion(name, &Redirect::PLACEHOLDERS);
            reader.report(at, format!("`redirect` cannot contain `{{{name}}}`; {hint}"));
        }
    }
    redirect
}

fn read_show(reader: &mut Reader<'_>, node: Node) -> Vec<String> {
    let Value::List(items) = node.value else {
        reader.report(node.at, "`show` takes a list, such as [\"deal_id\", \"stage\"]");
        return Vec::new();
    };
    let mut names = Vec::new();
    for Node { at, value } in items {
        match value {
            Value::Text(name) if Deal::NAMES.contains(&&*name) => names.push(name),
            Value::Text(name) => {
                let hint = suggestion(&name, &Deal::NAMES);
                reader.report(at, format!("the CRM's reply has no `{name}`; {hint}"));
            }
            other => {
                let noun = other.noun();
                reader.report(at, format!("`show` takes names in quotes, not {noun}"));
            }
        }
    }
    names
}
