//! Applies a call to the deal, its contact, its company and its owner, as the CRM does.

mod emails;
mod matching;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::add_deal::{
    AddDeal, CompanyInput, ContactInput, CustomFieldInput, ListedName, OwnerInput, Target,
};
use crate::intake::Upload;
use crate::records::{Change, Company, Contact, Deal, DealId, Note, now};
use crate::refusal::Refusal;
use crate::store::{List, Records, Store, StoreError};

/// Why a call stored nothing.
#[derive(Debug, Error)]
pub(crate) enum AddDealError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug)]
pub(crate) struct StoredDeal {
    pub(crate) deal: Deal,
    pub(crate) change: Change,
    /// Names of parameters that the CRM ignored.
    pub(crate) ignored: Vec<String>,
}

/// Adds or updates a deal in one transaction.
///
/// # Errors
/// The ID of a record that does not exist, such as `deal_id=999999`, or a failure of the store.
pub(crate) fn add_deal(
    store: &Store,
    input: AddDeal,
    uploads: Vec<Upload>,
    account: &str,
) -> Result<StoredDeal, AddDealError> {
    store.transaction(|records| {
        let stored = apply(records, input, account)?;
        for upload in uploads {
            records.attach_file(stored.deal.deal_id, upload)?;
        }
        Ok(stored)
    })
}

fn apply(records: &Records<'_>, input: AddDeal, account: &str) -> Result<StoredDeal, AddDealError> {
    let (mut deal, change) = find_or_create_deal(records, &input.target)?;
    let (fields, ignored) = resolve_custom_fields(records, &input.custom_fields)?;
    let mut contact = resolve_contact(records, &deal, &input.contact, &fields)?;
    let company = resolve_company(records, &deal, &input.company)?;

    for (list, requested, field) in [
        (List::DealType, &input.deal_type, &mut deal.deal_type),
        (List::Score, &input.deal_score, &mut deal.deal_score),
        (List::Reason, &input.reason_name, &mut deal.reason_name),
    ] {
        if let Some(named) = requested {
            let known = records.find_or_create_name(list, named)?;
            *field = known.or(field.take());
        }
    }
    for (list, requested, field) in [
        (List::Stage, &input.stage, &mut deal.stage),
        (List::Funnel, &input.funnel, &mut deal.funnel),
    ] {
        if let Some(named) = requested
            && let Some(known) = records.find_or_create_name(list, named)?
        {
            *field = known;
        }
    }
    for (sent, field) in [
        (input.name, &mut deal.name),
        (input.won_reasons, &mut deal.won_reasons),
        (input.lost_reason, &mut deal.lost_reason),
        (input.expected_closing_date, &mut deal.expected_closing_date),
        (input.actual_closing_date, &mut deal.actual_closing_date),
        (input.expected_closing_amount, &mut deal.expected_closing_amount),
        (input.actual_closing_amount, &mut deal.actual_closing_amount),
    ] {
        *field = sent.or(field.take()).filter(|text| !text.is_empty());
    }
    deal.resolution = input.resolution.unwrap_or(deal.resolution);
    for (sent, field) in [
        (input.dealcollaborator_email, &mut deal.dealcollaborator_email),
        (input.dealcollaboratoronly_email, &mut deal.dealcollaboratoronly_email),
    ] {
        if let Some(email) = sent {
            *field = records.find_name(List::User, &email)?.or(field.take());
        }
    }
    for tag in input.tags {
        if !deal.tags.contains(&tag) {
            deal.tags.push(tag);
        }
    }
    deal.tags.retain(|tag| change == Change::Added || !input.remove_tags.contains(tag));
    if input.note.is_some() || input.note_title.is_some() {
        deal.notes.push(Note { title: input.note_title, text: input.note, at: now() });
    }
    deal.custom_fields.extend(fields.clone());
    deal.parameters.extend(input.parameters);
    deal.parameters.extend(fields);
    for values in [&mut deal.custom_fields, &mut deal.parameters] {
        values.retain(|_, value| !value.is_empty());
    }

    deal.owner_email = resolve_owner(records, &deal, contact.as_ref(), &input.owner)?;
    if let Some(contact) = &mut contact {
        if deal.contact_id != Some(contact.contact_id) && contact.owner_email.is_none() {
            contact.owner_email.clone_from(&deal.owner_email);
        }
        records.save_contact(contact)?;
        deal.contact_id = Some(contact.contact_id);
    }
    if let Some(company) = &company {
        records.save_company(company)?;
        deal.company_id = Some(company.company_id);
    }
    let emails = emails::compose(&input.emails, &deal, contact.as_ref(), change, account);
    deal.emails.extend(emails);
    records.save_deal(&deal)?;
    Ok(StoredDeal { deal, change, ignored })
}

fn find_or_create_deal(
    records: &Records<'_>,
    target: &Target,
) -> Result<(Deal, Change), AddDealError> {
    let known = match target {
        Target::Id(id) => Some(records.deal(*id)?.ok_or(Refusal::UnknownDeal)?),
        Target::Reference(reference) => records.deal_by_reference(reference)?,
        Target::New => None,
    };
    if let Some(mut deal) = known {
        deal.updated = now();
        deal.updates = deal.updates.saturating_add(1);
        return Ok((deal, Change::Updated));
    }
    let deal_id: DealId = records.new_deal_id()?;
    let first = |list| -> Result<String, StoreError> {
        Ok(records.names(list)?.into_iter().next().unwrap_or_default())
    };
    let now = now();
    let deal = Deal {
        deal_id,
        external_reference_id: match target {
            Target::Reference(reference) => Some(reference.clone()),
            Target::Id(_) | Target::New => None,
        },
        stage: first(List::Stage)?,
        funnel: first(List::Funnel)?,
        created: now,
        updated: now,
        ..Deal::default()
    };
    Ok((deal, Change::Added))
}

type Texts = BTreeMap<String, String>;

/// Returns the values of the custom fields, and the names of parameters that are not custom fields.
fn resolve_custom_fields(
    records: &Records<'_>,
    input: &CustomFieldInput,
) -> Result<(Texts, Vec<String>), StoreError> {
    let (mut fields, mut ignored) = (BTreeMap::new(), Vec::new());
    for (name, value) in &input.values {
        let named = ListedName { name: name.clone(), create: input.create };
        match records.find_or_create_name(List::CustomField, &named)? {
            Some(known) => drop(fields.insert(known, value.clone())),
            None => ignored.push(name.clone()),
        }
    }
    Ok((fields, ignored))
}

/// Finds or creates the contact of the deal and applies the input to it, without saving it. `None`
/// leaves the deal's contact unchanged.
///
/// With a `contact_id`, new values replace the contact's values. A contact found by matching keeps its
/// values and gets only the missing ones. Without a match, a name, email, phone or unique custom field
/// creates a contact. Source, social profiles and address apply in all cases. If the call has none of
/// the identifying values, source, profiles and address apply to the contact that the deal already has.
fn resolve_contact(
    records: &Records<'_>,
    deal: &Deal,
    input: &ContactInput,
    fields: &Texts,
) -> Result<Option<Contact>, AddDealError> {
    let unique = records.names(List::UniqueField)?;
    let identifiers: Texts =
        fields.iter().filter(|(name, _)| unique.contains(name)).map(pair).collect();
    let is_named = input.name.is_some()
        || input.email.is_some()
        || input.phone.is_some()
        || !identifiers.is_empty();

    let mut contact = if let Some(id) = input.id {
        let mut contact = records.contact(id)?.ok_or(Refusal::UnknownContact)?;
        contact.email = input.email.clone().or(contact.email);
        contact.phone = input.phone.clone().or(contact.phone);
        contact
    } else if is_named {
        let contacts = records.contacts()?;
        let mut contact = match matching::find_contact(&contacts, input, &identifiers) {
            Some(known) => known.clone(),
            None => Contact { contact_id: records.new_contact_id()?, ..Contact::default() },
        };
        contact.name = contact.name.or_else(|| input.name.clone());
        contact.email = contact.email.or_else(|| input.email.clone());
        contact.phone = contact.phone.or_else(|| input.phone.clone());
        contact
    } else if let Some(id) = deal.contact_id {
        records.contact(id)?.ok_or(Refusal::UnknownContact)?
    } else {
        return Ok(None);
    };
    if let Some(source) = &input.source {
        let named = ListedName { name: source.clone(), create: true };
        contact.source = records.find_or_create_name(List::ContactSource, &named)?;
    }
    contact.socials.extend(input.socials.iter().map(pair));
    contact.address.extend(input.address.iter().map(pair));
    for values in [&mut contact.socials, &mut contact.address] {
        values.retain(|_, value| !value.is_empty());
    }
    contact.identifiers.extend(identifiers);
    Ok(Some(contact))
}

fn pair((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}

/// Finds or creates the company of the deal and applies the input to it, without saving it.
fn resolve_company(
    records: &Records<'_>,
    deal: &Deal,
    input: &CompanyInput,
) -> Result<Option<Company>, AddDealError> {
    if let Some(id) = input.id {
        let mut company = records.company(id)?.ok_or(Refusal::UnknownCompany)?;
        company.email = input.email.clone().or(company.email);
        company.phone = input.phone.clone().or(company.phone);
        return Ok(Some(company));
    }
    if input.name.is_none() && input.email.is_none() && input.phone.is_none() {
        return Ok(deal.company_id.map(|id| records.company(id)).transpose()?.flatten());
    }
    let companies = records.companies()?;
    let mut company = match matching::find_company(&companies, input) {
        Some(known) => known.clone(),
        None => Company { company_id: records.new_company_id()?, ..Company::default() },
    };
    company.name = company.name.or_else(|| input.name.clone());
    company.email = company.email.or_else(|| input.email.clone());
    company.phone = company.phone.or_else(|| input.phone.clone());
    Ok(Some(company))
}

fn resolve_owner(
    records: &Records<'_>,
    deal: &Deal,
    contact: Option<&Contact>,
    input: &OwnerInput,
) -> Result<Option<String>, StoreError> {
    let requested = match input {
        OwnerInput::Unchanged => None,
        OwnerInput::User(email) => records.find_name(List::User, email)?,
        OwnerInput::Group(group) => records.assign_in_group(group)?,
        OwnerInput::SameAsContact => contact.and_then(|contact| contact.owner_email.clone()),
    };
    Ok(requested.or_else(|| deal.owner_email.clone()))
}
