//! The records of the CRM: deals, contacts, companies and files. The database and `/deals.json` use the
//! same JSON for them.
#![expect(clippy::struct_field_names, reason = "the fields are spelled as in the API")]

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::values::Resolution;

/// The ID of a record. In JSON it is text, as in the CRM's reply.
macro_rules! id {
    ($($name:ident),+) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
        #[serde(into = "String", try_from = "String")]
        pub(crate) struct $name(pub(crate) i64);

        impl $name {
            /// Parses an ID that consists of digits only.
            pub(crate) fn parse(text: &str) -> Option<Self> {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| text.parse().ok()).flatten().map(Self)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0.to_string()
            }
        }

        impl TryFrom<String> for $name {
            type Error = std::num::ParseIntError;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse().map(Self)
            }
        }
    )+};
}

id!(DealId, ContactId, CompanyId, FileId);

/// Whether a call added or updated its deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    Added,
    Updated,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Deal {
    pub(crate) deal_id: DealId,
    pub(crate) external_reference_id: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) stage: String,
    pub(crate) funnel: String,
    pub(crate) resolution: Resolution,
    pub(crate) deal_type: Option<String>,
    pub(crate) deal_score: Option<String>,
    pub(crate) reason_name: Option<String>,
    pub(crate) won_reasons: Option<String>,
    pub(crate) lost_reason: Option<String>,
    pub(crate) expected_closing_date: Option<String>,
    pub(crate) actual_closing_date: Option<String>,
    pub(crate) expected_closing_amount: Option<String>,
    pub(crate) actual_closing_amount: Option<String>,
    pub(crate) owner_email: Option<String>,
    pub(crate) dealcollaborator_email: Option<String>,
    pub(crate) dealcollaboratoronly_email: Option<String>,
    pub(crate) contact_id: Option<ContactId>,
    pub(crate) company_id: Option<CompanyId>,
    pub(crate) tags: Vec<String>,
    pub(crate) notes: Vec<Note>,
    pub(crate) custom_fields: BTreeMap<String, String>,
    pub(crate) emails: Vec<Email>,
    /// The parameters that the CRM did not ignore, with the values that were sent last, without `key`.
    pub(crate) parameters: BTreeMap<String, String>,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    /// The number of calls that updated the deal.
    pub(crate) updates: u32,
}

/// An entry in the timeline of a deal.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) title: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) at: Timestamp,
}

/// An email that the real CRM would have sent.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Email {
    /// The parameter that requested the email.
    pub(crate) asked_by: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact {
    pub(crate) contact_id: ContactId,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) owner_email: Option<String>,
    /// Keys are networks: `facebook`, `twitter`, …
    pub(crate) socials: BTreeMap<String, String>,
    /// Keys are `street`, `city` and `zipcode`.
    pub(crate) address: BTreeMap<String, String>,
    /// Values of the custom fields that identify a contact.
    pub(crate) identifiers: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Company {
    pub(crate) company_id: CompanyId,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
}

/// A file that is attached to a deal.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Attachment {
    pub(crate) id: FileId,
    pub(crate) name: String,
    pub(crate) size: u64,
    /// The media type that the sender declared. The sandbox does not check it.
    pub(crate) media_type: Option<String>,
    pub(crate) sha256: String,
    pub(crate) url: String,
}

/// A deal with its contact, company and files: an entry of `/deals.json`.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DealDetails {
    #[serde(flatten)]
    pub(crate) deal: Deal,
    pub(crate) contact: Option<Contact>,
    pub(crate) company: Option<Company>,
    pub(crate) attachments: Vec<Attachment>,
}

/// Returns the current time, to the millisecond.
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}
