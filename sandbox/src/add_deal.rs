//! A call of `crm_add_deal`, read once into types. Whatever comes after doubts no value.

use std::collections::BTreeMap;

use crate::parameters::Parameters;
use crate::records::{CompanyId, ContactId, DealId};
use crate::refusal::Refusal;
use crate::values::{Flag, Resolution, tags};

/// What one call asks for. A field that was not sent is `None` and leaves the deal as it is.
#[derive(Debug)]
pub(crate) struct AddDeal {
    pub(crate) target: Target,
    pub(crate) name: Option<String>,
    pub(crate) contact: ContactWish,
    pub(crate) company: CompanyWish,
    pub(crate) expected_closing_date: Option<String>,
    pub(crate) actual_closing_date: Option<String>,
    pub(crate) expected_closing_amount: Option<String>,
    pub(crate) actual_closing_amount: Option<String>,
    pub(crate) stage: Option<Named>,
    pub(crate) funnel: Option<Named>,
    pub(crate) deal_type: Option<Named>,
    pub(crate) deal_score: Option<Named>,
    pub(crate) reason_name: Option<Named>,
    pub(crate) resolution: Option<Resolution>,
    pub(crate) won_reasons: Option<String>,
    pub(crate) lost_reason: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) remove_tags: Vec<String>,
    pub(crate) owner: OwnerWish,
    pub(crate) dealcollaborator_email: Option<String>,
    pub(crate) dealcollaboratoronly_email: Option<String>,
    pub(crate) note_title: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) emails: EmailWish,
    pub(crate) custom_fields: CustomFieldWish,
    /// The documented parameters as sent.
    pub(crate) parameters: BTreeMap<String, String>,
}

/// Which deal is meant.
#[derive(Debug)]
pub(crate) enum Target {
    /// `deal_id`: it must exist. A reference beside it is ignored.
    Id(DealId),
    /// `external_reference_id`: updated when known, else added.
    Reference(String),
    New,
}

/// A name out of a list of the CRM's settings.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: String,
    /// Whether a name that is not on the list is put there.
    pub(crate) create: bool,
}

#[derive(Debug, Default)]
pub(crate) struct ContactWish {
    pub(crate) id: Option<ContactId>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) match_with: MatchWith,
    pub(crate) source: Option<String>,
    pub(crate) socials: BTreeMap<String, String>,
    pub(crate) address: BTreeMap<String, String>,
}

/// What may tell that a contact is known already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct MatchWith {
    pub(crate) email: bool,
    pub(crate) phone: bool,
    pub(crate) name: bool,
}

#[derive(Debug, Default)]
pub(crate) struct CompanyWish {
    pub(crate) id: Option<CompanyId>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OwnerWish {
    /// As it is; a new deal has none.
    Unchanged,
    User(String),
    Group(String),
    /// `use_contact_owner=2`
    SameAsContact,
}

/// The messages that the call asks for.
#[derive(Debug)]
pub(crate) struct EmailWish {
    pub(crate) to_contact: bool,
    pub(crate) to_contact_subject: Option<String>,
    pub(crate) notify: Option<String>,
    pub(crate) notify_subject: Option<String>,
    pub(crate) notify_extra_text: Option<String>,
    pub(crate) to_owner: bool,
}

/// All parameters that the reference does not name.
#[derive(Debug)]
pub(crate) struct CustomFieldWish {
    pub(crate) values: BTreeMap<String, String>,
    /// Whether an unknown name becomes a custom field.
    pub(crate) create: bool,
}

const SOCIALS: [(&str, &str); 7] = [
    ("facebook", "contact_facebook"),
    ("twitter", "contact_twitter"),
    ("skype", "contact_skype"),
    ("linkedin", "contact_linkedin"),
    ("pinterest", "contact_pinterest"),
    ("googlePlus", "contact_googlePlus"),
    ("instagram", "contact_instagram"),
];

const ADDRESS: [(&str, &str); 3] = [
    ("street", "contact_address_street"),
    ("city", "contact_address_city"),
    ("zipcode", "contact_address_zipcode"),
];

impl AddDeal {
    /// Reads a call.
    ///
    /// # Errors
    /// The first value that is not of its kind, such as `expected_closing_date=2023-02-29`.
    pub(crate) fn parse(sent: Parameters) -> Result<Self, Refusal> {
        Ok(Self {
            target: target(&sent)?,
            name: sent.owned("name"),
            contact: contact(&sent)?,
            company: company(&sent)?,
            expected_closing_date: sent.date("expected_closing_date")?,
            actual_closing_date: sent.date("actual_closing_date")?,
            expected_closing_amount: sent.amount("expected_closing_amount")?,
            actual_closing_amount: sent.amount("actual_closing_amount")?,
            stage: named(&sent, "stage", "create_new_stage")?,
            funnel: named(&sent, "funnel", "create_new_funnel")?,
            deal_type: sent.owned("deal_type").map(|name| Named { name, create: true }),
            deal_score: named(&sent, "deal_score", "create_new_deal_score")?,
            reason_name: named(&sent, "reason_name", "create_new_reason_name")?,
            resolution: sent.resolution()?,
            won_reasons: sent.clearable("won_reasons"),
            lost_reason: sent.clearable("lost_reason"),
            tags: sent.text("tags").map(tags).unwrap_or_default(),
            remove_tags: sent.text("remove_tags").map(tags).unwrap_or_default(),
            owner: owner(&sent)?,
            dealcollaborator_email: sent.owned("dealcollaborator_email"),
            dealcollaboratoronly_email: sent.owned("dealcollaboratoronly_email"),
            note_title: sent.owned("note_title"),
            note: sent.owned("note"),
            emails: EmailWish {
                to_contact: sent.flag("send_email_to_contact", Flag::Two)? == Flag::One,
                to_contact_subject: sent.owned("send_email_to_contact_subject"),
                notify: sent.owned("notifyToEmail"),
                notify_subject: sent.owned("notifyEmailSubject"),
                notify_extra_text: sent.owned("notifyEmailExtraText"),
                to_owner: sent.flag("email_notify_owner", Flag::Two)? == Flag::One,
            },
            custom_fields: CustomFieldWish {
                create: sent.flag("auto_create_custom_fields", Flag::One)? == Flag::Two,
                values: BTreeMap::new(),
            },
            parameters: BTreeMap::new(),
        }
        .with_parameters(sent))
    }

    fn with_parameters(mut self, sent: Parameters) -> Self {
        (self.parameters, self.custom_fields.values) = sent.by_documentation();
        self
    }
}

fn target(sent: &Parameters) -> Result<Target, Refusal> {
    if let Some(id) = sent.text("deal_id") {
        return DealId::parse(id).map(Target::Id).ok_or(Refusal::UnknownDeal);
    }
    Ok(sent.owned("external_reference_id").map_or(Target::New, Target::Reference))
}

fn contact(sent: &Parameters) -> Result<ContactWish, Refusal> {
    let id = sent
        .text("contact_id")
        .map(|id| ContactId::parse(id).ok_or(Refusal::UnknownContact))
        .transpose()?;
    Ok(ContactWish {
        id,
        name: sent.owned("contact_name").filter(|_| id.is_none()),
        email: sent.owned("contact_email"),
        phone: sent.owned("contact_phone"),
        match_with: MatchWith {
            email: sent.flag("match_with_email", Flag::One)? == Flag::One,
            phone: sent.flag("match_with_phone", Flag::Two)? == Flag::One,
            name: sent.flag("check_name", Flag::Two)? == Flag::One,
        },
        source: sent.owned("contact_source"),
        socials: present(sent, &SOCIALS),
        address: present(sent, &ADDRESS),
    })
}

fn present(sent: &Parameters, names: &[(&'static str, &'static str)]) -> BTreeMap<String, String> {
    names
        .iter()
        .filter_map(|&(short, parameter)| Some((short.to_owned(), sent.clearable(parameter)?)))
        .collect()
}

fn company(sent: &Parameters) -> Result<CompanyWish, Refusal> {
    let id = sent
        .text("company_id")
        .map(|id| CompanyId::parse(id).ok_or(Refusal::UnknownCompany))
        .transpose()?;
    Ok(CompanyWish {
        id,
        name: sent.owned("company_name").filter(|_| id.is_none()),
        email: sent.owned("company_email"),
        phone: sent.owned("company_phone"),
    })
}

fn named(
    sent: &Parameters,
    parameter: &'static str,
    create: &'static str,
) -> Result<Option<Named>, Refusal> {
    let create = sent.flag(create, Flag::One)? == Flag::Two;
    Ok(sent.owned(parameter).map(|name| Named { name, create }))
}

fn owner(sent: &Parameters) -> Result<OwnerWish, Refusal> {
    if sent.flag("use_contact_owner", Flag::One)? == Flag::Two {
        return Ok(OwnerWish::SameAsContact);
    }
    Ok(match (sent.owned("owner_email"), sent.owned("owner_group")) {
        (Some(email), _) => OwnerWish::User(email),
        (None, Some(group)) => OwnerWish::Group(group),
        (None, None) => OwnerWish::Unchanged,
    })
}
