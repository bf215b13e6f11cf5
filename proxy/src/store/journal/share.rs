//! The share of the disk that refused and failed submissions may take together.
//!
//! Strangers can make submissions fail, so the space for them is limited. Beyond the limit,
//! refusals that were shown to their visitors are removed first, then the files of all others, and
//! finally their answers; the oldest of each first. A failure is never shown to its visitor as
//! final.

use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::entry::{Body, Ticket};
use super::error::JournalError;
use super::row;
use super::store::Store;
use crate::store::spool::FolderName;

/// What a file or a row takes beside its own bytes, about: the rest of its last block, its name.
const BESIDE: u64 = 4_096;

/// What is put down in place of files that went.
const STRIPPED: &str =
    "its files were removed: what was refused or failed took more than delivery.keep_refused";

/// What went.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Evicted {
    /// For the spool to remove.
    pub(crate) folders: Vec<FolderName>,
    /// Submissions of which nobody had heard, and of which some or all is gone.
    pub(crate) unheard: usize,
}

/// Each part of a submission that can go alone, what was settled last first.
const PARTS: &str = "
    WITH kept AS (
        SELECT ticket, state = 'refused' AND told AS told, settled_at, folder, length(CAST(body AS BLOB)) + :beside AS answers,
            (SELECT coalesce(sum(json_extract(value, '$.bytes') + :beside), 0) + :beside
             FROM json_each(body, '$.files')) AS files
        FROM submissions WHERE state IN ('refused', 'failed')),
    parts AS (
        SELECT ticket, settled_at, 0 AS rank, answers AS bytes FROM kept WHERE NOT told
        UNION ALL
        SELECT ticket, settled_at, 1, files FROM kept WHERE NOT told AND folder IS NOT NULL
        UNION ALL
        SELECT ticket, settled_at, 2, answers + files FROM kept WHERE told)
    SELECT ticket, rank FROM (
        SELECT ticket, rank,
            sum(bytes) OVER (ORDER BY rank, settled_at DESC, ticket DESC) AS total FROM parts)
    WHERE total > :share";

impl Body {
    /// The bytes that it takes on the disk, about.
    pub(crate) fn size(&self) -> u64 {
        let bytes = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
        let answers = self.values.iter().map(|(name, value)| bytes(name) + bytes(value));
        let files = self.files.iter().map(|file| file.bytes.saturating_add(BESIDE));
        answers.chain(files).fold(BESIDE, u64::saturating_add)
    }
}

impl Store {
    /// Removes refused and failed submissions until they take at most that many bytes.
    pub(crate) fn evict(&mut self, share: u64) -> Result<Evicted, JournalError> {
        let evicted = self.change(|transaction| {
            let mut evicted = Evicted::default();
            let mut unheard = HashSet::new();
            for (ticket, rank) in excess(transaction, share)? {
                evicted.folders.extend(folder(transaction, ticket)?);
                if rank == 1 {
                    strip(transaction, ticket)?;
                } else {
                    transaction
                        .prepare_cached("DELETE FROM submissions WHERE ticket = ?1")?
                        .execute([ticket.0])?;
                }
                if rank < 2 {
                    unheard.insert(ticket);
                }
            }
            evicted.unheard = unheard.len();
            Ok(evicted)
        })?;
        if evicted != Evicted::default() {
            self.overwrite()?;
        }
        Ok(evicted)
    }
}

fn excess(transaction: &Connection, share: u64) -> Result<Vec<(Ticket, u8)>, JournalError> {
    let share = i64::try_from(share).unwrap_or(i64::MAX);
    let mut parts = transaction.prepare_cached(PARTS)?;
    let parts = parts.query_map(
        rusqlite::named_params! { ":beside": BESIDE.cast_signed(), ":share": share },
        |row| Ok((Ticket(row.get(0)?), row.get(1)?)),
    )?;
    Ok(parts.collect::<Result<_, _>>()?)
}

fn folder(transaction: &Connection, ticket: Ticket) -> Result<Option<FolderName>, JournalError> {
    let folder: Option<Option<String>> = transaction
        .prepare_cached("SELECT folder FROM submissions WHERE ticket = ?1")?
        .query_row([ticket.0], |row| row.get(0))
        .optional()?;
    Ok(folder.flatten().map(FolderName::known))
}

/// Removes the files. The answers can still be sent, and why it failed can still be read.
fn strip(transaction: &Connection, ticket: Ticket) -> Result<(), JournalError> {
    let body: String = transaction
        .prepare_cached("SELECT body FROM submissions WHERE ticket = ?1")?
        .query_row([ticket.0], |row| row.get(0))?;
    let body = Body { files: Vec::new(), ..row::body(&body)? };
    transaction
        .prepare_cached(
            "UPDATE submissions SET body = ?1, folder = NULL,
                 problem = CASE state WHEN 'failed' THEN coalesce(problem || '; ', '') ELSE '' END || ?2
             WHERE ticket = ?3",
        )?
        .execute(params![serde_json::to_string(&body)?, STRIPPED, ticket.0])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use deal_contract::reference::Reference;

    use super::*;
    use crate::settings::clock::Moment;
    use crate::store::journal::{
        Admitted, Answer, Arrival, Claimed, Content, Settlement, StoredFile,
    };

    /// What becomes of a submission.
    #[derive(Clone, Copy, PartialEq)]
    enum End {
        Refused,
        RefusedAndTold,
        Failed,
    }

    use End::{Failed, Refused, RefusedAndTold};

    /// Settles, in turn, submissions of a file of a megabyte each.
    fn settled(ends: &[End]) -> Store {
        let mut store = Store::in_memory();
        for (number, end) in (1..).zip(ends) {
            let reference = Reference::from_random([number; 16]);
            let file = StoredFile {
                name: "a.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: 1_000_000,
                file: "0".to_owned(),
            };
            let values = vec![("contact_name".to_owned(), "Zoë".to_owned())];
            let arrival = Arrival {
                form: "quote".to_owned(),
                reference,
                content: Content([number; 32]),
                body: Body { values, files: vec![file] },
                folder: Some(FolderName::known(format!("{number:032}"))),
                revision: None,
                begun: Ticket(i64::MAX),
                otherwise: None,
            };
            let now = Moment(i64::from(number));
            let Admitted::Entered { ticket, .. } = store.admit(&arrival, now).unwrap().admitted
            else {
                panic!()
            };
            let settlement = match end {
                Failed => Settlement::Failed { problem: "the CRM is away".to_owned() },
                _ => Settlement::Answered(Answer::Refused("No.".to_owned())),
            };
            let Claimed::Granted(parcel) = store.claim(ticket, now).unwrap() else { panic!() };
            assert!(store.settle(&parcel.claim, &settlement, now).unwrap());
            // The status of a failure is not a refusal.
            if *end != Refused {
                store.tell("quote", &Reference::from_random([number; 16])).unwrap();
            }
        }
        store
    }

    #[track_caller]
    fn check(store: &mut Store, share: u64, folders: &[u8], unheard: usize, left: u64) {
        let mut evicted = store.evict(share).unwrap();
        evicted.folders.sort_by(|one, other| one.as_str().cmp(other.as_str()));
        let expected =
            folders.iter().map(|number| FolderName::known(format!("{number:032}"))).collect();
        assert_eq!(evicted, Evicted { folders: expected, unheard });
        let counts = store.counts().unwrap();
        assert_eq!(counts.refused + counts.failed, left);
    }

    #[test]
    fn who_has_heard_of_it_goes_first_and_an_unheard_lead_s_answers_last() {
        let mut store =
            settled(&[Refused, RefusedAndTold, Refused, RefusedAndTold, RefusedAndTold]);
        check(&mut store, 5_200_000, &[], 0, 5);
        check(&mut store, 3_200_000, &[2, 4], 0, 3);
        check(&mut store, 1_100_000, &[1, 5], 1, 2);
        check(&mut store, 100_000, &[3], 1, 2);
        check(&mut store, 6_000, &[], 1, 1);
        check(&mut store, 0, &[], 1, 0);
    }

    #[test]
    fn failures_share_the_quota_with_refusals_and_are_removed_like_unseen_ones() {
        let mut store = settled(&[Failed, Refused, RefusedAndTold, Failed]);
        check(&mut store, 4_200_000, &[], 0, 4);
        check(&mut store, 3_100_000, &[3], 0, 3);
        check(&mut store, 1_100_000, &[1, 2], 2, 3);
        check(&mut store, 100_000, &[4], 1, 3);
        check(&mut store, 6_000, &[], 2, 1);
        check(&mut store, 0, &[], 1, 0);
    }

    #[test]
    fn a_failure_without_its_files_still_says_why_it_failed() {
        let mut store = settled(&[Failed]);
        check(&mut store, 100_000, &[1], 1, 1);
        let problem: String = store
            .connection
            .query_row("SELECT problem FROM submissions", [], |row| row.get(0))
            .unwrap();
        assert_eq!(problem, format!("the CRM is away; {STRIPPED}"));
    }

    #[test]
    fn an_unheard_lead_without_its_files_can_be_sent_again() {
        let mut store = settled(&[Refused]);
        check(&mut store, 100_000, &[1], 1, 1);
        store
            .change(|transaction| {
                Ok(transaction.execute_batch(
                    "UPDATE submissions SET state = 'queued', settled_at = NULL, reply = NULL",
                )?)
            })
            .unwrap();
        let [open] = &store.open_entries().unwrap()[..] else { panic!("one entry") };
        let Claimed::Granted(parcel) = store.claim(open.ticket, Moment(0)).unwrap() else {
            panic!()
        };
        assert_eq!((parcel.body.values.len(), parcel.body.files.len()), (1, 0));
        assert_eq!(parcel.folder, None);
    }
}
