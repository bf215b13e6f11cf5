//! The quota for refused and failed submissions.

use std::collections::{BTreeMap, HashSet};

use tokio_postgres::types::Type;

use super::pool::{MultiRowChange, Parameter, Pool};
use super::sql::{self, COLUMNS, NEXT_COLUMN, StateColumns, StoredRow, column};
use crate::settings::clock::Moment;
use crate::store::error::StoreError;
use crate::store::quota::{self, Kept, OVERHEAD, QuotaRemoval, Removal};
use crate::store::submission::{Answers, Ticket};

/// The refused and failed submissions with the space that they use. The database measures the space, because the answers
/// may not fit into memory.
const KEPT: &str = "SELECT ticket, state = 'refused' AND seen, settled_at, \
         octet_length(answers) + $1, CASE WHEN files IS NULL THEN NULL ELSE file_bytes END, version \
     FROM submissions WHERE state IN ('refused', 'failed')";

/// The space of all these submissions together.
const TOTAL: &str = "SELECT coalesce(sum(octet_length(answers) + $1 \
         + CASE WHEN files IS NULL THEN 0 ELSE file_bytes END), 0)::bigint \
     FROM submissions WHERE state IN ('refused', 'failed')";

/// Removes refused and failed submissions, or only their files, until the rest takes at most `bytes`. Skips submissions
/// that another proxy or the operator changes at the same time.
pub(super) async fn enforce(pool: &Pool, bytes: u64) -> Result<QuotaRemoval, StoreError> {
    let overhead = OVERHEAD.cast_signed();
    let measure: [Parameter<'_>; 1] = [(&overhead, Type::INT8)];
    let total = pool.query(TOTAL, &measure).await?;
    let total = total.first().map(|row| column(row, 0)).transpose()?.map_or(0, number);
    if total <= bytes {
        return Ok(QuotaRemoval::default());
    }
    let (mut kept, mut versions) = (Vec::new(), BTreeMap::new());
    for row in pool.query(KEPT, &measure).await? {
        let ticket = Ticket(column(&row, 0)?);
        versions.insert(ticket, column::<i64>(&row, 5)?);
        kept.push(Kept {
            ticket,
            seen: column(&row, 1)?,
            settled_at: Moment(column(&row, 2)?),
            answer_bytes: number(column(&row, 3)?),
            file_bytes: column::<Option<i64>>(&row, 4)?.map(number),
        });
    }
    let removals = quota::removals(&kept, bytes);
    if removals.is_empty() {
        Ok(QuotaRemoval::default())
    } else {
        remove(pool, &removals, &versions).await
    }
}

/// Removes the parts in this order, from rows that still have these versions.
async fn remove(
    pool: &Pool,
    removals: &[(Ticket, Removal)],
    versions: &BTreeMap<Ticket, i64>,
) -> Result<QuotaRemoval, StoreError> {
    let mut connection = pool.connection().await?;
    let change = MultiRowChange::begin(&mut connection).await?;
    let mut rows = lock(&change, removals).await?;
    rows.retain(|ticket, (stored, _)| versions.get(ticket) == Some(&stored.version));
    let (mut removal, mut unseen) = (QuotaRemoval::default(), HashSet::new());
    for (ticket, part) in removals {
        let Some((StoredRow { row, version }, answers)) = rows.get_mut(ticket) else { continue };
        if *part == Removal::Files {
            removal.files.extend(row.remove_files(answers));
            let columns = StateColumns::of(row, *version);
            change.query(sql::UPDATE, &columns.parameters()).await?;
            let answers = serde_json::to_string(answers)?;
            let update = "UPDATE submissions SET answers = $1 WHERE ticket = $2";
            let parameters: [Parameter<'_>; 2] = [(&answers, Type::TEXT), (&ticket.0, Type::INT8)];
            change.query(update, &parameters).await?;
        } else {
            removal.files.extend(row.files.take());
            let delete = "DELETE FROM submissions WHERE ticket = $1";
            change.query(delete, &[(&ticket.0, Type::INT8)]).await?;
        }
        if *part != Removal::Seen {
            unseen.insert(*ticket);
        }
    }
    change.commit().await?;
    removal.unseen = unseen.len();
    Ok(removal)
}

/// Locks the rows in the order of their tickets, and returns them with their answers.
async fn lock(
    change: &MultiRowChange<'_>,
    removals: &[(Ticket, Removal)],
) -> Result<BTreeMap<Ticket, (StoredRow, Answers)>, StoreError> {
    let select = format!(
        "SELECT {COLUMNS}, answers FROM submissions WHERE ticket = ANY ($1) ORDER BY ticket \
         FOR UPDATE"
    );
    let tickets: Vec<i64> = removals.iter().map(|(ticket, _)| ticket.0).collect();
    let mut rows = BTreeMap::new();
    for found in change.query(&select, &[(&tickets, Type::INT8_ARRAY)]).await? {
        let stored = sql::read(&found)?;
        let answers = sql::answers(column(&found, NEXT_COLUMN)?)?.unwrap_or_default();
        rows.insert(stored.row.ticket, (stored, answers));
    }
    Ok(rows)
}

fn number(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or(0)
}
