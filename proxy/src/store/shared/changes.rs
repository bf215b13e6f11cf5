//! Lists, and changes of many rows. Each change locks its rows in the order of their tickets, so that two of them cannot
//! wait for each other.

use std::time::Duration;

use deal_contract::reference::Reference;
use tokio_postgres::types::Type;

use super::pool::{MultiRowChange, Parameter, Pool};
use super::sql::{self, COLUMNS, NEXT_COLUMN, StateColumns, StoredRow, column};
use crate::settings::clock::{Moment, millis};
use crate::store::engine::Purged;
use crate::store::error::StoreError;
use crate::store::list::{Cursor, Filter, Page};
use crate::store::row::{LEASE, Row};
use crate::store::submission::{Answers, DueSubmission, FileSetId, State, Ticket};

/// Claims due submissions without a valid lease, as [`Row::take`] does. The time is read once, before the rows. A wait
/// that began in the future is not over: the clock of a database is not set back.
const TAKE_DUE: &str = "WITH clock AS MATERIALIZED (SELECT deal_proxy_now() AS now), \
     due AS ( \
         SELECT ticket FROM submissions \
         WHERE state = 'queued' AND due_at <= (SELECT now FROM clock) \
             AND (lease_until IS NULL OR lease_until <= (SELECT now FROM clock)) \
             AND reference <> ALL ($1) \
         ORDER BY due_at, ticket LIMIT $2 FOR UPDATE SKIP LOCKED \
     ) \
     UPDATE submissions SET owner = $3, lease_until = clock.now + $4, claim = claim + 1, \
         version = version + 1 \
     FROM due, clock WHERE submissions.ticket = due.ticket \
     RETURNING submissions.ticket, reference, files IS NOT NULL, wait = 0, due_at";

const RELEASE: &str = "UPDATE submissions \
     SET lease_until = NULL, version = version + 1 \
     WHERE ticket IN ( \
         SELECT ticket FROM submissions \
         WHERE state = 'queued' AND owner = $1 AND lease_until IS NOT NULL \
             AND reference <> ALL ($2) \
         ORDER BY ticket FOR UPDATE \
     )";

/// The maximum number of rows that one statement deletes. Otherwise, a statement could take longer than the proxy waits.
const BATCH: usize = 1_000;

/// Deletes rows that [`Row::is_prunable`] names.
const PRUNE: &str = "DELETE FROM submissions WHERE ticket = ANY (ARRAY( \
         SELECT ticket FROM submissions \
         WHERE (state = 'delivered' OR state = 'refused' AND seen) \
             AND settled_at < (SELECT deal_proxy_now()) - $1 \
         ORDER BY ticket LIMIT $2 FOR UPDATE \
     )) RETURNING ticket, files, reference";

/// The condition of a filter. The time of `older_than` is that of the database.
const MATCHES: &str = "($1::text[] IS NULL OR EXISTS ( \
         SELECT FROM unnest($1) AS prefix WHERE starts_with(reference, prefix))) \
     AND ($2::text IS NULL OR form = $2) AND ($3::text IS NULL OR state = $3) \
     AND ($4::bigint IS NULL OR received_at < (SELECT deal_proxy_now()) - $4)";

/// Claims due submissions, oldest due first.
pub(super) async fn take_due(
    pool: &Pool,
    owner: &str,
    limit: usize,
    running: &[Reference],
) -> Result<Vec<DueSubmission>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let parameters: [Parameter<'_>; 4] = [
        (&texts(running), Type::TEXT_ARRAY),
        (&limit, Type::INT8),
        (&owner, Type::TEXT),
        (&millis(LEASE), Type::INT8),
    ];
    let mut due = Vec::new();
    for row in pool.change(TAKE_DUE, &parameters).await? {
        let ticket = Ticket(column(&row, 0)?);
        let reference = column::<&str>(&row, 1)?.parse();
        let submission = DueSubmission {
            ticket,
            reference: reference.map_err(|_| StoreError::Damaged("reference"))?,
            has_files: column(&row, 2)?,
            is_immediate: column(&row, 3)?,
            due_in: Duration::ZERO,
        };
        due.push((column::<i64>(&row, 4)?, submission));
    }
    due.sort_by_key(|(due_at, submission)| (*due_at, submission.ticket));
    Ok(due.into_iter().map(|(_, submission)| submission).collect())
}

/// Ends the claims of a proxy.
pub(super) async fn release(
    pool: &Pool,
    owner: &str,
    except: &[Reference],
) -> Result<(), StoreError> {
    let parameters: [Parameter<'_>; 2] = [(&owner, Type::TEXT), (&texts(except), Type::TEXT_ARRAY)];
    pool.change(RELEASE, &parameters).await.map(drop)
}

/// Returns a page of rows with their answers.
pub(super) async fn list(
    pool: &Pool,
    filter: &Filter,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page<(Row, Option<Answers>)>, StoreError> {
    let select = format!(
        "SELECT {COLUMNS}, answers FROM submissions WHERE {MATCHES} AND ticket > $5 \
         ORDER BY ticket LIMIT $6"
    );
    let filter = SqlFilter::of(filter);
    let after = after.map_or(i64::MIN, |Cursor(ticket)| ticket.0);
    // One row more than the page has, to find out whether another page follows.
    let rows = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut parameters = filter.parameters();
    parameters.push((&after, Type::INT8));
    parameters.push((&rows, Type::INT8));
    let mut found = Vec::new();
    for row in pool.query(&select, &parameters).await? {
        let answers = sql::answers(column(&row, NEXT_COLUMN)?)?;
        found.push((sql::read(&row)?.row, answers));
    }
    Ok(Page::of(found, limit, |(row, _)| row.ticket))
}

/// Makes the selected submissions due.
pub(super) async fn retry(pool: &Pool, filter: &Filter) -> Result<Vec<Reference>, StoreError> {
    let select = format!(
        "SELECT {COLUMNS}, deal_proxy_now() FROM submissions WHERE {MATCHES} \
         ORDER BY ticket FOR UPDATE"
    );
    let mut connection = pool.connection().await?;
    let change = MultiRowChange::begin(&mut connection).await?;
    let filter = SqlFilter::of(filter);
    let rows = change.query(&select, &filter.parameters()).await?;
    let mut references = Vec::new();
    for row in &rows {
        let now = Moment(column(row, NEXT_COLUMN)?);
        let StoredRow { row: mut submission, version } = sql::read(row)?;
        if submission.retry(now) {
            let columns = StateColumns::of(&submission, version);
            change.query(sql::UPDATE, &columns.parameters()).await?;
            references.push(submission.reference);
        }
    }
    change.commit().await?;
    Ok(references)
}

/// Deletes the selected submissions.
pub(super) async fn purge(pool: &Pool, filter: &Filter) -> Result<Vec<Purged>, StoreError> {
    let statement = format!(
        "DELETE FROM submissions WHERE ticket = ANY (ARRAY( \
             SELECT ticket FROM submissions \
             WHERE {MATCHES} AND (state <> 'queued' OR $1 IS NOT NULL) \
             ORDER BY ticket LIMIT $5 FOR UPDATE \
         )) RETURNING ticket, files, reference"
    );
    delete(pool, &statement, &SqlFilter::of(filter).parameters()).await
}

/// Deletes submissions that were settled longer ago than `keep`.
pub(super) async fn prune(pool: &Pool, keep: Duration) -> Result<Vec<FileSetId>, StoreError> {
    let pruned = delete(pool, PRUNE, &[(&millis(keep), Type::INT8)]).await?;
    Ok(pruned.into_iter().filter_map(|pruned| pruned.files).collect())
}

/// Deletes rows, [`BATCH`] at a time. The last parameter of the statement limits their number.
async fn delete(
    pool: &Pool,
    statement: &str,
    parameters: &[Parameter<'_>],
) -> Result<Vec<Purged>, StoreError> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    let mut parameters = parameters.to_vec();
    parameters.push((&limit, Type::INT8));
    let mut deleted = Vec::new();
    loop {
        let rows = pool.change(statement, &parameters).await?;
        for row in &rows {
            let reference = column::<&str>(row, 2)?.parse();
            let reference = reference.map_err(|_| StoreError::Damaged("reference"))?;
            let files = column::<Option<String>>(row, 1)?.map(FileSetId);
            deleted.push((column::<i64>(row, 0)?, Purged { reference, files }));
        }
        if rows.len() < BATCH {
            break;
        }
    }
    deleted.sort_by_key(|(ticket, _)| *ticket);
    Ok(deleted.into_iter().map(|(_, purged)| purged).collect())
}

fn texts(references: &[Reference]) -> Vec<&str> {
    references.iter().map(Reference::as_str).collect()
}

/// A filter as parameters of [`MATCHES`].
struct SqlFilter<'a> {
    references: Option<&'a [String]>,
    form: Option<&'a str>,
    state: Option<&'static str>,
    age: Option<i64>,
}

impl<'a> SqlFilter<'a> {
    fn of(filter: &'a Filter) -> Self {
        Self {
            references: (!filter.references.is_empty()).then_some(&filter.references),
            form: filter.form.as_deref(),
            state: filter.state.map(State::as_str),
            age: filter.older_than.map(millis),
        }
    }

    fn parameters(&self) -> Vec<Parameter<'_>> {
        vec![
            (&self.references, Type::TEXT_ARRAY),
            (&self.form, Type::TEXT),
            (&self.state, Type::TEXT),
            (&self.age, Type::INT8),
        ]
    }
}
