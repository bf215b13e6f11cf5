//! The emails that the real CRM would send. The sandbox only stores them with the deal.

use crate::add_deal::EmailInput;
use crate::records::{Change, Contact, Deal, Email, now};

/// Composes the emails of one call.
///
/// The contact and the owner get an email for every call that asks for it. The address in `notifyToEmail` gets one only
/// for new deals, because the CRM's API reference describes this email as about "a new deal added".
pub(super) fn compose(
    input: &EmailInput,
    deal: &Deal,
    contact: Option<&Contact>,
    change: Change,
    account: &str,
) -> Vec<Email> {
    let id = deal.deal_id.0;
    let name = deal.name.as_deref().unwrap_or("(no name)");
    let body = format!("Deal: {name}\nDeal ID: {id}");
    let email = |asked_by: &str, to: &str, subject: &str, body: String| Email {
        asked_by: asked_by.to_owned(),
        to: to.to_owned(),
        subject: subject.to_owned(),
        body,
        at: now(),
    };

    let mut emails = Vec::new();
    let to_contact = contact.and_then(|contact| contact.email.as_deref());
    if let Some(to) = to_contact.filter(|_| input.to_contact) {
        let subject = input
            .to_contact_subject
            .clone()
            .unwrap_or_else(|| format!("New Deal Creation Notification from {account}"));
        emails.push(email("send_email_to_contact", to, &subject, body.clone()));
    }
    if let Some(to) = input.notify.as_deref().filter(|_| change == Change::Added) {
        let subject = input.notify_subject.as_deref().unwrap_or("New Deal Added");
        let extra = input.notify_extra_text.iter().map(|text| format!("\n{text}"));
        let body = std::iter::once(body.clone()).chain(extra).collect();
        emails.push(email("notifyToEmail", to, subject, body));
    }
    if let Some(to) = deal.owner_email.as_deref().filter(|_| input.to_owner) {
        let subject = match change {
            Change::Added => "A new deal was assigned to you",
            Change::Updated => "Your deal was updated",
        };
        emails.push(email("email_notify_owner", to, subject, body));
    }
    emails
}
