//! Reads and writes records in one transaction.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, Params, Transaction};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::StoreError;
use crate::intake::Upload;
use crate::records::{
    Attachment, Company, CompanyId, Contact, ContactId, Deal, DealDetails, DealId, FileId,
};

/// The records, in one transaction.
#[derive(Debug)]
pub(crate) struct Records<'a> {
    pub(super) transaction: &'a Transaction<'a>,
    pub(super) folder: &'a Path,
}

impl Records<'_> {
    pub(crate) fn deal(&self, id: DealId) -> Result<Option<Deal>, StoreError> {
        query_one(self.transaction, "SELECT record FROM deals WHERE id = ?1", [id.0])
    }

    pub(crate) fn deal_by_reference(&self, reference: &str) -> Result<Option<Deal>, StoreError> {
        query_one(
            self.transaction,
            "SELECT record FROM deals WHERE record ->> 'external_reference_id' = ?1",
            [reference],
        )
    }

    pub(crate) fn contact(&self, id: ContactId) -> Result<Option<Contact>, StoreError> {
        query_one(self.transaction, "SELECT record FROM contacts WHERE id = ?1", [id.0])
    }

    pub(crate) fn company(&self, id: CompanyId) -> Result<Option<Company>, StoreError> {
        query_one(self.transaction, "SELECT record FROM companies WHERE id = ?1", [id.0])
    }

    pub(crate) fn contacts(&self) -> Result<Vec<Contact>, StoreError> {
        query_all(self.transaction, "SELECT record FROM contacts ORDER BY id", [])
    }

    pub(crate) fn companies(&self) -> Result<Vec<Company>, StoreError> {
        query_all(self.transaction, "SELECT record FROM companies ORDER BY id", [])
    }

    /// Reserves an ID for a record that is saved later in the same transaction.
    pub(crate) fn new_deal_id(&self) -> Result<DealId, StoreError> {
        self.transaction.execute("INSERT INTO deals (record) VALUES ('{}')", [])?;
        Ok(DealId(self.transaction.last_insert_rowid()))
    }

    pub(crate) fn new_contact_id(&self) -> Result<ContactId, StoreError> {
        self.transaction.execute("INSERT INTO contacts (record) VALUES ('{}')", [])?;
        Ok(ContactId(self.transaction.last_insert_rowid()))
    }

    pub(crate) fn new_company_id(&self) -> Result<CompanyId, StoreError> {
        self.transaction.execute("INSERT INTO companies (record) VALUES ('{}')", [])?;
        Ok(CompanyId(self.transaction.last_insert_rowid()))
    }

    pub(crate) fn save_deal(&self, deal: &Deal) -> Result<(), StoreError> {
        self.save("UPDATE deals SET record = ?2 WHERE id = ?1", deal.deal_id.0, deal)
    }

    pub(crate) fn save_contact(&self, contact: &Contact) -> Result<(), StoreError> {
        self.save("UPDATE contacts SET record = ?2 WHERE id = ?1", contact.contact_id.0, contact)
    }

    pub(crate) fn save_company(&self, company: &Company) -> Result<(), StoreError> {
        self.save("UPDATE companies SET record = ?2 WHERE id = ?1", company.company_id.0, company)
    }

    fn save(&self, update: &str, id: i64, record: &impl Serialize) -> Result<(), StoreError> {
        self.transaction.execute(update, (id, serde_json::to_string(record)?))?;
        Ok(())
    }

    /// Attaches a file to a deal. The file's name on disk is its ID.
    ///
    /// If the transaction fails after this, the file stays on disk. The next file gets the same ID and
    /// overwrites it.
    pub(crate) fn attach_file(&self, deal: DealId, upload: Upload) -> Result<(), StoreError> {
        self.transaction.execute(
            "INSERT INTO files (deal_id, name, size, media_type, sha256)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                deal.0,
                &upload.name,
                i64::try_from(upload.size).unwrap_or(i64::MAX),
                &upload.media_type,
                &upload.sha256,
            ),
        )?;
        let id = FileId(self.transaction.last_insert_rowid());
        upload.path.persist(file_path(self.folder, id)).map_err(|failed| failed.error)?;
        Ok(())
    }

    fn attachments(&self, deal: DealId) -> Result<Vec<Attachment>, StoreError> {
        let mut statement = self.transaction.prepare_cached(
            "SELECT id, name, size, media_type, sha256 FROM files WHERE deal_id = ?1 ORDER BY id",
        )?;
        let rows = statement.query_map([deal.0], |row| {
            let id = row.get(0)?;
            Ok(Attachment {
                id: FileId(id),
                name: row.get(1)?,
                size: u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0),
                media_type: row.get(3)?,
                sha256: row.get(4)?,
                url: format!("/files/{id}"),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// Returns all deals, newest first.
pub(super) fn deals(records: &Records<'_>) -> Result<Vec<DealDetails>, StoreError> {
    let deals: Vec<Deal> =
        query_all(records.transaction, "SELECT record FROM deals ORDER BY id DESC", [])?;
    deals
        .into_iter()
        .map(|deal| {
            Ok(DealDetails {
                contact: deal.contact_id.map(|id| records.contact(id)).transpose()?.flatten(),
                company: deal.company_id.map(|id| records.company(id)).transpose()?.flatten(),
                attachments: records.attachments(deal.deal_id)?,
                deal,
            })
        })
        .collect()
}

pub(super) fn file_path(folder: &Path, id: FileId) -> PathBuf {
    folder.join("files").join(id.0.to_string())
}

fn query_one<T: DeserializeOwned>(
    connection: &Connection,
    query: &str,
    params: impl Params,
) -> Result<Option<T>, StoreError> {
    let record: Option<String> =
        connection.prepare_cached(query)?.query_row(params, |row| row.get(0)).optional()?;
    Ok(record.map(|record| serde_json::from_str(&record)).transpose()?)
}

fn query_all<T: DeserializeOwned>(
    connection: &Connection,
    query: &str,
    params: impl Params,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(query)?;
    let records = statement.query_map(params, |row| row.get::<_, String>(0))?;
    records.map(|record| Ok(serde_json::from_str(&record?)?)).collect()
}
