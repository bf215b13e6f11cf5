//! The lists in the CRM's settings, and what is on them when a sandbox starts for the first time.

use rusqlite::{OptionalExtension, Transaction};

use super::error::StoreError;
use super::records::Records;
use crate::add_deal::Named;

/// A list of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setting {
    Stage,
    Funnel,
    Reason,
    Score,
    DealType,
    ContactSource,
    CustomField,
    /// Those custom fields that are marked as a unique identifier of a contact.
    UniqueField,
    /// Active users, by e-mail.
    User,
}

impl Setting {
    fn list(self) -> &'static str {
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

/// The first stage and the first funnel are where a deal starts.
const SEEDS: &[(Setting, &[&str])] = &[
    (Setting::Stage, &["New", "Qualified", "Proposal", "Won", "Lost"]),
    (Setting::Funnel, &["Sales", "Partners"]),
    (Setting::Reason, &["Price", "Timing", "Competitor"]),
    (Setting::Score, &["Cold", "Warm", "Hot"]),
    (Setting::DealType, &["New business", "Renewal"]),
    (Setting::ContactSource, &["Website"]),
    (Setting::CustomField, &["budget_range", "project_type", "customer_number"]),
    (Setting::UniqueField, &["customer_number"]),
    (Setting::User, &["user1@company.com", "ana@company.com", "ben@company.com"]),
];

const GROUPS: &[(&str, &[&str])] = &[("Inbound", &["ana@company.com", "ben@company.com"])];

pub(super) fn seed(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    for (setting, names) in SEEDS {
        for name in *names {
            insert(transaction, *setting, name)?;
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

fn insert(transaction: &Transaction<'_>, setting: Setting, name: &str) -> Result<(), StoreError> {
    transaction
        .execute("INSERT INTO settings (list, name) VALUES (?1, ?2)", (setting.list(), name))?;
    Ok(())
}

impl Records<'_> {
    /// The names on a list, in order.
    pub(crate) fn names(&self, setting: Setting) -> Result<Vec<String>, StoreError> {
        let mut statement = self
            .transaction
            .prepare_cached("SELECT name FROM settings WHERE list = ?1 ORDER BY position")?;
        let names = statement.query_map([setting.list()], |row| row.get(0))?;
        Ok(names.collect::<Result<_, _>>()?)
    }

    /// The name as the list spells it; capitals and outer spaces do not count, except in the
    /// name of a custom field, which is the name of a parameter.
    pub(crate) fn known(&self, setting: Setting, name: &str) -> Result<Option<String>, StoreError> {
        let mut names = self.names(setting)?.into_iter();
        if setting == Setting::CustomField {
            return Ok(names.find(|known| known == name));
        }
        let wished = name.trim().to_lowercase();
        Ok(names.find(|known| known.to_lowercase() == wished))
    }

    /// The same, where a new name may be put on the list.
    pub(crate) fn known_or_created(
        &self,
        setting: Setting,
        wish: &Named,
    ) -> Result<Option<String>, StoreError> {
        let known = self.known(setting, &wish.name)?;
        let name = wish.name.trim();
        if known.is_some() || !wish.create || name.is_empty() {
            return Ok(known);
        }
        insert(self.transaction, setting, name)?;
        Ok(Some(name.to_owned()))
    }

    /// The member of a group whose turn it is, or none where there is no such group.
    pub(crate) fn next_in_group(&self, group: &str) -> Result<Option<String>, StoreError> {
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
