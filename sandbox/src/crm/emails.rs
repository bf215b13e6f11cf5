//! The messages that the real CRM would have sent. Here they are only written down.

use super::change::Change;
use crate::add_deal::EmailWish;
use crate::records::{Contact, Deal, Email, now};

/// The messages of one call.
///
/// The contact and the owner get theirs whenever a call asks for it; `notifyToEmail` is, in the
/// reference's words, about "a new deal added", so an update sends it nothing.
pub(super) fn written(
    wish: &EmailWish,
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
    if let Some(to) = to_contact.filter(|_| wish.to_contact) {
        let subject = wish
            .to_contact_subject
            .clone()
            .unwrap_or_else(|| format!("New Deal Creation Notification from {account}"));
        emails.push(email("send_email_to_contact", to, &subject, body.clone()));
    }
    if let Some(to) = wish.notify.as_deref().filter(|_| change == Change::Added) {
        let subject = wish.notify_subject.as_deref().unwrap_or("New Deal Added");
        let extra = wish.notify_extra_text.iter().map(|text| format!("\n{text}"));
        let body = std::iter::once(body.clone()).chain(extra).collect();
        emails.push(email("notifyToEmail", to, subject, body));
    }
    if let Some(to) = deal.owner_email.as_deref().filter(|_| wish.to_owner) {
        let subject = match change {
            Change::Added => "A new deal was assigned to you",
            Change::Updated => "A deal of yours was updated",
        };
        emails.push(email("email_notify_owner", to, subject, body));
    }
    emails
}
