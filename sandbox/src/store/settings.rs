//! The lists in the CRM's settings, and their initial entries.

use rusqlite::{OptionalExtension, Transaction};

use super::error::StoreError;
use super::records::Records;
use crate::add_deal::ListedName;
use crate::options::CustomField;

/// A list of names in the CRM's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum List {
    Stage,
    Funnel,
    Reason,
    Score,
    DealType,
    ContactSource,
    CustomField,
    /// Custom fields that are marked as a unique identifier of a contact.
    UniqueField,
    /// Email addresses of active users.
    User,
}

impl List {
    fn key(self) -> &'static str {
        match self {
            Self::Stage => "stage",
            Self::Funnel => "funnel",
            Self::Reason => "reason_name",
            Self::Score => "deal_score",
            Self::DealType => "deal_type",
            Self::ContactSource => "contact_source",
            Self::CustomField => "custom_field",
            Self::UniqueField => "unique_field",
            Self::User => "user",
        }
    }
}

/// The initial entries, without custom fields. A new deal gets the first stage and the first funnel.
const SEEDS: &[(List, &[&str])] = &[
    (List::Stage, &["New", "Qualified", "Proposal", "Won", "Lost"]),
    (List::Funnel, &["Sales", "Partners"]),
    (List::Reason, &["Price", "Timing", "Competitor"]),
    (List::Score, &["Cold", "Warm", "Hot"]),
    (List::DealType, &["New business", "Renewal"]),
    (List::ContactSource, &["Website"]),
    (List::User, &["user1@company.com", "ana@company.com", "ben@company.com"]),
];

const GROUPS: &[(&str, &[&str])] = &[("Inbound", &["ana@company.com", "ben@company.com"])];

pub(super) fn seed(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    for (list, names) in SEEDS {
        for name in *names {
            insert(transaction, *list, name)?;
        }
    }
    for (group, members) in GROUPS {
        for (turn, email) in (0_i64..).zip(*members) {
            transaction.execute(
                "INSERT INTO group_members (group_name, email, turn) VALUES (?1, ?2, ?3)",
                (group, email, turn),
            )?;
        }
    }
    Ok(())
}

fn insert(transaction: &Transaction<'_>, list: List, name: &str) -> Result<(), StoreError> {
    transaction.execute("INSERT INTO settings (list, name) VALUES (?1, ?2)", (list.key(), name))?;
    Ok(())
}

/// Adds the custom fields that are not in the settings yet.
pub(super) fn add_custom_fields(
    transaction: &Transaction<'_>,
    fields: &[CustomField],
) -> Result<(), StoreError> {
    for CustomField { name, is_unique } in fields {
        let unique = is_unique.then_some(List::UniqueField);
        for list in [List::CustomField].into_iter().chain(unique) {
            let is_known = transaction
                .prepare_cached("SELECT 1 FROM settings WHERE list = ?1 AND name = ?2")?
                .exists((list.key(), name))?;
            if !is_known {
                insert(transaction, list, name)?;
            }
        }
    }
    Ok(())
}

impl Records<'_> {
    /// Returns the names on a list, in order.
    pub(crate) fn names(&self, list: List) -> Result<Vec<String>, StoreError> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT name FROM settings WHERE list = ?1 ORDER BY position")?;
        let names = statement.query_map([list.key()], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// Finds a name and returns it as the list spells it. Ignores case, and white space around
    /// `name`, except for custom fields, because their names are parameter names.
    pub(crate) fn find_name(&self, list: List, name: &str) -> Result<Option<String>, StoreError> {
        let mut names = self.names(list)?.into_iter();
        if list == List::CustomField {
            return Ok(names.find(|known| known == name));
        }
        let requested = name.trim().to_lowercase();
        Ok(names.find(|known| known.to_lowercase() == requested))
    }

    /// Finds a name as [`Self::find_name`] does, or adds it to the list if the input allows it.
    pub(crate) fn find_or_create_name(
        &self,
        list: List,
        input: &ListedName,
    ) -> Result<Option<String>, StoreError> {
        let known = self.find_name(list, &input.name)?;
        let name = input.name.trim();
        if known.is_some() || !input.create || name.is_empty() {
            return Ok(known);
        }
        insert(self.transaction, list, name)?;
        Ok(Some(name.to_owned()))
    }

    /// Assigns a deal to the group member whose turn it is, and returns the member's email address. Returns
    /// `None` if the group does not exist.
    pub(crate) fn assign_in_group(&self, group: &str) -> Result<Option<String>, StoreError> {
        let next: Option<String> = self
            .transaction
            .query_row(
                "SELECT email FROM group_members WHERE group_name = ?1 COLLATE NOCASE
                 ORDER BY turn LIMIT 1",
                [group.trim()],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(email) = &next {
            self.transaction.execute(
                "UPDATE group_members SET turn = (SELECT max(turn) + 1 FROM group_members)
                 WHERE group_name = ?1 COLLATE NOCASE AND email = ?2",
                (group.trim(), email),
            )?;
        }
        Ok(next)
    }
}
