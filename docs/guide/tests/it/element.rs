//! Compares the element's attributes, properties, methods and events in the guide with its script
//! and its types.

use std::collections::BTreeSet;

use deal_contract::definition::{ChoiceControl, ChoicesControl, FlagControl, PageProperty, Width};
use deal_contract::kind::Kind;
use deal_contract::protocol::Received;
use guide::{page, repository_file, rows, section};

use crate::assert_names_all;

/// Returns the part of a string between two other strings.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("cannot find {begin:?}"));
    rest.split_once(end).unwrap_or_else(|| panic!("cannot find {end:?}")).0
}

/// Returns the strings in double quotes.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

#[test]
fn documents_every_attribute() {
    let loader = repository_file("embed/deal-form.js");
    let listed = quoted(between(&loader, "const ATTRIBUTES = [", "]"));
    let read =
        ["getAttribute(", "hasAttribute(", "toggleAttribute("].into_iter().flat_map(|call| {
            loader.split(call).skip(1).filter_map(|rest| rest.strip_prefix('"')?.split('"').next())
        });
    // The script reads `lang` through a property that all elements have.
    let own = loader.contains("lang: this.lang").then_some("lang");
    let element = page("element.md");
    assert_names_all(listed.chain(read).chain(own), rows(section(&element, "## Attributes")));
}

#[test]
fn documents_every_property_and_method() {
    let types = repository_file("embed/deal-form.d.ts");
    let members = between(&types, "interface DealForm extends HTMLElement {", "\n}");
    let members = members.lines().filter_map(|line| {
        let line = line.strip_prefix("  ").filter(|line| line.starts_with(char::is_alphabetic))?;
        let end = line.find(|c: char| !c.is_alphanumeric())?;
        Some(line.split_at(end))
    });
    // All elements have this method; it is listed only for its types.
    let members = members.filter(|(name, _)| *name != "addEventListener");
    let (methods, properties): (Vec<_>, Vec<_>) =
        members.partition(|(_, rest)| rest.starts_with('('));
    let methods = methods.iter().map(|(name, _)| *name);
    let element = page("element.md");
    let named = rows(section(&element, "## Methods"));
    assert_names_all(methods, named.iter().map(|call| call.split('(').next().unwrap_or_default()));
    let named = rows(section(&element, "## Properties"));
    assert_names_all(properties.iter().map(|(name, _)| *name), named);
}

#[test]
fn documents_every_event_and_every_failure_code() {
    let types = repository_file("embed/deal-form.d.ts");
    let events = between(&types, "export interface DealFormEventMap {", "\n}");
    let events = quoted(events).filter(|name| name.starts_with("deal-form-"));
    let page = page("events.md");
    assert_names_all(events, rows(section(&page, "## The events")));
    for row in section(&page, "## The events").lines().filter(|line| line.starts_with("| `")) {
        assert_details(&types, row);
    }
    let failures = quoted(between(&types, "export type FailureCode =", ";"));
    let load = quoted(between(&types, "export type ErrorCode =", ";"));
    assert_names_all(failures.chain(load), rows(section(&page, "## Codes of failures")));
}

/// Compares an event's `detail` in a table row with the type of the `detail`.
#[track_caller]
fn assert_details(types: &str, row: &str) {
    let cells: Vec<&str> = row.split('|').collect();
    let [_, name, _, cell, _] = cells[..] else { panic!("{row}") };
    let declaration = format!("\"{}\": CustomEvent<", name.trim().trim_matches('`'));
    let mut detail = between(types, &declaration, ">;").to_owned();
    for named in ["Deal", "Received"] {
        if detail.split(" | ").any(|part| part == named) {
            detail += between(types, &format!("export interface {named} {{"), "\n}");
        }
    }
    // A member is the last name before a colon.
    let mut members: Vec<&str> = detail.split(':').collect();
    members.pop();
    let is_in_name = |c: char| c.is_alphanumeric() || c == '_';
    let declared: BTreeSet<&str> =
        members.iter().filter_map(|text| text.rsplit(|c| !is_in_name(c)).next()).collect();
    let documented: BTreeSet<&str> =
        cell.split('`').skip(1).step_by(2).filter_map(|code| code.split(':').next()).collect();
    assert!(documented.is_subset(&declared), "{row}: the type has {declared:?}");
    // An ellipsis stands for the other members.
    assert!(
        declared.is_subset(&documented) || cell.contains('…'),
        "{row}: the type has {declared:?}"
    );
}

#[track_caller]
fn assert_lists<'n>(types: &str, begin: &str, names: impl IntoIterator<Item = &'n str>) {
    let listed: BTreeSet<&str> = quoted(between(types, begin, ";")).collect();
    assert_eq!(listed, names.into_iter().collect(), "{begin}");
}

#[test]
fn declares_every_name_of_the_contract() {
    let types = repository_file("embed/deal-form.d.ts");
    assert_lists(&types, "  kind:\n", Kind::ALL.map(Kind::as_str));
    let choice = ChoiceControl::ALL.map(ChoiceControl::as_str);
    let flag = FlagControl::ALL.map(FlagControl::as_str);
    let choices = ChoicesControl::ALL.map(ChoicesControl::as_str);
    assert_lists(&types, "  control?:", choice.into_iter().chain(choices).chain(flag));
    assert_lists(&types, "  width?:", Width::ALL.map(Width::as_str));
    assert_lists(&types, "page: ", PageProperty::ALL.map(PageProperty::as_str));
    assert!(types.contains(&format!("  message: \"{}\";", Received::MESSAGE)));
}
