//! The `SQLite` file: settings, migrations and commits.

use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};
use tracing::error;

use super::error::OpenError;
use crate::settings::clock::{Clock, Moment};
use crate::settings::{faults, random};
use crate::store::error::StoreError;

/// The steps from one version of the file to the next. `user_version` is the number of applied steps.
const MIGRATIONS: [&str; 5] = [
    include_str!("migrations/1-submissions.sql"),
    include_str!("migrations/2-seen.sql"),
    include_str!("migrations/3-revision.sql"),
    include_str!("migrations/4-claims.sql"),
    include_str!("migrations/5-due.sql"),
];

/// The `application_id` of a file that has been reconciled with the spool: `Deal` in ASCII.
const RECONCILED: i64 = 0x4465_616c;

/// The maximum time to wait while an operator's command writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The size of the write-ahead log in pages (about 40 MB) at which its changes are moved into the file. Moving them
/// takes as long as storing several submissions. With `SQLite`'s default of 1,000 pages, every hundredth submission had
/// to wait for the move.
const CHECKPOINT_PAGES: &str = "10000";

/// The open file.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) connection: Connection,
    /// The name of this proxy in its claims.
    pub(super) owner: String,
    clock: Clock,
    commits: Commits,
}

/// When changes are committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commits {
    /// Each change in its own transaction.
    Each,
    /// All changes of a group in one transaction. The first change begins the transaction.
    Group { has_begun: bool },
}

impl Database {
    /// Opens or creates the file, and applies the missing migrations.
    pub(super) fn open(path: &Path, clock: Clock) -> Result<Self, OpenError> {
        let mut connection = Connection::open(path).map_err(failed)?;
        migrate(&mut connection).map_err(failed)?;
        Self::prepare(connection, clock)
    }

    /// Opens an existing file that a running proxy may be using. Does not migrate the file.
    pub(super) fn open_existing(path: &Path, clock: Clock) -> Result<Self, OpenError> {
        let connection = Connection::open(path).map_err(failed)?;
        let version = version(&connection)?;
        if version < latest() {
            return Err(OpenError::Older(version));
        }
        Self::prepare(connection, clock)
    }

    fn prepare(connection: Connection, clock: Clock) -> Result<Self, OpenError> {
        connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
        // WAL allows the operator to read while the proxy writes. FULL syncs each commit before it returns; NORMAL may
        // lose the last commits in a power failure (sqlite.org/pragma.html). `secure_delete` overwrites visitors'
        // deleted data.
        set(&connection, "journal_mode", "WAL", "wal")?;
        set(&connection, "synchronous", "FULL", "2")?;
        set(&connection, "secure_delete", "ON", "1")?;
        set(&connection, "wal_autocheckpoint", CHECKPOINT_PAGES, CHECKPOINT_PAGES)?;
        let version = version(&connection)?;
        if version > latest() {
            return Err(OpenError::Newer(version));
        }
        let owner = random::hex::<16>()
            .map_err(|_| io::Error::other("the system provides no random numbers"));
        let owner = owner.map_err(StoreError::journal)?;
        Ok(Self { connection, owner, clock, commits: Commits::Each })
    }

    pub(super) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Makes a change and commits it immediately or with its group. A failed change is rolled back.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.commits {
            Commits::Each => {
                let transaction = self
                    .connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(failed)?;
                let done = change(&transaction)?;
                faults::at("journal.commit").map_err(StoreError::journal)?;
                transaction.commit().map_err(failed)?;
                faults::at("journal.committed").map_err(StoreError::journal)?;
                Ok(done)
            }
            Commits::Group { has_begun } => {
                if !has_begun {
                    self.connection.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
                    self.commits = Commits::Group { has_begun: true };
                }
                let savepoint = self.connection.savepoint().map_err(failed)?;
                let done = change(&savepoint)?;
                savepoint.commit().map_err(failed)?;
                Ok(done)
            }
        }
    }

    /// Delays commits until [`commit_group`](Self::commit_group), so that all changes of the group share one sync.
    pub(super) fn begin_group(&mut self) {
        self.commits = Commits::Group { has_begun: false };
    }

    /// Commits the changes of the group. After an error, it is uncertain whether they were made.
    pub(super) fn commit_group(&mut self) -> Result<(), StoreError> {
        let commits = std::mem::replace(&mut self.commits, Commits::Each);
        if commits != (Commits::Group { has_begun: true }) {
            return Ok(());
        }
        let committed = match faults::at("journal.commit") {
            Ok(()) => self.connection.execute_batch("COMMIT").map_err(failed),
            Err(error) => Err(StoreError::journal(error)),
        };
        if committed.is_err() && !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK").map_err(failed)?;
        }
        committed?;
        faults::at("journal.committed").map_err(StoreError::journal)
    }

    /// Overwrites deleted data in the log of changes. If this fails, or if an operator is reading the file at this
    /// moment, the next removal overwrites the data. A failure is only logged: the rows are deleted, and the caller
    /// still has to remove their files.
    pub(super) fn overwrite_deleted(&self) {
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        if let Err(error) = self.connection.query_row(checkpoint, [], |_| Ok(())) {
            error!(%error, "cannot overwrite deleted answers in the journal's log yet");
        }
    }

    /// Returns whether the file has been reconciled with the spool.
    pub(super) fn is_reconciled(&self) -> Result<bool, StoreError> {
        let id: i64 = pragma(&self.connection, "application_id")?;
        Ok(id == RECONCILED)
    }

    /// Records that the file has been reconciled with the spool.
    pub(super) fn mark_reconciled(&mut self) -> Result<(), StoreError> {
        self.connection.pragma_update(None, "application_id", RECONCILED).map_err(failed)
    }

    /// Checks that the file's header can be read.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        version(&self.connection).map(drop)
    }
}

/// Converts a `SQLite` error.
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    StoreError::journal(error)
}

/// Sets a pragma and reads it back, because `SQLite` silently ignores unknown or unsupported values.
fn set(
    connection: &Connection,
    name: &'static str,
    value: &str,
    expected: &str,
) -> Result<(), OpenError> {
    connection.pragma_update(None, name, value).map_err(failed)?;
    let found = connection
        .pragma_query_value(None, name, |row| {
            let value: rusqlite::types::Value = row.get(0)?;
            Ok(match value {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            })
        })
        .map_err(failed)?;
    if found == expected { Ok(()) } else { Err(OpenError::Setting { name, found }) }
}

/// Applies the missing migrations. Does not change a file from a later version.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(BUSY_TIMEOUT)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let applied: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let applied = usize::try_from(applied).unwrap_or(usize::MAX);
    for step in MIGRATIONS.iter().skip(applied) {
        transaction.execute_batch(step)?;
    }
    if applied < MIGRATIONS.len() {
        transaction.pragma_update(None, "user_version", latest())?;
    }
    transaction.commit()
}

/// Returns the version of a file with all migrations.
fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn version(connection: &Connection) -> Result<i64, StoreError> {
    pragma(connection, "user_version")
}

fn pragma(connection: &Connection, name: &str) -> Result<i64, StoreError> {
    connection.pragma_query_value(None, name, |row| row.get(0)).map_err(failed)
}
