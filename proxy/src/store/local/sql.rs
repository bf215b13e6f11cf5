//! Reads and writes rows in `SQLite`.

use std::time::Duration;

use deal_contract::reference::Reference;
use deal_contract::revision::Revision;
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::database::failed;
use crate::settings::clock::{Moment, millis};
use crate::store::content::ContentDigest;
use crate::store::error::StoreError;
use crate::store::row::Row;
use crate::store::submission::{Answers, FileSetId, State, Ticket};

/// The columns that [`read`] expects, in order.
const COLUMNS: &str = "ticket, reference, form, content, state, folder, attempts, problem, reply, \
                       received_at, settled_at, due_at, wait, asked_until, waited, told, session, \
                       revision, confirmed, correction, owner, lease_until, claim";

/// The index of the column with the answers. This column follows the other columns.
const ANSWERS_COLUMN: usize = 23;

/// Selects rows by a condition.
pub(super) fn rows(
    connection: &Connection,
    condition: &str,
    parameters: &[(&str, &dyn ToSql)],
) -> Result<Vec<Row>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM submissions {condition}");
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let mut found = statement.query(parameters).map_err(failed)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(failed)? {
        rows.push(read(row)?);
    }
    Ok(rows)
}

/// Selects rows with their answers.
pub(super) fn rows_with_answers(
    connection: &Connection,
    condition: &str,
    parameters: &[(&str, &dyn ToSql)],
) -> Result<Vec<(Row, Option<Answers>)>, StoreError> {
    let sql = format!("SELECT {COLUMNS}, body FROM submissions {condition}");
    let mut statement = connection.prepare_cached(&sql).map_err(failed)?;
    let mut found = statement.query(parameters).map_err(failed)?;
    let mut rows = Vec::new();
    while let Some(row) = found.next().map_err(failed)? {
        let answers: Option<String> = row.get(ANSWERS_COLUMN).map_err(failed)?;
        let answers = answers.map(|json| serde_json::from_str(&json)).transpose()?;
        rows.push((read(row)?, answers));
    }
    Ok(rows)
}

/// Returns the row of a reference.
pub(super) fn by_reference(
    connection: &Connection,
    reference: &Reference,
) -> Result<Option<Row>, StoreError> {
    let reference = reference.as_str();
    let rows = rows(connection, "WHERE reference = :reference", &[(":reference", &reference)])?;
    Ok(rows.into_iter().next())
}

/// Returns the row of a ticket, with its answers.
pub(super) fn by_ticket(
    connection: &Connection,
    ticket: Ticket,
) -> Result<Option<(Row, Option<Answers>)>, StoreError> {
    let rows = rows_with_answers(connection, "WHERE ticket = :ticket", &[(":ticket", &ticket.0)])?;
    Ok(rows.into_iter().next())
}

/// Inserts a row, and returns its ticket.
pub(super) fn insert(
    connection: &Connection,
    row: &Row,
    answers: &Answers,
) -> Result<Ticket, StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO submissions
                 (reference, form, content, state, body, folder, received_at, due_at, wait,
                  asked_until, session, revision, correction, owner, lease_until, claim)
             VALUES (:reference, :form, :content, :state, :body, :folder, :received_at, :due_at,
                     :wait, :asked_until, :session, :revision, :correction, :owner, :lease_until,
                     :claim)",
        )
        .and_then(|mut statement| {
            statement.execute(named_params! {
                ":reference": row.reference.as_str(),
                ":form": row.form,
                ":content": row.content.0,
                ":state": row.state.as_str(),
                ":body": json(answers)?,
                ":folder": row.files.as_ref().map(|files| &*files.0),
                ":received_at": row.received_at.0,
                ":due_at": row.due_at.0,
                ":wait": millis(row.wait),
                ":asked_until": row.deferred_until.map(|until| until.0),
                ":session": row.revision.as_ref().map(|revision| &*revision.session),
                ":revision": row.revision.as_ref().map(|revision| revision.number),
                ":correction": row.correction,
                ":owner": row.owner,
                ":lease_until": row.lease_until.map(|until| until.0),
                ":claim": row.claims,
            })
        })
        .map_err(failed)?;
    Ok(Ticket(connection.last_insert_rowid()))
}

/// Stores the columns that a transition may change. Removes the answers of a delivered submission.
pub(super) fn update(connection: &Connection, row: &Row) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE submissions SET state = :state, folder = :folder, attempts = :attempts,
                 problem = :problem, reply = :reply, settled_at = :settled_at, due_at = :due_at,
                 wait = :wait, asked_until = :asked_until, waited = :waited, told = :told,
                 session = :session, revision = :revision, confirmed = :confirmed, owner = :owner,
                 lease_until = :lease_until, claim = :claim,
                 body = iif(:state = 'delivered', NULL, body)
             WHERE ticket = :ticket",
        )
        .and_then(|mut statement| {
            statement.execute(named_params! {
                ":ticket": row.ticket.0,
                ":state": row.state.as_str(),
                ":folder": row.files.as_ref().map(|files| &*files.0),
                ":attempts": row.attempts,
                ":problem": row.problem,
                ":reply": row.reply,
                ":settled_at": row.settled_at.map(|settled| settled.0),
                ":due_at": row.due_at.0,
                ":wait": millis(row.wait),
                ":asked_until": row.deferred_until.map(|until| until.0),
                ":waited": millis(row.waited),
                ":told": row.seen,
                ":session": row.revision.as_ref().map(|revision| &*revision.session),
                ":revision": row.revision.as_ref().map(|revision| revision.number),
                ":confirmed": row.confirmed,
                ":owner": row.owner,
                ":lease_until": row.lease_until.map(|until| until.0),
                ":claim": row.claims,
            })
        })
        .map_err(failed)?;
    Ok(())
}

/// Replaces the answers.
pub(super) fn update_answers(
    connection: &Connection,
    ticket: Ticket,
    answers: &Answers,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE submissions SET body = ?1 WHERE ticket = ?2")
        .and_then(|mut statement| statement.execute((json(answers)?, ticket.0)))
        .map_err(failed)?;
    Ok(())
}

/// Deletes a row.
pub(super) fn delete(connection: &Connection, ticket: Ticket) -> Result<(), StoreError> {
    connection
        .prepare_cached("DELETE FROM submissions WHERE ticket = ?1")
        .and_then(|mut statement| statement.execute([ticket.0]))
        .map_err(failed)?;
    Ok(())
}

/// Returns a single value, or `None` if no row matches.
pub(super) fn value<T: rusqlite::types::FromSql>(
    connection: &Connection,
    sql: &str,
    parameters: impl rusqlite::Params,
) -> Result<Option<T>, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(parameters, |row| row.get(0)).optional())
        .map_err(failed)
}

fn read(row: &rusqlite::Row<'_>) -> Result<Row, StoreError> {
    let text: String = row.get(1).map_err(failed)?;
    let reference = text.parse().map_err(|_| StoreError::Damaged("reference"))?;
    let text: String = row.get(4).map_err(failed)?;
    let state: State = text.parse().map_err(|_| StoreError::Damaged("state"))?;
    let get = || -> rusqlite::Result<Row> {
        Ok(Row {
            ticket: Ticket(row.get(0)?),
            reference,
            form: row.get(2)?,
            content: ContentDigest(row.get(3)?),
            state,
            files: row.get::<_, Option<String>>(5)?.map(FileSetId),
            attempts: row.get(6)?,
            problem: row.get(7)?,
            reply: row.get(8)?,
            received_at: Moment(row.get(9)?),
            settled_at: row.get::<_, Option<i64>>(10)?.map(Moment),
            due_at: Moment(row.get(11)?),
            wait: duration(row.get(12)?),
            deferred_until: row.get::<_, Option<i64>>(13)?.map(Moment),
            waited: duration(row.get(14)?),
            seen: row.get(15)?,
            revision: revision(row.get(16)?, row.get(17)?),
            confirmed: row.get(18)?,
            correction: row.get(19)?,
            owner: row.get(20)?,
            lease_until: row.get::<_, Option<i64>>(21)?.map(Moment),
            claims: row.get(22)?,
        })
    };
    get().map_err(failed)
}

fn json(answers: &Answers) -> rusqlite::Result<String> {
    serde_json::to_string(answers)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn revision(session: Option<String>, number: Option<u32>) -> Option<Revision> {
    Some(Revision { session: session?, number: number? })
}

fn duration(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
