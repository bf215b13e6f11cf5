//! The `[[route]]` tables of a form definition.

use super::condition;
use super::hidden::ParsedHidden;
use super::parsed_fields::ParsedFields;
use super::presets::{self, Preset};
use super::reader::{Reader, Table, suggestion};
use super::tree::{Node, Position};
use crate::definition::{ApplyRoutes, Condition, Route};

/// A route and its position in the file.
#[derive(Debug)]
pub(super) struct ParsedRoute {
    at: Position,
    when: Option<Condition>,
    pub(super) presets: Vec<Preset>,
}

/// The routes, and which of them apply.
#[derive(Debug)]
pub(super) struct ParsedRoutes {
    pub(super) list: Vec<ParsedRoute>,
    pub(super) apply: ApplyRoutes,
}

pub(super) fn read_all(
    reader: &mut Reader<'_>,
    form: &mut Table,
    fields: &ParsedFields,
    hidden: &[ParsedHidden],
) -> ParsedRoutes {
    let apply = form.take_located_text(reader, "apply_routes");
    let nodes = form.take_list(reader, "route");
    if let Some(apply) = &apply
        && nodes.is_empty()
    {
        reader.report(apply.at, "`apply_routes` has no effect without a [[route]]; remove it");
    }
    let apply = apply.and_then(|word| {
        let found = ApplyRoutes::ALL.into_iter().find(|known| known.as_str() == word.value);
        if found.is_none() {
            let hint = suggestion(&word.value, &ApplyRoutes::ALL.map(ApplyRoutes::as_str));
            let message = format!("unknown value `{}` of `apply_routes`; {hint}", word.value);
            reader.report(word.at, message);
        }
        found
    });
    let list = nodes.into_iter().filter_map(|node| read(reader, node, fields, hidden)).collect();
    let routes = ParsedRoutes { list, apply: apply.unwrap_or_default() };
    report_unreachable(reader, &routes);
    routes
}

fn read(
    reader: &mut Reader<'_>,
    node: Node,
    fields: &ParsedFields,
    hidden: &[ParsedHidden],
) -> Option<ParsedRoute> {
    let mut table = Table::open(reader, node, "a route")?;
    let at = table.at;
    let when = condition::read(reader, &mut table, "when", fields.all());
    if when.is_none() {
        let what = "the condition under which the route applies, such as \
                    when = { parameter = \"contact_name\", filled = true }";
        table.report_missing(reader, "when", what);
    }
    let presets = presets::read_all(reader, &mut table, fields, hidden);
    if presets.is_empty() {
        let what = "[route.presets] and, below it, what the proxy sends on this route";
        table.report_missing(reader, "presets", what);
    }
    table.close(reader);
    Some(ParsedRoute { at, when, presets })
}

/// Reports a route that never applies: only the first matching route applies, and an earlier route
/// has the same condition.
fn report_unreachable(reader: &mut Reader<'_>, routes: &ParsedRoutes) {
    for (index, route) in routes.list.iter().enumerate() {
        let mut earlier = routes.list.iter().take(index);
        let is_repeated = route.when.is_some() && earlier.any(|other| other.when == route.when);
        if is_repeated && routes.apply == ApplyRoutes::First {
            let message = "an earlier route has the same condition, so this one never applies; \
                           write apply_routes = \"all\", or change a condition";
            reader.report(route.at, message);
        }
    }
}

impl ParsedRoutes {
    /// Returns the presets of all routes.
    pub(super) fn presets(&self) -> impl Iterator<Item = &Preset> {
        self.list.iter().flat_map(|route| &route.presets)
    }

    /// Returns the routes, except those whose condition could not be read.
    pub(super) fn into_routes(self) -> Vec<Route> {
        let route = |ParsedRoute { when, presets, .. }| {
            Some(Route { when: when?, presets: presets::into_map(presets) })
        };
        self.list.into_iter().filter_map(route).collect()
    }
}
