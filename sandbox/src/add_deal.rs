//! A call to `crm_add_deal`, parsed into types. Later code does not check the values again.

use std::collections::BTreeMap;

use crate::parameters::Parameters;
use crate::records::{CompanyId, ContactId, DealId};
use crate::refusal::Refusal;
use crate::values::{Flag, Resolution, split_tags};

/// The content of one call. A field that was not sent is `None` and leaves the deal unchanged.
#[derive(Debug)]
pub(crate) struct AddDeal {
    pub(crate) target: Target,
    pub(crate) name: Option<String>,
    pub(crate) contact: ContactInput,
    pub(crate) company: CompanyInput,
    pub(crate) expected_closing_date: Option<String>,
    pub(crate) actual_closing_date: Option<String>,
    pub(crate) expected_closing_amount: Option<String>,
    pub(crate) actual_closing_amount: Option<String>,
    pub(crate) stage: Option<ListedName>,
    pub(crate) funnel: Option<ListedName>,
    pub(crate) deal_type: Option<ListedName>,
    pub(crate) deal_score: Option<ListedName>,
    pub(crate) reason_name: Option<ListedName>,
    pub(crate) resolution: Option<Resolution>,
    pub(crate) won_reasons: Option<String>,
    pub(crate) lost_reason: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) remove_tags: Vec<String>,
    pub(crate) owner: OwnerInput,
    pub(crate) dealcollaborator_email: Option<String>,
    pub(crate) dealcollaboratoronly_email: Option<String>,
    pub(crate) note_title: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) emails: EmailInput,
    pub(crate) custom_fields: CustomFieldInput,
    /// The documented parameters, with the values that were sent.
    pub(crate) parameters: BTreeMap<String, String>,
}

/// The deal to add or update.
#[derive(Debug)]
pub(crate) enum Target {
    /// `deal_id`: the deal must exist. A reference sent with it is ignored.
    Id(DealId),
    /// `external_reference_id`: updates the deal with this reference, or adds one.
    Reference(String),
    New,
}

/// A name from one of the lists in the CRM's settings.
#[derive(Debug)]
pub(crate) struct ListedName {
    pub(crate) name: String,
    /// Whether to add the name to the list if it is missing.
    pub(crate) create: bool,
}

#[derive(Debug, Default)]
pub(crate) struct ContactInput {
    pub(crate) id: Option<ContactId>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) match_with: MatchWith,
    pub(crate) source: Option<String>,
    pub(crate) socials: BTreeMap<String, String>,
    pub(crate) address: BTreeMap<String, String>,
}

/// The properties that may be used to find an existing contact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct MatchWith {
    pub(crate) email: bool,
    pub(crate) phone: bool,
    pub(crate) name: bool,
}

#[derive(Debug, Default)]
pub(crate) struct CompanyInput {
    pub(crate) id: Option<CompanyId>,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum OwnerInput {
    /// The deal keeps its owner; a new deal has none.
    Unchanged,
    User(String),
    Group(String),
    /// `use_contact_owner=2`
    SameAsContact,
}

/// The emails that the call asks for.
#[derive(Debug)]
pub(crate) struct EmailInput {
    pub(crate) to_contact: bool,
    pub(crate) to_contact_subject: Option<String>,
    pub(crate) notify: Option<String>,
    pub(crate) notify_subject: Option<String>,
    pub(crate) notify_extra_text: Option<String>,
    pub(crate) to_owner: bool,
}

/// The parameters that the CRM's API reference does not name.
#[derive(Debug)]
pub(crate) struct CustomFieldInput {
    pub(crate) values: BTreeMap<String, String>,
    /// Whether to create a custom field for an unknown name.
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
    /// Parses the parameters of a call.
    ///
    /// # Errors
    /// The first value that is invalid, such as `expected_closing_date=2023-02-29`.
    pub(crate) fn parse(sent: Parameters) -> Result<Self, Refusal> {
        Ok(Self {
            target: target(&sent)?,
            name: sent.owned_text("name"),
            contact: contact(&sent)?,
            company: company(&sent)?,
            expected_closing_date: sent.date("expected_closing_date")?,
            actual_closing_date: sent.date("actual_closing_date")?,
            expected_closing_amount: sent.amount("expected_closing_amount")?,
            actual_closing_amount: sent.amount("actual_closing_amount")?,
            stage: listed_name(&sent, "stage", "create_new_stage")?,
            funnel: listed_name(&sent, "funnel", "create_new_funnel")?,
            deal_type: sent.owned_text("deal_type").map(|name| ListedName { name, create: true }),
            deal_score: listed_name(&sent, "deal_score", "create_new_deal_score")?,
            reason_name: listed_name(&sent, "reason_name", "create_new_reason_name")?,
            resolution: sent.resolution()?,
            won_reasons: sent.clearable_text("won_reasons"),
            lost_reason: sent.clearable_text("lost_reason"),
            tags: sent.text("tags").map(split_tags).unwrap_or_default(),
            remove_tags: sent.text("remove_tags").map(split_tags).unwrap_or_default(),
            owner: owner(&sent)?,
            dealcollaborator_email: sent.owned_text("dealcollaborator_email"),
            dealcollaboratoronly_email: sent.owned_text("dealcollaboratoronly_email"),
            note_title: sent.owned_text("note_title"),
            note: sent.owned_text("note"),
            emails: EmailInput {
                to_contact: sent.flag("send_email_to_contact", Flag::Two)? == Flag::One,
                to_contact_subject: sent.owned_text("send_email_to_contact_subject"),
                notify: sent.owned_text("notifyToEmail"),
                notify_subject: sent.owned_text("notifyEmailSubject"),
                notify_extra_text: sent.owned_text("notifyEmailExtraText"),
                to_owner: sent.flag("email_notify_owner", Flag::Two)? == Flag::One,
            },
            custom_fields: CustomFieldInput {
                create: sent.flag("auto_create_custom_fields", Flag::One)? == Flag::Two,
                values: BTreeMap::new(),
            },
            parameters: BTreeMap::new(),
        }
        .with_parameters(sent))
    }

    fn with_parameters(mut self, sent: Parameters) -> Self {
        (self.parameters, self.custom_fields.values) = sent.split_documented();
        self
    }
}

fn target(sent: &Parameters) -> Result<Target, Refusal> {
    if let Some(id) = sent.text("deal_id") {
        return DealId::parse(id).map(Target::Id).ok_or(Refusal::UnknownDeal);
    }
    Ok(sent.owned_text("external_reference_id").map_or(Target::New, Target::Reference))
}

fn contact(sent: &Parameters) -> Result<ContactInput, Refusal> {
    let id = sent
        .text("contact_id")
        .map(|id| ContactId::parse(id).ok_or(Refusal::UnknownContact))
        .transpose()?;
    Ok(ContactInput {
        id,
        name: sent.owned_text("contact_name").filter(|_| id.is_none()),
        email: sent.owned_text("contact_email"),
        phone: sent.owned_text("contact_phone"),
        match_with: MatchWith {
            email: sent.flag("match_with_email", Flag::One)? == Flag::One,
            phone: sent.flag("match_with_phone", Flag::Two)? == Flag::One,
            name: sent.flag("check_name", Flag::Two)? == Flag::One,
        },
        source: sent.owned_text("contact_source"),
        socials: sent_values(sent, &SOCIALS),
        address: sent_values(sent, &ADDRESS),
    })
}

fn sent_values(
    sent: &Parameters,
    names: &[(&'static str, &'static str)],
) -> BTreeMap<String, String> {
    names
        .iter()
        .filter_map(|&(short, parameter)| Some((short.to_owned(), sent.clearable_text(parameter)?)))
        .collect()
}

fn company(sent: &Parameters) -> Result<CompanyInput, Refusal> {
    let id = sent
        .text("company_id")
        .map(|id| CompanyId::parse(id).ok_or(Refusal::UnknownCompany))
        .transpose()?;
    Ok(CompanyInput {
        id,
        name: sent.owned_text("company_name").filter(|_| id.is_none()),
        email: sent.owned_text("company_email"),
        phone: sent.owned_text("company_phone"),
    })
}

fn listed_name(
    sent: &Parameters,
    parameter: &'static str,
    create: &'static str,
) -> Result<Option<ListedName>, Refusal> {
    let create = sent.flag(create, Flag::One)? == Flag::Two;
    Ok(sent.owned_text(parameter).map(|name| ListedName { name, create }))
}

fn owner(sent: &Parameters) -> Result<OwnerInput, Refusal> {
    if sent.flag("use_contact_owner", Flag::One)? == Flag::Two {
        return Ok(OwnerInput::SameAsContact);
    }
    Ok(match (sent.owned_text("owner_email"), sent.owned_text("owner_group")) {
        (Some(email), _) => OwnerInput::User(email),
        (None, Some(group)) => OwnerInput::Group(group),
        (None, None) => OwnerInput::Unchanged,
    })
}
