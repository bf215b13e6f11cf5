//! Rows as columns.

use std::borrow::Cow;
use std::time::Duration;

use deal_contract::revision::Revision;
use tokio_postgres::types::{FromSql, Type};

use super::error::failed;
use super::pool::Parameter;
use crate::settings::clock::{Moment, millis};
use crate::store::content::ContentDigest;
use crate::store::error::StoreError;
use crate::store::quota::OVERHEAD;
use crate::store::row::Row;
use crate::store::submission::{Answers, FileSetId, State, Ticket};

/// A row as it was read.
#[derive(Debug, Clone)]
pub(super) struct StoredRow {
    pub(super) row: Row,
    /// The version of the row. Any change increases it.
    pub(super) version: i64,
}

/// The columns that [`read`] expects, in order.
macro_rules! columns {
    () => {
        "ticket, reference, form, content, state, files, attempts, problem, reply, received_at, \
         settled_at, due_at, wait, deferred_until, waited, seen, session, revision, confirmed, \
         correction, owner, lease_until, claim, version"
    };
}

/// The columns of a row.
pub(super) const COLUMNS: &str = columns!();

/// The index of the column after [`COLUMNS`].
pub(super) const NEXT_COLUMN: usize = 24;

/// Selects the row of a reference after the time, or only the time if the reference has no row.
pub(super) const BY_REFERENCE: &str = concat!(
    "SELECT ",
    columns!(),
    ", clock.now FROM (SELECT deal_proxy_now() AS now) AS clock \
     LEFT JOIN submissions ON reference = $1"
);

/// The same for the row of a ticket, with its answers.
pub(super) const BY_TICKET: &str = concat!(
    "SELECT ",
    columns!(),
    ", clock.now, answers FROM (SELECT deal_proxy_now() AS now) AS clock \
     LEFT JOIN submissions ON ticket = $1"
);

/// Updates the columns that a transition may change, if the row still has the version that was read. Removes the
/// answers of a delivered submission.
pub(super) const UPDATE: &str = "UPDATE submissions SET version = version + 1, state = $3, files = $4, attempts = $5, \
         problem = $6, reply = $7, settled_at = $8, due_at = $9, wait = $10, deferred_until = $11, \
         waited = $12, seen = $13, session = $14, revision = $15, confirmed = $16, owner = $17, \
         lease_until = $18, claim = $19, \
         answers = CASE WHEN $3 = 'delivered' THEN NULL ELSE answers END \
     WHERE reference = $1 AND version = $2 RETURNING ticket";

/// Replaces the content of a reference, if the row still has the version that was read.
pub(super) const REPLACE: &str = "UPDATE submissions SET version = version + 1, ticket = nextval('tickets'), state = $3, \
         files = $4, attempts = $5, problem = $6, reply = $7, settled_at = $8, due_at = $9, \
         wait = $10, deferred_until = $11, waited = $12, seen = $13, session = $14, revision = $15, \
         confirmed = $16, owner = $17, lease_until = $18, claim = $19, form = $20, content = $21, \
         received_at = $22, correction = $23, answers = $24, file_bytes = $25 \
     WHERE reference = $1 AND version = $2 RETURNING ticket";

/// Inserts the row of a new reference. Inserts nothing if the reference has a row by now.
pub(super) const INSERT: &str = "INSERT INTO submissions (reference, version, state, files, attempts, problem, reply, \
         settled_at, due_at, wait, deferred_until, waited, seen, session, revision, confirmed, \
         owner, lease_until, claim, form, content, received_at, correction, answers, file_bytes) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
         $19, $20, $21, $22, $23, $24, $25) \
     ON CONFLICT (reference) DO NOTHING RETURNING ticket";

/// The parameters of [`UPDATE`].
pub(super) struct StateColumns<'a> {
    reference: &'a str,
    version: i64,
    state: &'static str,
    files: Option<&'a str>,
    attempts: i64,
    problem: Option<Cow<'a, str>>,
    reply: Option<Cow<'a, str>>,
    settled_at: Option<i64>,
    due_at: i64,
    wait: i64,
    deferred_until: Option<i64>,
    waited: i64,
    seen: bool,
    session: Option<&'a str>,
    revision: Option<i64>,
    confirmed: bool,
    owner: Option<&'a str>,
    lease_until: Option<i64>,
    claim: i64,
}

/// The further parameters of [`REPLACE`] and [`INSERT`].
pub(super) struct ContentColumns<'a> {
    form: &'a str,
    content: &'a [u8],
    received_at: i64,
    correction: bool,
    answers: String,
    file_bytes: i64,
}

impl<'a> StateColumns<'a> {
    pub(super) fn of(row: &'a Row, version: i64) -> Self {
        Self {
            reference: row.reference.as_str(),
            version,
            state: row.state.as_str(),
            files: row.files.as_ref().map(|files| &*files.0),
            attempts: row.attempts.into(),
            problem: row.problem.as_deref().map(without_nul),
            reply: row.reply.as_deref().map(without_nul),
            settled_at: row.settled_at.map(|settled| settled.0),
            due_at: row.due_at.0,
            wait: millis(row.wait),
            deferred_until: row.deferred_until.map(|until| until.0),
            waited: millis(row.waited),
            seen: row.seen,
            session: row.revision.as_ref().map(|revision| &*revision.session),
            revision: row.revision.as_ref().map(|revision| revision.number.into()),
            confirmed: row.confirmed,
            owner: row.owner.as_deref(),
            lease_until: row.lease_until.map(|until| until.0),
            claim: row.claims,
        }
    }

    pub(super) fn parameters(&self) -> Vec<Parameter<'_>> {
        vec![
            (&self.reference, Type::TEXT),
            (&self.version, Type::INT8),
            (&self.state, Type::TEXT),
            (&self.files, Type::TEXT),
            (&self.attempts, Type::INT8),
            (&self.problem, Type::TEXT),
            (&self.reply, Type::TEXT),
            (&self.settled_at, Type::INT8),
            (&self.due_at, Type::INT8),
            (&self.wait, Type::INT8),
            (&self.deferred_until, Type::INT8),
            (&self.waited, Type::INT8),
            (&self.seen, Type::BOOL),
            (&self.session, Type::TEXT),
            (&self.revision, Type::INT8),
            (&self.confirmed, Type::BOOL),
            (&self.owner, Type::TEXT),
            (&self.lease_until, Type::INT8),
            (&self.claim, Type::INT8),
        ]
    }
}

impl<'a> ContentColumns<'a> {
    pub(super) fn of(row: &'a Row, answers: &Answers) -> Result<Self, StoreError> {
        Ok(Self {
            form: &row.form,
            content: &row.content.0,
            received_at: row.received_at.0,
            correction: row.correction,
            answers: serde_json::to_string(answers)?,
            file_bytes: file_bytes(answers),
        })
    }

    pub(super) fn parameters(&self) -> [Parameter<'_>; 6] {
        [
            (&self.form, Type::TEXT),
            (&self.content, Type::BYTEA),
            (&self.received_at, Type::INT8),
            (&self.correction, Type::BOOL),
            (&self.answers, Type::TEXT),
            (&self.file_bytes, Type::INT8),
        ]
    }
}

/// Reads the columns of a row.
pub(super) fn read(row: &tokio_postgres::Row) -> Result<StoredRow, StoreError> {
    let reference: &str = column(row, 1)?;
    let content = column::<&[u8]>(row, 3)?.try_into();
    let state = column::<&str>(row, 4)?.parse::<State>();
    let session: Option<String> = column(row, 16)?;
    let revision: Option<i64> = column(row, 17)?;
    let version = column(row, 23)?;
    let row = Row {
        ticket: Ticket(column(row, 0)?),
        reference: reference.parse().map_err(|_| StoreError::Damaged("reference"))?,
        form: column(row, 2)?,
        content: ContentDigest(content.map_err(|_| StoreError::Damaged("content"))?),
        state: state.map_err(|_| StoreError::Damaged("state"))?,
        files: column::<Option<String>>(row, 5)?.map(FileSetId),
        attempts: number(column(row, 6)?),
        problem: column(row, 7)?,
        reply: column(row, 8)?,
        received_at: Moment(column(row, 9)?),
        settled_at: column::<Option<i64>>(row, 10)?.map(Moment),
        due_at: Moment(column(row, 11)?),
        wait: duration(column(row, 12)?),
        deferred_until: column::<Option<i64>>(row, 13)?.map(Moment),
        waited: duration(column(row, 14)?),
        seen: column(row, 15)?,
        revision: session
            .zip(revision)
            .map(|(session, revision)| Revision { session, number: number(revision) }),
        confirmed: column(row, 18)?,
        correction: column(row, 19)?,
        owner: column(row, 20)?,
        lease_until: column::<Option<i64>>(row, 21)?.map(Moment),
        claims: column(row, 22)?,
    };
    Ok(StoredRow { row, version })
}

/// Reads one column.
pub(super) fn column<'a, T: FromSql<'a>>(
    row: &'a tokio_postgres::Row,
    index: usize,
) -> Result<T, StoreError> {
    row.try_get(index).map_err(failed)
}

/// Parses answers.
pub(super) fn answers(json: Option<&str>) -> Result<Option<Answers>, StoreError> {
    Ok(json.map(serde_json::from_str).transpose()?)
}

/// Returns the approximate space that the files use, in bytes.
pub(super) fn file_bytes(answers: &Answers) -> i64 {
    let files = answers.files.iter();
    let bytes =
        files.fold(OVERHEAD, |sum, file| sum.saturating_add(file.bytes).saturating_add(OVERHEAD));
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

/// Replaces NUL characters, which PostgreSQL does not store in texts. The CRM's messages may contain them.
fn without_nul(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { text.replace('\0', "\u{fffd}").into() } else { text.into() }
}

fn number(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn duration(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
