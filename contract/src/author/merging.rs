//! Presets that would make the CRM merge several visitors into one record.

use super::reader::Reader;
use super::sent::{Sent, may_be_yes};
use crate::parameter::{self, Group};

pub(super) fn check(reader: &mut Reader<'_>, sent: &[Sent<'_>]) {
    for preset in sent {
        let Some(value) = preset.preset() else { continue };
        if let Some(why) = merges(sent, preset.name, value) {
            reader.mistake(preset.at, why);
        }
    }
}

/// The reason why the preset merges several visitors into one record; none if it does not.
fn merges(sent: &[Sent<'_>], name: &str, value: &str) -> Option<String> {
    if name == "deal_id" {
        let why = "every submission would overwrite that one deal, and the CRM would ignore the \
                   draft's reference";
        return Some(format!("`{name}` cannot be preset: {why}; remove it"));
    }
    // With this flag, the CRM identifies contacts by their name.
    if name == "check_name" && is_yes(name, value) && asked(sent, |other| other == "contact_name") {
        return Some(
            "`check_name` would make one contact of all visitors who share a name; set it to false, \
             or remove it"
                .to_owned(),
        );
    }
    let group = identified(sent, name)?;
    let changed: Vec<String> = sent
        .iter()
        .filter(|one| one.preset().is_none() && belongs_to(one.name, group))
        // A parameter that the CRM ignores next to this preset changes no record; another check
        // reports it.
        .filter(|one| !is_switched_off(one.name, name))
        .map(|one| format!("`{}`", one.name))
        .collect();
    let record = if group == Group::Contact { "contact" } else { "company" };
    (!changed.is_empty()).then(|| {
        format!(
            "with this `{name}`, every visitor would change the same {record}: the form also sends \
             their {}; remove the preset, or ask for none of these",
            changed.join(", ")
        )
    })
}

/// The kind of record that this preset identifies in every submission.
fn identified(sent: &[Sent<'_>], name: &str) -> Option<Group> {
    let preset_no = |flag: &str| {
        let is_no = |value: &str| !is_yes(flag, value);
        sent.iter().any(|one| one.name == flag && one.preset().is_some_and(is_no))
    };
    match name {
        "contact_id" => Some(Group::Contact),
        // By default the CRM looks for a contact by email.
        "contact_email" => (!preset_no("match_with_email")).then_some(Group::Contact),
        "contact_phone" => may_be_yes(sent, "match_with_phone").then_some(Group::Contact),
        "contact_name" => may_be_yes(sent, "check_name").then_some(Group::Contact),
        // The CRM looks for a company by each of these.
        "company_id" | "company_name" | "company_email" | "company_phone" => Some(Group::Company),
        _ => None,
    }
}

fn asked(sent: &[Sent<'_>], is: impl Fn(&str) -> bool) -> bool {
    sent.iter().any(|one| one.preset().is_none() && is(one.name))
}

/// Whether it is something about the record, not a flag on how to find it.
fn belongs_to(name: &str, group: Group) -> bool {
    parameter::find(name).is_some_and(|row| row.group == group && row.yes.is_none())
}

fn is_switched_off(name: &str, by: &str) -> bool {
    let switches = parameter::find(name).map_or(&[][..], |row| row.switched_off_by);
    switches.iter().any(|switch| switch.parameter == by)
}

fn is_yes(flag: &str, value: &str) -> bool {
    parameter::find(flag).and_then(|row| row.yes).is_some_and(|yes| yes.as_str() == value)
}
