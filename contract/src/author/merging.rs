//! Presets that would make the CRM merge several visitors' records into one.

use super::reader::Reader;
use super::sent_parameter::{SentParameter, may_be_yes};
use crate::parameter::{self, Group};

pub(super) fn check(reader: &mut Reader<'_>, sent: &[SentParameter<'_>]) {
    for preset in sent {
        let Some(value) = preset.preset() else { continue };
        if let Some(why) = merge_reason(sent, preset.name, value) {
            reader.report(preset.at, why);
        }
    }
}

/// Returns why the preset would merge several visitors' records into one, or `None` if it would not.
fn merge_reason(sent: &[SentParameter<'_>], name: &str, value: &str) -> Option<String> {
    if name == "deal_id" {
        let why = "every submission would overwrite the same deal, and the CRM would ignore the \
                   draft's reference";
        return Some(format!("`{name}` cannot be preset: {why}; remove it"));
    }
    // With this flag, the CRM identifies contacts by their name.
    if name == "check_name" && is_yes(name, value) && is_sent_by_visitors(sent, "contact_name") {
        return Some(
            "with `check_name`, visitors with the same name would share one contact; set it to \
             false or remove it"
                .to_owned(),
        );
    }
    let group = identified_record(sent, name)?;
    let changed: Vec<String> = sent
        .iter()
        .filter(|one| one.preset().is_none() && belongs_to(one.name, group))
        // The CRM ignores a parameter that the preset switches off. Another check reports such a
        // preset.
        .filter(|one| !is_switched_off(one.name, name))
        .map(|one| format!("`{}`", one.name))
        .collect();
    let record = if group == Group::Contact { "contact" } else { "company" };
    (!changed.is_empty()).then(|| {
        format!(
            "with the preset `{name}`, every visitor would change the same {record}, because the \
             form also sends {}; remove the preset or these parameters",
            changed.join(", ")
        )
    })
}

/// Returns the kind of record that this preset identifies in every submission, or `None` if it does
/// not identify a record.
fn identified_record(sent: &[SentParameter<'_>], name: &str) -> Option<Group> {
    let preset_no = |flag: &str| {
        let is_no = |value: &str| !is_yes(flag, value);
        let mut flags = sent.iter().filter(|one| one.name == flag).peekable();
        // Several routes can preset the same flag.
        flags.peek().is_some() && flags.all(|one| one.preset().is_some_and(is_no))
    };
    match name {
        "contact_id" => Some(Group::Contact),
        // By default the CRM looks for a contact by email.
        "contact_email" => (!preset_no("match_with_email")).then_some(Group::Contact),
        "contact_phone" => may_be_yes(sent, "match_with_phone").then_some(Group::Contact),
        "contact_name" => may_be_yes(sent, "check_name").then_some(Group::Contact),
        // The CRM looks for a company by each of these parameters.
        "company_id" | "company_name" | "company_email" | "company_phone" => Some(Group::Company),
        _ => None,
    }
}

fn is_sent_by_visitors(sent: &[SentParameter<'_>], name: &str) -> bool {
    sent.iter().any(|one| one.preset().is_none() && one.name == name)
}

/// Returns whether the parameter is data for a record of this kind, not a flag for finding the
/// record.
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
