//! The store: a `SQLite` database for deals, contacts and companies, and a folder for files.
//!
//! The database is `DIR/deals.sqlite`, files are in `DIR/files/{id}`. A file stays in `DIR/incoming/`
//! until it is attached to a deal.

mod error;
mod records;
mod settings;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::options::CustomField;
use crate::records::{DealDetails, FileId};

pub(crate) use self::error::StoreError;
pub(crate) use self::records::Records;
pub(crate) use self::settings::List;

const SCHEMA: &str = include_str!("schema.sql");
/// The schema's version, stored as the database's `user_version`. Other versions are refused.
const VERSION: i64 = 1;

#[derive(Debug)]
pub(crate) struct Store {
    connection: Mutex<Connection>,
    folder: PathBuf,
    custom_fields: Vec<CustomField>,
}

impl Store {
    /// Opens the store in `folder`, or creates a new store there. Adds the custom fields to its
    /// settings.
    pub(crate) fn open(folder: &Path, custom_fields: &[CustomField]) -> Result<Self, StoreError> {
        std::fs::create_dir_all(folder.join("files"))?;
        let incoming = folder.join("incoming");
        if incoming.exists() {
            std::fs::remove_dir_all(&incoming)?;
        }
        std::fs::create_dir_all(&incoming)?;

        let mut connection = Connection::open(folder.join("deals.sqlite"))?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
        match version {
            VERSION => {}
            0 => {
                let transaction = connection.transaction()?;
                transaction.execute_batch(SCHEMA)?;
                settings::seed(&transaction)?;
                transaction.pragma_update(None, "user_version", VERSION)?;
                transaction.commit()?;
            }
            _ => return Err(StoreError::OtherVersion),
        }
        let transaction = connection.transaction()?;
        settings::add_custom_fields(&transaction, custom_fields)?;
        transaction.commit()?;
        Ok(Self {
            connection: Mutex::new(connection),
            folder: folder.to_owned(),
            custom_fields: custom_fields.to_owned(),
        })
    }

    /// Returns the folder for files that are not attached to a deal yet.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// Runs `work` in one transaction, which is rolled back if `work` fails.
    pub(crate) fn transaction<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Records<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let result = work(&Records { transaction: &transaction, folder: &self.folder })?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(result)
    }

    /// Returns all deals, newest first.
    pub(crate) fn deals(&self) -> Result<Vec<DealDetails>, StoreError> {
        self.transaction(records::deals)
    }

    /// Returns the name and the path of a file, or `None` if the store has no file with this ID.
    pub(crate) fn file(&self, id: FileId) -> Result<Option<(String, PathBuf)>, StoreError> {
        let name: Option<String> = self
            .lock()
            .query_row("SELECT name FROM files WHERE id = ?1", [id.0], |row| row.get(0))
            .optional()?;
        Ok(name.map(|name| (name, records::file_path(&self.folder, id))))
    }

    /// Returns the store to its initial state. The IDs start at 1 again.
    pub(crate) fn reset(&self) -> Result<(), StoreError> {
        self.transaction(|records| {
            delete_all(records.transaction)?;
            settings::seed(records.transaction)?;
            settings::add_custom_fields(records.transaction, &self.custom_fields)
        })?;
        let files = self.folder.join("files");
        std::fs::remove_dir_all(&files)?;
        Ok(std::fs::create_dir_all(&files)?)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic rolls back its transaction, so the connection is still usable.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn delete_all(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    Ok(transaction.execute_batch(
        "DELETE FROM files; DELETE FROM deals; DELETE FROM contacts; DELETE FROM companies;
         DELETE FROM settings; DELETE FROM group_members; DELETE FROM sqlite_sequence;",
    )?)
}
