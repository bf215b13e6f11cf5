//! What the CRM does with a call: the deal, its contact, its company, its owner.

mod change;
mod emails;
mod matching;

use std::collections::BTreeMap;

use thiserror::Error;

use crate::add_deal::{
    AddDeal, CompanyWish, ContactWish, CustomFieldWish, Named, OwnerWish, Target,
};
use crate::intake::Upload;
use crate::records::{Company, Contact, Deal, DealId, Note, now};
use crate::refusal::Refusal;
use crate::store::{Records, Setting, Store, StoreError};

pub(crate) use self::change::Change;

/// Why a call left nothing behind.
#[derive(Debug, Error)]
pub(crate) enum Failed {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) deal: Deal,
    pub(crate) change: Change,
    /// Names of parameters that meant nothing to the CRM.
    pub(crate) ignored: Vec<String>,
}

/// Adds or updates a deal: all of it, or nothing.
///
/// # Errors
/// An id that belongs to nothing, such as `deal_id=999999`; a store that fails.
pub(crate) fn add_deal(
    store: &Store,
    wish: AddDeal,
    uploads: Vec<Upload>,
    account: &str,
) -> Result<Stored, Failed> {
    store.change(|records| {
        let stored = apply(records, wish, account)?;
        for upload in uploads {
            records.attach(stored.deal.deal_id, upload)?;
        }
        Ok(stored)
    })
}

fn apply(records: &Records<'_>, wish: AddDeal, account: &str) -> Result<Stored, Failed> {
    let (mut deal, change) = find_or_begin(records, &wish.target)?;
    let (fields, ignored) = custom_fields(records, &wish.custom_fields)?;
    let mut contact = contact(records, &deal, &wish.contact, &fields)?;
    let company = company(records, &deal, &wish.company)?;

    for (setting, wished, field) in [
        (Setting::DealType, &wish.deal_type, &mut deal.deal_type),
        (Setting::Score, &wish.deal_score, &mut deal.deal_score),
        (Setting::Reason, &wish.reason_name, &mut deal.reason_name),
    ] {
        if let Some(named) = wished {
            let known = records.known_or_created(setting, named)?;
            *field = known.or(field.take());
        }
    }
    for (setting, wished, field) in [
        (Setting::Stage, &wish.stage, &mut deal.stage),
        (Setting::Funnel, &wish.funnel, &mut deal.funnel),
    ] {
        if let Some(named) = wished
            && let Some(known) = records.known_or_created(setting, named)?
        {
            *field = known;
        }
    }
    for (sent, field) in [
        (wish.name, &mut deal.name),
        (wish.won_reasons, &mut deal.won_reasons),
        (wish.lost_reason, &mut deal.lost_reason),
        (wish.expected_closing_date, &mut deal.expected_closing_date),
        (wish.actual_closing_date, &mut deal.actual_closing_date),
        (wish.expected_closing_amount, &mut deal.expected_closing_amount),
        (wish.actual_closing_amount, &mut deal.actual_closing_amount),
    ] {
        *field = sent.or(field.take()).filter(|text| !text.is_empty());
    }
    deal.resolution = wish.resolution.unwrap_or(deal.resolution);
    for (sent, field) in [
        (wish.dealcollaborator_email, &mut deal.dealcollaborator_email),
        (wish.dealcollaboratoronly_email, &mut deal.dealcollaboratoronly_email),
    ] {
        if let Some(email) = sent {
            *field = records.known(Setting::User, &email)?.or(field.take());
        }
    }
    for tag in wish.tags {
        if !deal.tags.contains(&tag) {
            deal.tags.push(tag);
        }
    }
    deal.tags.retain(|tag| change == Change::Added || !wish.remove_tags.contains(tag));
    if wish.note.is_some() || wish.note_title.is_some() {
        deal.notes.push(Note { title: wish.note_title, text: wish.note, at: now() });
    }
    deal.custom_fields.extend(fields.clone());
    deal.parameters.extend(wish.parameters);
    deal.parameters.extend(fields);
    for values in [&mut deal.custom_fields, &mut deal.parameters] {
        values.retain(|_, value| !value.is_empty());
    }

    deal.owner_email = owner(records, &deal, contact.as_ref(), &wish.owner)?;
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
    let emails = emails::written(&wish.emails, &deal, contact.as_ref(), change, account);
    deal.emails.extend(emails);
    records.save_deal(&deal)?;
    Ok(Stored { deal, change, ignored })
}

fn find_or_begin(records: &Records<'_>, target: &Target) -> Result<(Deal, Change), Failed> {
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
    let first = |setting| -> Result<String, StoreError> {
        Ok(records.names(setting)?.into_iter().next().unwrap_or_default())
    };
    let now = now();
    let deal = Deal {
        deal_id,
        external_reference_id: match target {
            Target::Reference(reference) => Some(reference.clone()),
            Target::Id(_) | Target::New => None,
        },
        stage: first(Setting::Stage)?,
        funnel: first(Setting::Funnel)?,
        created: now,
        updated: now,
        ..Deal::default()
    };
    Ok((deal, Change::Added))
}

type Texts = BTreeMap<String, String>;

/// The values of custom fields, and the names of parameters that are none.
fn custom_fields(
    records: &Records<'_>,
    wish: &CustomFieldWish,
) -> Result<(Texts, Vec<String>), StoreError> {
    let (mut fields, mut ignored) = (BTreeMap::new(), Vec::new());
    for (name, value) in &wish.values {
        let named = Named { name: name.clone(), create: wish.create };
        match records.known_or_created(Setting::CustomField, &named)? {
            Some(known) => drop(fields.insert(known, value.clone())),
            None => ignored.push(name.clone()),
        }
    }
    Ok((fields, ignored))
}

/// The contact to associate the deal with, not saved yet; none leaves it as it is.
///
/// `contact_id`: what was sent replaces what the contact had. A match: what identifies it stays,
/// and only gaps are filled. Neither: a new contact, when anything names one. Source, addresses
/// on networks and in the street are set in any case, on the deal's contact when none is named.
fn contact(
    records: &Records<'_>,
    deal: &Deal,
    wish: &ContactWish,
    fields: &Texts,
) -> Result<Option<Contact>, Failed> {
    let unique = records.names(Setting::UniqueField)?;
    let identifiers: Texts =
        fields.iter().filter(|(name, _)| unique.contains(name)).map(pair).collect();
    let is_named = wish.name.is_some()
        || wish.email.is_some()
        || wish.phone.is_some()
        || !identifiers.is_empty();

    let mut contact = if let Some(id) = wish.id {
        let mut contact = records.contact(id)?.ok_or(Refusal::UnknownContact)?;
        contact.email = wish.email.clone().or(contact.email);
        contact.phone = wish.phone.clone().or(contact.phone);
        contact
    } else if is_named {
        let contacts = records.contacts()?;
        let mut contact = match matching::contact(&contacts, wish, &identifiers) {
            Some(known) => known.clone(),
            None => Contact { contact_id: records.new_contact_id()?, ..Contact::default() },
        };
        contact.name = contact.name.or_else(|| wish.name.clone());
        contact.email = contact.email.or_else(|| wish.email.clone());
        contact.phone = contact.phone.or_else(|| wish.phone.clone());
        contact
    } else if let Some(id) = deal.contact_id {
        records.contact(id)?.ok_or(Refusal::UnknownContact)?
    } else {
        return Ok(None);
    };
    if let Some(source) = &wish.source {
        let named = Named { name: source.clone(), create: true };
        contact.source = records.known_or_created(Setting::ContactSource, &named)?;
    }
    contact.socials.extend(wish.socials.iter().map(pair));
    contact.address.extend(wish.address.iter().map(pair));
    for values in [&mut contact.socials, &mut contact.address] {
        values.retain(|_, value| !value.is_empty());
    }
    contact.identifiers.extend(identifiers);
    Ok(Some(contact))
}

fn pair((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}

/// The same for a company.
fn company(
    records: &Records<'_>,
    deal: &Deal,
    wish: &CompanyWish,
) -> Result<Option<Company>, Failed> {
    if let Some(id) = wish.id {
        let mut company = records.company(id)?.ok_or(Refusal::UnknownCompany)?;
        company.email = wish.email.clone().or(company.email);
        company.phone = wish.phone.clone().or(company.phone);
        return Ok(Some(company));
    }
    if wish.name.is_none() && wish.email.is_none() && wish.phone.is_none() {
        return Ok(deal.company_id.map(|id| records.company(id)).transpose()?.flatten());
    }
    let companies = records.companies()?;
    let mut company = match matching::company(&companies, wish) {
        Some(known) => known.clone(),
        None => Company { company_id: records.new_company_id()?, ..Company::default() },
    };
    company.name = company.name.or_else(|| wish.name.clone());
    company.email = company.email.or_else(|| wish.email.clone());
    company.phone = company.phone.or_else(|| wish.phone.clone());
    Ok(Some(company))
}

fn owner(
    records: &Records<'_>,
    deal: &Deal,
    contact: Option<&Contact>,
    wish: &OwnerWish,
) -> Result<Option<String>, StoreError> {
    let wished = match wish {
        OwnerWish::Unchanged => None,
        OwnerWish::User(email) => records.known(Setting::User, email)?,
        OwnerWish::Group(group) => records.next_in_group(group)?,
        OwnerWish::SameAsContact => contact.and_then(|contact| contact.owner_email.clone()),
    };
    Ok(wished.or_else(|| deal.owner_email.clone()))
}
