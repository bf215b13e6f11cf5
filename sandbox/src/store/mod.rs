//! Deals, contacts, companies and files: `SQLite` for the records, a folder for the bytes.
//!
//! `DIR/deals.sqlite`, `DIR/files/{number}`, and `DIR/incoming/` for what belongs to no deal yet.

mod error;
mod records;
mod settings;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::records::{FileId, WholeDeal};

pub(crate) use self::error::StoreError;
pub(crate) use self::records::Records;
pub(crate) use self::settings::Setting;

const SCHEMA: &str = include_str!("schema.sql");
/// Kept in the database's `user_version`: files of another version are refused, not misread.
const VERSION: i64 = 1;

#[derive(Debug)]
pub(crate) struct Store {
    connection: Mutex<Connection>,
    folder: PathBuf,
}

impl Store {
    /// Opens what is in `folder`, or starts anew there.
    pub(crate) fn open(folder: &Path) -> Result<Self, StoreError> {
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
        Ok(Self { connection: Mutex::new(connection), folder: folder.to_owned() })
    }

    /// The folder for files that are still being read.
    pub(crate) fn incoming(&self) -> PathBuf {
        self.folder.join("incoming")
    }

    /// Runs `change` in one transaction: all of it is stored, or nothing.
    pub(crate) fn change<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&Records<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.lock();
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let done = change(&Records { transaction: &transaction, folder: &self.folder })?;
        transaction.commit().map_err(StoreError::from)?;
        Ok(done)
    }

    /// All deals, newest first.
    pub(crate) fn deals(&self) -> Result<Vec<WholeDeal>, StoreError> {
        self.change(records::deals)
    }

    /// The name and the place of a file.
    pub(crate) fn file(&self, id: FileId) -> Result<Option<(String, PathBuf)>, StoreError> {
        let name: Option<String> = self
            .lock()
            .query_row("SELECT name FROM files WHERE id = ?1", [id.0], |row| row.get(0))
            .optional()?;
        Ok(name.map(|name| (name, records::file_path(&self.folder, id))))
    }

    /// Forgets everything and starts as on the first day, numbers included.
    pub(crate) fn reset(&self) -> Result<(), StoreError> {
        self.change(|records| {
            empty(records.transaction)?;
            settings::seed(records.transaction)
        })?;
        let files = self.folder.join("files");
        std::fs::remove_dir_all(&files)?;
        Ok(std::fs::create_dir_all(&files)?)
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic rolls its transaction back: the connection is as good as before.
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn empty(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    Ok(transaction.execute_batch(
        "DELETE FROM files; DELETE FROM deals; DELETE FROM contacts; DELETE FROM companies;
         DELETE FROM settings; DELETE FROM group_members; DELETE FROM sqlite_sequence;",
    )?)
}
