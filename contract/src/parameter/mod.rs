//! The CRM's table of parameters: the 60 parameters of the CRM's API reference, with one file per
//! group.

mod account;
mod company;
mod contact;
mod custom_field_name;
mod deal;
mod extra;
mod kind;
mod notification;
mod owner;
mod pipeline;
mod row;
mod table;

pub use custom_field_name::CustomFieldName;
pub use kind::ParameterKind;
pub use row::{Audience, Group, Parameter, Switch};
pub use table::{all, creating_flag, find};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::kind::Kind;
    use crate::values::FlagValue;

    /// The table in the CRM's API reference: each parameter's name, and for flags the value that
    /// means yes and the default. Copied from the CRM's page instead of our rows, so that the tests
    /// find a mistake in a row.
    const REFERENCE: &str = "
        key deal_id external_reference_id name contact_id contact_name contact_email
        send_email_to_contact=1/2 send_email_to_contact_subject contact_phone match_with_email=1/1
        match_with_phone=1/2 check_name=1/2 contact_source contact_facebook contact_twitter
        contact_skype contact_linkedin contact_pinterest contact_googlePlus contact_instagram
        company_id company_name company_email company_phone expected_closing_date
        actual_closing_date expected_closing_amount actual_closing_amount stage deal_type
        create_new_stage=2/1 funnel create_new_funnel=2/1 resolution won_reasons lost_reason
        reason_name create_new_reason_name=2/1 tags remove_tags notifyToEmail notifyEmailSubject
        notifyEmailExtraText owner_email dealcollaborator_email dealcollaboratoronly_email
        use_contact_owner=2/1 owner_group email_notify_owner=1/ custom_field
        auto_create_custom_fields=2/1 note_title note create_new_deal_score=2/1 deal_score
        attachments contact_address_street contact_address_city contact_address_zipcode";

    #[test]
    fn has_exactly_the_parameters_in_the_api_reference() {
        let reference: BTreeSet<&str> = REFERENCE
            .split_whitespace()
            .map(|row| row.split_once('=').map_or(row, |(name, _)| name))
            .collect();
        let table: BTreeSet<&str> = all().map(|row| row.name).collect();
        assert_eq!(reference, table);
        assert_eq!(all().count(), 60);
    }

    #[test]
    fn every_flag_has_the_yes_value_and_default_from_the_api_reference() {
        let mut flags = 0;
        for row in REFERENCE.split_whitespace() {
            let (name, flag) = row.split_once('=').unwrap_or((row, ""));
            let parameter = find(name).unwrap();
            let (yes, default) = flag.split_once('/').unwrap_or_default();
            assert_eq!(parameter.yes.map_or("", FlagValue::as_str), yes, "{name}");
            assert_eq!(
                parameter.kind == ParameterKind::Answer(Kind::Flag),
                !yes.is_empty(),
                "{name}"
            );
            if parameter.kind == ParameterKind::Answer(Kind::Flag) {
                flags += 1;
                assert_eq!(parameter.default.unwrap_or_default(), default, "{name}");
            }
        }
        assert_eq!(flags, 11);
    }

    #[test]
    fn every_switch_names_another_parameter() {
        for row in all() {
            for switch in row.switched_off_by {
                let other = find(switch.parameter).unwrap();
                assert_ne!(other.name, row.name);
            }
        }
        let off: Vec<&str> =
            all().filter(|row| !row.switched_off_by.is_empty()).map(|row| row.name).collect();
        assert_eq!(
            off,
            ["external_reference_id", "contact_name", "company_name", "owner_email", "owner_group"]
        );
    }

    #[test]
    fn visitors_can_never_set_the_key() {
        assert_eq!(find("key").unwrap().public, Audience::Never);
        assert!(find("key").unwrap().kind.field_kinds().is_empty());
    }
}
