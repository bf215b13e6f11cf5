//! The journal's file: `SQLite`, and every change of a submission as one transaction.

use std::io;
use std::path::Path;
use std::time::Duration;

use deal_contract::reference::Reference;
use rusqlite::{Connection, TransactionBehavior};

use super::entry::{
    Admission, Admitted, Answer, Arrival, Counts, Open, Replaced, Standing, State, Status, Ticket,
};
use super::error::JournalError;
use super::relation::{NewContent, Relation};
use super::row::{self, Row};
use crate::settings::clock::Moment;
use crate::settings::{faults, random};
use crate::store::spool::FolderName;

/// From one version of the file to the next; `user_version` counts those that it has been through.
const MIGRATIONS: [&str; 4] = [
    include_str!("schema.sql"),
    include_str!("told.sql"),
    include_str!("revision.sql"),
    include_str!("claims.sql"),
];

/// For so long a refusal is said again to whoever sends the same; later the CRM is asked again: it
/// may have been about something that somebody has mended.
const REFUSAL_HOLDS: Duration = Duration::from_secs(2 * 60);

/// `SQLite`'s `application_id` of a journal that a start has compared with the spool: `Deal`.
const COMPARED: i64 = 0x4465_616c;

/// How long to wait for the operator's commands, which write to the same file.
const BUSY: Duration = Duration::from_secs(10);

/// How many pages of changes are moved into the file at once, some 40 MB. That takes as long as several
/// submissions, and at `SQLite`'s usual 1,000 pages every hundredth had to wait for it.
const CHECKPOINT: &str = "10000";

/// The journal's file, open.
#[derive(Debug)]
pub(crate) struct Store {
    pub(super) connection: Connection,
    /// Names this proxy in its claims.
    pub(super) owner: String,
    commits: Commits,
    /// `SQLite`'s mark of changes by others, as last seen.
    seen: i64,
}

/// When changes are committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Commits {
    /// Each change in a transaction of its own.
    Each,
    /// All changes of a group in one transaction, which the first change begins.
    Group { begun: bool },
}

impl Store {
    /// Opens the file, or begins one.
    pub(crate) fn open(path: &Path) -> Result<Self, JournalError> {
        let mut connection = Connection::open(path)?;
        migrate(&mut connection)?;
        Self::prepare(connection, "wal")
    }

    /// Opens the file beside a proxy that may be running with it.
    pub(super) fn join(path: &Path) -> Result<Self, JournalError> {
        let connection = Connection::open(path)?;
        let version = version(&connection)?;
        if version < current() {
            return Err(JournalError::Older(version));
        }
        Self::prepare(connection, "wal")
    }

    /// A journal that nothing outlives.
    #[cfg(test)]
    pub(crate) fn in_memory() -> Self {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        Self::prepare(connection, "memory").unwrap()
    }

    fn prepare(connection: Connection, mode: &str) -> Result<Self, JournalError> {
        connection.busy_timeout(BUSY)?;
        // WAL lets the operator read while the proxy writes. FULL syncs each commit before it
        // returns; NORMAL may lose the last ones with the power (sqlite.org/pragma.html). What is
        // deleted is overwritten: it may be a visitor's.
        set(&connection, "journal_mode", "WAL", mode)?;
        set(&connection, "synchronous", "FULL", "2")?;
        set(&connection, "secure_delete", "ON", "1")?;
        set(&connection, "wal_autocheckpoint", CHECKPOINT, CHECKPOINT)?;
        if version(&connection)? > current() {
            return Err(JournalError::Newer(version(&connection)?));
        }
        let owner = random::hex::<16>().map_err(|_| io::Error::other("no random numbers"))?;
        let mut store = Self { connection, owner, commits: Commits::Each, seen: 0 };
        store.changed_by_others()?;
        Ok(store)
    }

    /// Makes a change that is committed at once, or with its group. A change that fails leaves
    /// nothing behind.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> Result<T, JournalError>,
    ) -> Result<T, JournalError> {
        match self.commits {
            Commits::Each => {
                let transaction =
                    self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let done = change(&transaction)?;
                faults::at("journal.commit")?;
                transaction.commit()?;
                faults::at("journal.committed")?;
                Ok(done)
            }
            Commits::Group { begun } => {
                if !begun {
                    self.connection.execute_batch("BEGIN IMMEDIATE")?;
                    self.commits = Commits::Group { begun: true };
                }
                let savepoint = self.connection.savepoint()?;
                let done = change(&savepoint)?;
                savepoint.commit()?;
                Ok(done)
            }
        }
    }

    /// From now on, changes wait for [`commit_group`](Self::commit_group), so that one sync to the
    /// disk serves all of them.
    pub(super) fn begin_group(&mut self) {
        self.commits = Commits::Group { begun: false };
    }

    /// Commits the changes of the group. After an error none of them has been made, or it cannot be
    /// told whether they have.
    pub(super) fn commit_group(&mut self) -> Result<(), JournalError> {
        if std::mem::replace(&mut self.commits, Commits::Each) != (Commits::Group { begun: true }) {
            return Ok(());
        }
        let committed = faults::at("journal.commit")
            .map_err(JournalError::from)
            .and_then(|()| Ok(self.connection.execute_batch("COMMIT")?));
        if committed.is_err() && !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK")?;
        }
        committed?;
        Ok(faults::at("journal.committed")?)
    }

    /// Enters a submission, unless its content is known or outdated.
    pub(crate) fn admit(
        &mut self,
        arrival: &Arrival,
        now: Moment,
    ) -> Result<Admission, JournalError> {
        let owner = self.owner.clone();
        self.change(|transaction| {
            let admitted = admit(transaction, &owner, arrival, now)?;
            match (&arrival.otherwise, admitted) {
                (Some(other), Admitted::AnotherDraft) => {
                    let arrival = Arrival {
                        reference: other.reference.clone(),
                        content: other.content,
                        form: arrival.form.clone(),
                        body: arrival.body.clone(),
                        folder: arrival.folder.clone(),
                        revision: arrival.revision.clone(),
                        begun: arrival.begun,
                        otherwise: None,
                    };
                    let admitted = admit(transaction, &owner, &arrival, now)?;
                    Ok(Admission { reference: arrival.reference, admitted })
                }
                (_, admitted) => Ok(Admission { reference: arrival.reference.clone(), admitted }),
            }
        })
    }

    /// The highest ticket so far.
    pub(crate) fn newest_ticket(&self) -> Result<Ticket, JournalError> {
        let newest = self.connection.query_row(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'submissions'",
            [],
            |row| row.get(0),
        )?;
        Ok(Ticket(newest))
    }

    /// Everything that waits, oldest first.
    pub(crate) fn open_entries(&self) -> Result<Vec<Open>, JournalError> {
        row::open(&self.connection)
    }

    /// The entry of a reference, if it waits.
    pub(crate) fn open_entry(&self, reference: &Reference) -> Result<Option<Open>, JournalError> {
        Ok(row::open(&self.connection)?.into_iter().find(|open| open.reference == *reference))
    }

    /// What became of a submission of that form, for the visitor, who is told of it.
    pub(crate) fn tell(
        &mut self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<Status>, JournalError> {
        let known = row::find(&self.connection, reference)?.filter(|known| known.form == form);
        let Some(known) = known else { return Ok(None) };
        let status = known.status()?;
        if matches!(status.standing, Standing::Answered(Answer::Refused(_))) {
            self.change(|transaction| row::tell(transaction, known.ticket))?;
        }
        Ok(Some(status))
    }

    /// Whether a submission of that form is known under that reference.
    pub(crate) fn has(&self, form: &str, reference: &Reference) -> Result<bool, JournalError> {
        Ok(row::find(&self.connection, reference)?.is_some_and(|known| known.form == form))
    }

    /// Notes that a page which does not number its requests was told that the submission arrived.
    pub(crate) fn confirm(
        &mut self,
        form: &str,
        reference: &Reference,
    ) -> Result<(), JournalError> {
        self.change(|transaction| row::confirm(transaction, form, reference))
    }

    /// What became of a submission of that form; none when it never arrived.
    #[cfg(test)]
    pub(crate) fn standing(
        &self,
        form: &str,
        reference: &Reference,
    ) -> Result<Option<Standing>, JournalError> {
        let known = row::find(&self.connection, reference)?.filter(|known| known.form == form);
        known.map(|known| known.standing()).transpose()
    }

    /// What became of just this content; none when it is not what was last sent.
    #[cfg(test)]
    pub(crate) fn settled(
        &self,
        reference: &Reference,
        content: super::Content,
    ) -> Result<Option<Standing>, JournalError> {
        let known = row::find(&self.connection, reference)?;
        known.filter(|known| known.content == content).map(|known| known.standing()).transpose()
    }

    /// Forgets what was delivered before then, or refused and told, and gives the folders to remove.
    pub(crate) fn forget(&mut self, before: Moment) -> Result<Vec<FolderName>, JournalError> {
        let folders = self.change(|transaction| {
            let mut forgotten = transaction.prepare_cached(
                "DELETE FROM submissions
                 WHERE settled_at < ?1 AND (state = 'delivered' OR state = 'refused' AND told)
                 RETURNING folder",
            )?;
            let folders = forgotten.query_map([before.0], |row| row.get(0))?;
            let folders: Vec<Option<String>> = folders.collect::<Result<_, _>>()?;
            Ok(folders.into_iter().flatten().map(FolderName::known).collect())
        })?;
        self.overwrite()?;
        Ok(folders)
    }

    /// What was deleted is still in the log of changes. An operator who reads at this moment puts it
    /// off until the next time.
    pub(super) fn overwrite(&self) -> Result<(), JournalError> {
        Ok(self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
    }

    /// The folders that entries refer to.
    pub(crate) fn folders(&self) -> Result<Vec<FolderName>, JournalError> {
        let mut folders =
            self.connection.prepare("SELECT folder FROM submissions WHERE folder IS NOT NULL")?;
        let folders = folders.query_map([], |row| row.get(0))?;
        Ok(folders.map(|name| name.map(FolderName::known)).collect::<Result<_, _>>()?)
    }

    /// How many are in which state.
    pub(crate) fn counts(&self) -> Result<Counts, JournalError> {
        let mut counts = Counts::default();
        let mut rows =
            self.connection.prepare_cached("SELECT state, count(*) FROM submissions GROUP BY 1")?;
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let count = u64::try_from(row.get::<_, i64>(1)?).unwrap_or(0);
            match row::state(&row.get::<_, String>(0)?)? {
                State::Queued => counts.queued = count,
                State::Delivered => counts.delivered = count,
                State::Refused => counts.refused = count,
                State::Failed => counts.failed = count,
            }
        }
        Ok(counts)
    }

    /// Whether a start has compared it with the spool, to the end.
    pub(crate) fn is_compared(&self) -> Result<bool, JournalError> {
        let mark: i64 =
            self.connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        Ok(mark == COMPARED)
    }

    /// A start has compared it with the spool.
    pub(crate) fn set_compared(&mut self) -> Result<(), JournalError> {
        Ok(self.connection.pragma_update(None, "application_id", COMPARED)?)
    }

    /// Reads the file's head.
    pub(crate) fn answers(&self) -> Result<(), JournalError> {
        version(&self.connection).map(drop)
    }

    /// Whether another process has changed the file since this was last asked.
    pub(crate) fn changed_by_others(&mut self) -> Result<bool, JournalError> {
        let mark = self.connection.pragma_query_value(None, "data_version", |row| row.get(0))?;
        Ok(std::mem::replace(&mut self.seen, mark) != mark)
    }
}

/// Enters a submission under its own reference.
fn admit(
    transaction: &Connection,
    owner: &str,
    arrival: &Arrival,
    now: Moment,
) -> Result<Admitted, JournalError> {
    let replaced = match row::find(transaction, &arrival.reference)? {
        None => None,
        Some(known) if known.form != arrival.form => return Ok(Admitted::Foreign),
        Some(known) if known.content == arrival.content => {
            let revision = known.known().revision_after(arrival.revision.as_ref());
            if revision != known.known().revision {
                row::renumber(transaction, known.ticket, revision)?;
            }
            match known.standing()? {
                Standing::Answered(Answer::Refused(_))
                    if known.settled_before(now, REFUSAL_HOLDS) =>
                {
                    Some(known)
                }
                Standing::Answered(answer) => {
                    row::tell(transaction, known.ticket)?;
                    return Ok(Admitted::Answered(answer));
                }
                Standing::Received => return Ok(Admitted::Known(known.ticket)),
                // Sent again, it begins anew.
                Standing::Failed => Some(known),
            }
        }
        Some(known) => {
            let new = NewContent { revision: arrival.revision.as_ref(), begun: arrival.begun };
            match known.known().relation(&new) {
                Relation::Correction => Some(known),
                Relation::Outdated => return Ok(Admitted::Outdated(known.status()?)),
                Relation::AnotherDraft => return Ok(Admitted::AnotherDraft),
            }
        }
    };
    if let Some(known) = &replaced {
        transaction
            .prepare_cached("DELETE FROM submissions WHERE ticket = ?1")?
            .execute([known.ticket.0])?;
    }
    let ticket = row::insert(transaction, owner, arrival, replaced.as_ref(), now)?;
    let replaced = replaced.map(|Row { ticket, folder, .. }| Replaced { ticket, folder });
    Ok(Admitted::Entered { ticket, replaced })
}

/// Sets a pragma and reads it back: `SQLite` ignores what it does not know or cannot do.
fn set(
    connection: &Connection,
    name: &'static str,
    value: &str,
    expected: &str,
) -> Result<(), JournalError> {
    connection.pragma_update(None, name, value)?;
    let found = connection.pragma_query_value(None, name, |row| {
        let value: rusqlite::types::Value = row.get(0)?;
        Ok(match value {
            rusqlite::types::Value::Integer(number) => number.to_string(),
            rusqlite::types::Value::Text(text) => text,
            other => format!("{other:?}"),
        })
    })?;
    if found == expected { Ok(()) } else { Err(JournalError::Pragma { name, found }) }
}

/// The version of a file that all migrations have been through.
fn current() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

fn version(connection: &Connection) -> Result<i64, JournalError> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Brings the file of an earlier version up to date. One of a later version is left as it is.
fn migrate(connection: &mut Connection) -> Result<(), JournalError> {
    connection.busy_timeout(BUSY)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = usize::try_from(version(&transaction)?).unwrap_or(0);
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    if done < MIGRATIONS.len() {
        transaction.pragma_update(None, "user_version", current())?;
    }
    Ok(transaction.commit()?)
}
