//! Claims and settlements: which proxy delivers a submission, and until when. A claim is on the reference: a correction
//! that arrives during a delivery waits for the claim on the content that it replaces.

use rusqlite::{Connection, OptionalExtension, named_params};

use super::entry::{Answer, Claim, Claimed, LEASE, Settlement, State, Ticket};
use super::error::JournalError;
use super::row;
use super::store::Store;
use crate::settings::clock::{Moment, millis};

impl Store {
    /// Claims a submission that waits.
    pub(crate) fn claim(&mut self, ticket: Ticket, now: Moment) -> Result<Claimed, JournalError> {
        let owner = self.owner.clone();
        let Some(held) = Held::find(&self.connection, ticket)? else { return Ok(Claimed::Gone) };
        if held.owner.is_some() && !held.is_own(&owner) && held.until > now {
            return Ok(Claimed::Held(held.until));
        }
        // A claim of the submission's admission is still fresh, so it needs no write.
        if held.is_own(&owner) && held.until.since(now) >= LEASE / 2 {
            return self.granted(ticket);
        }
        self.change(|connection| {
            connection
                .prepare_cached(
                    "UPDATE submissions SET owner = :owner, lease_until = :until, claim = claim + 1
                     WHERE ticket = :ticket AND state = 'queued'",
                )?
                .execute(named_params! {
                    ":owner": owner, ":until": now.plus(LEASE).0, ":ticket": ticket.0,
                })?;
            Ok(())
        })?;
        self.granted(ticket)
    }

    /// Prolongs a claim. Returns false if it has been lost.
    pub(crate) fn renew(&mut self, claim: &Claim, now: Moment) -> Result<bool, JournalError> {
        let owner = self.owner.clone();
        let renewed = self.change(|connection| {
            Ok(connection
                .prepare_cached(
                    "UPDATE submissions SET lease_until = :until
                     WHERE reference = :reference AND owner = :owner AND claim = :claim",
                )?
                .execute(named_params! {
                    ":until": now.plus(LEASE).0, ":reference": claim.reference.as_str(),
                    ":owner": owner, ":claim": claim.number,
                })?)
        })?;
        Ok(renewed > 0)
    }

    /// Ends the claims of earlier proxies on this file, which cannot run any more.
    pub(crate) fn release_others(&mut self) -> Result<(), JournalError> {
        let owner = self.owner.clone();
        let others = "SELECT EXISTS (SELECT 1 FROM submissions WHERE owner <> ?1)";
        if !self.connection.query_row(others, [&owner], |row| row.get::<_, bool>(0))? {
            return Ok(());
        }
        self.change(|connection| {
            connection.execute(
                "UPDATE submissions SET owner = NULL, lease_until = NULL WHERE owner <> ?1",
                [owner],
            )?;
            Ok(())
        })
    }

    /// Writes down what came of an attempt, and ends its claim. Returns false if the claim was lost:
    /// the submission was replaced, purged or claimed by another proxy meanwhile.
    pub(crate) fn settle(
        &mut self,
        claim: &Claim,
        settlement: &Settlement,
        now: Moment,
    ) -> Result<bool, JournalError> {
        let owner = self.owner.clone();
        let changed = self.change(|transaction| {
            let changed = settle(transaction, &owner, claim, settlement, now)?;
            if changed == 0 {
                release(transaction, &owner, claim)?;
            }
            Ok(changed)
        })?;
        Ok(changed > 0)
    }

    fn granted(&self, ticket: Ticket) -> Result<Claimed, JournalError> {
        Ok(row::parcel(&self.connection, ticket)?.map_or(Claimed::Gone, Claimed::Granted))
    }
}

/// Returns how many rows the settlement changed.
fn settle(
    transaction: &Connection,
    owner: &str,
    claim: &Claim,
    settlement: &Settlement,
    now: Moment,
) -> Result<usize, JournalError> {
    match settlement {
            Settlement::Answered(answer) => {
                let (state, reply, keeps) = match answer {
                    Answer::Delivered(deal) => {
                        (State::Delivered, serde_json::to_string(deal)?, false)
                    }
                    // Somebody may have to mend something and send it again.
                    Answer::Refused(words) => (State::Refused, words.clone(), true),
                };
                Ok(transaction
                    .prepare_cached(
                        "UPDATE submissions SET owner = NULL, lease_until = NULL, state = :state, reply = :reply, problem = NULL, asked_until = NULL,
                             settled_at = :now, attempts = attempts + 1,
                             body = iif(:keeps, body, NULL), folder = iif(:keeps, folder, NULL)
                         WHERE ticket = :ticket AND state = 'queued' AND owner = :owner AND claim = :claim",
                    )?
                    .execute(named_params! {
                        ":state": state.as_str(), ":reply": reply, ":now": now.0,
                        ":keeps": keeps, ":ticket": claim.ticket.0, ":owner": owner, ":claim": claim.number,
                    })?)
            }
            Settlement::Later { problem, due_at, wait, asked, counts } => Ok(transaction
                .prepare_cached(
                    "UPDATE submissions SET owner = NULL, lease_until = NULL, problem = :problem, due_at = :due_at, wait = :wait,
                         asked_until = iif(:asked, :due_at, NULL),
                         waited = waited + iif(:counts, :wait, 0),
                         attempts = attempts + iif(:counts, 1, 0)
                     WHERE ticket = :ticket AND state = 'queued' AND owner = :owner AND claim = :claim",
                )?
                .execute(named_params! {
                    ":problem": problem, ":due_at": due_at.0, ":wait": millis(*wait),
                    ":asked": asked, ":counts": counts, ":ticket": claim.ticket.0, ":owner": owner, ":claim": claim.number,
                })?),
            Settlement::Failed { problem } => Ok(transaction
                .prepare_cached(
                    "UPDATE submissions SET owner = NULL, lease_until = NULL, state = 'failed', problem = :problem,
                         settled_at = :now, attempts = attempts + 1
                     WHERE ticket = :ticket AND state = 'queued' AND owner = :owner AND claim = :claim",
                )?
                .execute(named_params! {
                    ":problem": problem, ":now": now.0, ":ticket": claim.ticket.0, ":owner": owner, ":claim": claim.number,
                })?),
            }
}

/// Who has a submission that waits, and until when.
struct Held {
    owner: Option<String>,
    until: Moment,
}

impl Held {
    fn find(connection: &Connection, ticket: Ticket) -> Result<Option<Self>, JournalError> {
        Ok(connection
            .prepare_cached(
                "SELECT owner, lease_until FROM submissions WHERE ticket = ?1 AND state = 'queued'",
            )?
            .query_row([ticket.0], |row| {
                let until: Option<i64> = row.get(1)?;
                Ok(Self { owner: row.get(0)?, until: Moment(until.unwrap_or(i64::MIN)) })
            })
            .optional()?)
    }

    fn is_own(&self, owner: &str) -> bool {
        self.owner.as_deref() == Some(owner)
    }
}

/// Ends the claim after a settlement that came too late for its content: the content that replaced it
/// may be delivered now.
pub(super) fn release(
    connection: &Connection,
    owner: &str,
    claim: &Claim,
) -> Result<(), JournalError> {
    connection
        .prepare_cached(
            "UPDATE submissions SET owner = NULL, lease_until = NULL
             WHERE reference = :reference AND owner = :owner AND claim = :claim",
        )?
        .execute(named_params! {
            ":reference": claim.reference.as_str(), ":owner": owner, ":claim": claim.number,
        })?;
    Ok(())
}
