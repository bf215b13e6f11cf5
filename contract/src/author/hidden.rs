//! The `[[hidden]]` tables of a form definition: what the page answers.

use super::reader::{Placed, Reader, Table, suggestion};
use super::target::{self, Target, may_be_asked};
use super::tree::{Node, Place};
use crate::definition::{Hidden, HiddenSource, PageProperty};
use crate::kind::{Kind, TextFormat};
use crate::parameter::{Audience, ParameterKind};

/// A hidden value and where it stands.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) at: Place,
    pub(super) hidden: Hidden,
    pub(super) opt_in: Option<Placed<bool>>,
}

pub(super) fn read_all(reader: &mut Reader<'_>, form: &mut Table) -> Vec<Given> {
    let nodes = form.list(reader, "hidden");
    nodes.into_iter().filter_map(|node| read(reader, node)).collect()
}

fn read(reader: &mut Reader<'_>, node: Node) -> Option<Given> {
    let mut table = Table::open(reader, node, "a hidden value")?;
    let at = table.at;
    let target = target::read(reader, &mut table);
    let opt_in = table.boolean(reader, "opt_in");
    let source = source(reader, &mut table);
    table.close(reader);
    let target = target?;
    may_be_asked(reader, at, &target, opt_in.as_ref());
    takes_any_line(reader, at, &target);
    let hidden = Hidden { parameter: target.name, source: source? };
    Some(Given { at, hidden, opt_in })
}

fn source(reader: &mut Reader<'_>, table: &mut Table) -> Option<HiddenSource> {
    let url_parameter = table.placed_text(reader, "url_parameter");
    let page = table.placed_text(reader, "page");
    match (url_parameter, page) {
        (Some(name), None) => Some(HiddenSource::UrlParameter(name.value)),
        (None, Some(word)) => {
            let property = PageProperty::from_name(&word.value);
            if property.is_none() {
                let hint = suggestion(&word.value, &PageProperty::ALL.map(PageProperty::as_str));
                let message = format!("a page cannot tell its `{}`; {hint}", word.value);
                reader.mistake(word.at, message);
            }
            property.map(HiddenSource::Page)
        }
        (Some(_), Some(page)) => {
            reader.mistake(page.at, "here are a url_parameter and a page; remove one");
            None
        }
        (None, None) => {
            let what = "url_parameter = \"utm_source\", or page = \"address\"";
            table.missing(reader, "url_parameter", what);
            None
        }
    }
}

/// Nobody can mend what a page gives, so it goes only where every line of text is good, and not
/// where a link would do harm.
fn takes_any_line(reader: &mut Reader<'_>, at: Place, target: &Target) {
    let fits = matches!(
        target.row.kind,
        ParameterKind::CustomField
            | ParameterKind::Answer(Kind::Text(
                TextFormat::SingleLine | TextFormat::MultiLine | TextFormat::Tags
            ))
    );
    if !fits && target.row.public != Audience::Never {
        let message = format!(
            "`{}` cannot be hidden: it does not take every line of text; ask for it in a [[field]]",
            target.name
        );
        reader.mistake(at, message);
    }
}
