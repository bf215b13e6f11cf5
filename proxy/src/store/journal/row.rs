//! Rows of the journal as they are read and written.

use std::time::Duration;

use deal_contract::json::Value;
use deal_contract::reference::Reference;
use deal_contract::reply::Reply;
use deal_contract::revision::Revision;
use rusqlite::{Connection, OptionalExtension, named_params};

use super::content::Content;
use super::entry::{
    Answer, Arrival, Body, Claim, LEASE, Open, Parcel, Standing, State, Status, Ticket,
};
use super::error::JournalError;
use super::relation::KnownContent;
use crate::settings::clock::{Moment, millis};
use crate::store::spool::FolderName;

/// What decides about another submission under the same reference.
pub(super) struct Row {
    pub(super) ticket: Ticket,
    pub(super) form: String,
    pub(super) content: Content,
    pub(super) folder: Option<FolderName>,
    /// Until when the CRM asked not to be asked, and for how long it did.
    asked_until: Option<Moment>,
    wait: Duration,
    state: String,
    reply: Option<String>,
    settled_at: Option<Moment>,
    revision: Option<Revision>,
    confirmed: bool,
    correction: bool,
    owner: Option<String>,
    lease_until: Option<i64>,
    claim: i64,
}

impl Row {
    /// Whether it has been settled for longer than that.
    pub(super) fn settled_before(&self, now: Moment, age: Duration) -> bool {
        self.settled_at.is_some_and(|settled| now.since(settled) > age)
    }

    /// What decides whether another content replaces this one.
    pub(super) fn known(&self) -> KnownContent<'_> {
        let Self { ticket, confirmed, .. } = *self;
        KnownContent { ticket, revision: self.revision.as_ref(), confirmed }
    }

    pub(super) fn status(&self) -> Result<Status, JournalError> {
        Ok(Status { standing: self.standing()?, revision: self.revision.clone() })
    }

    pub(super) fn standing(&self) -> Result<Standing, JournalError> {
        let reply = || self.reply.as_deref().ok_or(JournalError::Row("reply"));
        Ok(match state(&self.state)? {
            State::Queued => Standing::Received,
            State::Failed => Standing::Failed,
            State::Refused => Standing::Answered(Answer::Refused(reply()?.to_owned())),
            State::Delivered => {
                let json: Value = serde_json::from_str(reply()?)?;
                match Reply::read(&json) {
                    Some(Reply::Success(deal)) => Standing::Answered(Answer::Delivered(deal)),
                    _ => return Err(JournalError::Row("reply")),
                }
            }
        })
    }
}

/// What was last sent under the reference.
pub(super) fn find(
    connection: &Connection,
    reference: &Reference,
) -> Result<Option<Row>, JournalError> {
    Ok(connection
        .prepare_cached(
            "SELECT ticket, form, content, folder, state, reply, asked_until, wait, settled_at,
                 session, revision, confirmed, correction, owner, lease_until, claim
             FROM submissions WHERE reference = ?1",
        )?
        .query_row([reference.as_str()], |row| {
            Ok(Row {
                ticket: Ticket(row.get(0)?),
                form: row.get(1)?,
                content: Content(row.get(2)?),
                folder: row.get::<_, Option<String>>(3)?.map(FolderName::known),
                state: row.get(4)?,
                reply: row.get(5)?,
                asked_until: row.get::<_, Option<i64>>(6)?.map(Moment),
                wait: time(row.get(7)?),
                settled_at: row.get::<_, Option<i64>>(8)?.map(Moment),
                revision: revision(row.get(9)?, row.get(10)?),
                confirmed: row.get(11)?,
                correction: row.get(12)?,
                owner: row.get(13)?,
                lease_until: row.get(14)?,
                claim: row.get(15)?,
            })
        })
        .optional()?)
}

/// The visitor hears what became of it.
pub(super) fn tell(connection: &Connection, ticket: Ticket) -> Result<(), JournalError> {
    connection
        .prepare_cached("UPDATE submissions SET told = 1 WHERE ticket = ?1 AND NOT told")?
        .execute([ticket.0])?;
    Ok(())
}

/// Notes that the page was told that the submission arrived.
pub(super) fn confirm(
    connection: &Connection,
    form: &str,
    reference: &Reference,
) -> Result<(), JournalError> {
    connection
        .prepare_cached(
            "UPDATE submissions SET confirmed = 1
             WHERE reference = ?1 AND form = ?2 AND session IS NULL AND NOT confirmed",
        )?
        .execute([reference.as_str(), form])?;
    Ok(())
}

/// Stores the revision under which the same content arrived again.
pub(super) fn renumber(
    connection: &Connection,
    ticket: Ticket,
    revision: Option<&Revision>,
) -> Result<(), JournalError> {
    connection
        .prepare_cached("UPDATE submissions SET session = ?1, revision = ?2 WHERE ticket = ?3")?
        .execute((
            revision.map(|revision| &*revision.session),
            revision.map(|revision| revision.number),
            ticket.0,
        ))?;
    Ok(())
}

/// A new entry, due at once, or when the CRM asked to be asked about what it replaces.
pub(super) fn insert(
    transaction: &Connection,
    owner: &str,
    arrival: &Arrival,
    replaced: Option<&Row>,
    now: Moment,
) -> Result<Ticket, JournalError> {
    let asked = replaced.and_then(|row| {
        let wait = row.asked_until?.since(now).min(row.wait);
        (!wait.is_zero()).then_some(wait)
    });
    let due_at = now.plus(asked.unwrap_or_default());
    let body = serde_json::to_string(&arrival.body)?;
    // A content that is sent again keeps the highest of its revisions.
    let again = replaced.filter(|row| row.content == arrival.content);
    let new = arrival.revision.as_ref();
    let revision = again.map_or(new, |row| row.known().revision_after(new));
    let correction = replaced.is_some_and(|row| row.correction || again.is_none());
    let count = replaced.map_or(0, |row| row.claim);
    let held = replaced.and_then(|row| Some((row.owner.as_deref()?, row.lease_until?)));
    let (owner, lease_until, claim) = match held {
        // A delivery of the replaced content may be under way.
        Some((owner, until)) => (Some(owner), Some(until), count),
        // Delivered at once by the proxy that takes it: this saves a commit.
        None if asked.is_none() => (Some(owner), Some(now.plus(LEASE).0), count.saturating_add(1)),
        None => (None, None, count),
    };
    transaction
        .prepare_cached(
            "INSERT INTO submissions
                 (reference, form, content, state, body, folder, received_at, due_at, wait,
                  asked_until, session, revision, correction, owner, lease_until, claim)
             VALUES (:reference, :form, :content, 'queued', :body, :folder, :now, :due_at, :wait,
                     :asked_until, :session, :revision, :correction, :owner, :lease_until, :claim)",
        )?
        .execute(named_params! {
            ":reference": arrival.reference.as_str(),
            ":form": arrival.form,
            ":content": arrival.content.0,
            ":body": body,
            ":folder": arrival.folder.as_ref().map(FolderName::as_str),
            ":now": now.0,
            ":due_at": due_at.0,
            ":wait": millis(asked.unwrap_or_default()),
            ":asked_until": asked.map(|_| due_at.0),
            ":session": revision.map(|revision| &*revision.session),
            ":revision": revision.map(|revision| revision.number),
            ":correction": correction,
            ":owner": owner,
            ":lease_until": lease_until,
            ":claim": claim,
        })?;
    Ok(Ticket(transaction.last_insert_rowid()))
}

/// Everything that waits, oldest first.
pub(super) fn open(connection: &Connection) -> Result<Vec<Open>, JournalError> {
    let mut rows = connection.prepare_cached(
        "SELECT ticket, reference, folder, due_at, wait, attempts, asked_until FROM submissions
         WHERE state = 'queued' ORDER BY ticket",
    )?;
    let mut rows = rows.query([])?;
    let mut open = Vec::new();
    while let Some(row) = rows.next()? {
        open.push(Open {
            ticket: Ticket(row.get(0)?),
            reference: reference(&row.get::<_, String>(1)?)?,
            folder: row.get::<_, Option<String>>(2)?.map(FolderName::known),
            due_at: Moment(row.get(3)?),
            wait: time(row.get(4)?),
            attempts: row.get(5)?,
            asked: row.get::<_, Option<i64>>(6)?.is_some(),
        });
    }
    Ok(open)
}

/// What an attempt needs.
pub(super) fn parcel(
    connection: &Connection,
    ticket: Ticket,
) -> Result<Option<Parcel>, JournalError> {
    let mut rows = connection.prepare_cached(
        "SELECT form, reference, body, folder, attempts, waited, correction, claim
         FROM submissions WHERE ticket = ?1 AND state = 'queued'",
    )?;
    let mut rows = rows.query([ticket.0])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some(Parcel {
        claim: Claim {
            ticket,
            reference: reference(&row.get::<_, String>(1)?)?,
            number: row.get(7)?,
        },
        form: row.get(0)?,
        body: body(&row.get::<_, String>(2)?)?,
        folder: row.get::<_, Option<String>>(3)?.map(FolderName::known),
        attempts: row.get(4)?,
        waited: time(row.get(5)?),
        correction: row.get(6)?,
    }))
}

pub(super) fn state(text: &str) -> Result<State, JournalError> {
    text.parse().map_err(|_| JournalError::Row("state"))
}

pub(super) fn reference(text: &str) -> Result<Reference, JournalError> {
    text.parse().map_err(|_| JournalError::Row("reference"))
}

pub(super) fn body(text: &str) -> Result<Body, JournalError> {
    Ok(serde_json::from_str(text)?)
}

fn revision(session: Option<String>, number: Option<u32>) -> Option<Revision> {
    Some(Revision { session: session?, number: number? })
}

fn time(millis: i64) -> Duration {
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}
