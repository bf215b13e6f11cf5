//! The journal for its operator: what `deal-proxy submissions` shows and changes, also while the
//! proxy runs.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Row, named_params};
use serde::Serialize;
use thiserror::Error;

use super::entry::State;
use super::error::JournalError;
use super::row;
use super::store::Store;
use crate::settings::clock::Moment;
use crate::store::spool::{FolderName, Spool};

/// The submissions of a spool.
#[derive(Debug)]
pub struct Submissions {
    store: Store,
    spool: Spool,
}

/// Which submissions; each thing that is said leaves fewer.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Only these references; the beginning that the log has is enough.
    pub references: Vec<String>,
    /// Only those of a form.
    pub form: Option<String>,
    /// Only those in a state.
    pub state: Option<State>,
    /// Only those that arrived longer ago.
    pub older_than: Option<Duration>,
}

/// A submission, without a word of what a visitor wrote unless somebody asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The reference.
    pub reference: String,
    /// The form's id.
    pub form: String,
    /// How far it has come.
    pub state: State,
    /// How often the CRM was asked since it arrived or was last retried by an operator; probes of address
    /// and key are not counted.
    pub attempts: u32,
    /// What came of the last attempt, where it settled nothing.
    pub problem: Option<String>,
    /// When it arrived, in UTC.
    pub received_at: String,
    /// When it was settled, in UTC.
    pub settled_at: Option<String>,
    /// When it is tried next, in UTC.
    pub due_at: Option<String>,
    /// What was written, when it was asked for and is still there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<EntryContent>,
}

/// What a visitor and the CRM wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryContent {
    /// Parameters and values.
    pub values: Vec<(String, String)>,
    /// The files: the visitor's names, and where the bytes are.
    pub files: Vec<(String, String)>,
    /// The CRM's reply: JSON of a deal, or the words of a refusal.
    pub reply: Option<String>,
}

/// Why the operator's command failed.
#[derive(Debug, Error)]
pub enum SubmissionsError {
    /// There is no journal.
    #[error("there is no journal in {0}: name the proxy's spool folder by --spool or --config")]
    Missing(String),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

impl From<rusqlite::Error> for SubmissionsError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Journal(error.into())
    }
}

const COLUMNS: &str = "reference, form, state, attempts, problem, received_at, settled_at, due_at, \
                       body, folder, reply";

const WANTED: &str =
    "(:references IS NULL OR EXISTS (SELECT 1 FROM json_each(:references) WHERE reference = value
        OR length(value) >= 12 AND substr(reference, 1, length(value)) = value))
    AND (:form IS NULL OR form = :form)
    AND (:state IS NULL OR state = :state)
    AND (:before IS NULL OR received_at < :before)";

impl Submissions {
    /// Opens the journal in a proxy's spool folder.
    ///
    /// # Errors
    /// A folder without a journal, and one that cannot be read.
    pub fn open(spool: &Path) -> Result<Self, SubmissionsError> {
        let file = spool.join(super::FILE);
        if !file.is_file() {
            return Err(SubmissionsError::Missing(spool.display().to_string()));
        }
        Ok(Self { store: Store::join(&file)?, spool: Spool::beside(spool) })
    }

    /// The submissions, oldest first.
    ///
    /// # Errors
    /// A journal that cannot be read.
    pub fn list(&self, filter: &Filter, content: bool) -> Result<Vec<Entry>, SubmissionsError> {
        let sql = format!("SELECT {COLUMNS} FROM submissions WHERE {WANTED} ORDER BY ticket");
        let mut rows = self.store.connection.prepare(&sql)?;
        let wanted = Wanted::of(filter)?;
        let mut rows = rows.query(named_params! {
            ":references": wanted.references, ":form": filter.form,
            ":state": wanted.state, ":before": wanted.before,
        })?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(self.entry(row, content)?);
        }
        Ok(entries)
    }

    /// Makes submissions due that are not in the CRM, as if they had just arrived, and gives their
    /// references.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub fn retry(&mut self, filter: &Filter) -> Result<Vec<String>, SubmissionsError> {
        let sql = format!(
            "UPDATE submissions SET state = 'queued', settled_at = NULL, reply = NULL, told = 0,
                 due_at = :now, wait = 0, waited = 0, attempts = 0, asked_until = NULL
             WHERE state <> 'delivered' AND {WANTED} RETURNING reference"
        );
        let wanted = Wanted::of(filter)?;
        let references = self.store.change(|transaction| {
            let mut changed = transaction.prepare(&sql)?;
            let changed = changed.query_map(
                named_params! {
                    ":references": wanted.references, ":form": filter.form,
                    ":state": wanted.state, ":before": wanted.before, ":now": Moment::now().0,
                },
                |row| row.get(0),
            )?;
            Ok(changed.collect::<Result<_, _>>()?)
        })?;
        Ok(references)
    }

    /// Deletes submissions with all that belongs to them, and gives their references. One that is
    /// still on its way is only deleted when its reference is among those named.
    ///
    /// # Errors
    /// A journal that cannot be written.
    pub fn purge(&mut self, filter: &Filter) -> Result<Vec<String>, SubmissionsError> {
        let sql = format!(
            "DELETE FROM submissions
             WHERE (state <> 'queued' OR :references IS NOT NULL) AND {WANTED}
             RETURNING reference, folder"
        );
        let wanted = Wanted::of(filter)?;
        let purged: Vec<(String, Option<String>)> = self.store.change(|transaction| {
            let mut purged = transaction.prepare(&sql)?;
            let purged = purged.query_map(
                named_params! {
                    ":references": wanted.references, ":form": filter.form,
                    ":state": wanted.state, ":before": wanted.before,
                },
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            Ok(purged.collect::<Result<_, _>>()?)
        })?;
        let remove = |(reference, folder): (String, Option<String>)| {
            if let Some(folder) = folder {
                self.spool.remove(&FolderName::known(folder));
            }
            reference
        };
        let references = purged.into_iter().map(remove).collect();
        self.store.overwrite()?;
        Ok(references)
    }

    fn entry(&self, row: &Row<'_>, content: bool) -> Result<Entry, SubmissionsError> {
        let state = row::state(&row.get::<_, String>("state")?)?;
        let moment = |column| -> Result<Option<String>, rusqlite::Error> {
            Ok(row.get::<_, Option<i64>>(column)?.map(|millis| Moment(millis).to_string()))
        };
        Ok(Entry {
            reference: row.get("reference")?,
            form: row.get("form")?,
            state,
            attempts: row.get("attempts")?,
            problem: row.get("problem")?,
            received_at: moment("received_at")?.unwrap_or_default(),
            settled_at: moment("settled_at")?,
            due_at: moment("due_at")?.filter(|_| state == State::Queued),
            content: if content { Some(self.content(row)?) } else { None },
        })
    }

    fn content(&self, row: &Row<'_>) -> Result<EntryContent, SubmissionsError> {
        let body: Option<String> = row.get("body")?;
        let body = body.as_deref().map(row::body).transpose()?;
        let folder = row.get::<_, Option<String>>("folder")?.map(FolderName::known);
        let place = |file: &str| {
            let path = folder.as_ref().map(|folder| self.spool.file(folder, file));
            path.map(|path| path.display().to_string()).unwrap_or_default()
        };
        let (values, files) = body.map(|body| (body.values, body.files)).unwrap_or_default();
        let files = files.into_iter().map(|file| (file.name, place(&file.file))).collect();
        Ok(EntryContent { values, files, reply: row.get("reply")? })
    }
}

/// A filter as the database takes it.
struct Wanted {
    references: Option<String>,
    state: Option<&'static str>,
    before: Option<i64>,
}

impl Wanted {
    fn of(filter: &Filter) -> Result<Self, JournalError> {
        let references = match &filter.references[..] {
            [] => None,
            references => Some(serde_json::to_string(references)?),
        };
        let before = filter.older_than.map(|age| Moment::now().minus(age).0);
        Ok(Self { references, state: filter.state.map(State::as_str), before })
    }
}
