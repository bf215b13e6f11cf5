//! The connections to the database.

use std::time::Duration;

use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Object, RecyclingMethod, Runtime, Timeouts,
    Transaction,
};
use tokio::time::timeout;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::error::{DatabaseError, OpenSharedError, failed, failed_change};
use super::server;
use crate::settings::database_url::DatabaseUrl;
use crate::settings::{faults, tls};
use crate::store::error::StoreError;

/// The maximum number of connections of one proxy. `max_connections` of a new server is 100.
const SIZE: usize = 16;

/// How long to wait for a free connection, and for a new one.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait for the result of a statement. Statements take milliseconds: they wait only for other changes of the
/// same row, and no proxy keeps a row locked while it waits for anything else.
const STATEMENT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the server waits for the next statement of a transaction. After that it rolls the transaction back, so that
/// a stopped proxy does not keep rows locked. `SET LOCAL` ends with the transaction, so it works with a connection pooler.
const ABANDON: &str = "SET LOCAL idle_in_transaction_session_timeout = '15s'";

/// A parameter of a statement, with its type. The types make a statement one round trip, without a prepared statement,
/// which PgBouncer would lose.
pub(super) type Parameter<'a> = (&'a (dyn ToSql + Sync), Type);

/// The connections to the database. Each of them is opened when it is needed, and checked once.
#[derive(Debug, Clone)]
pub(in crate::store) struct Pool(deadpool_postgres::Pool);

/// A transaction of several statements. If this value is dropped before the commit, the transaction is rolled back.
pub(super) struct MultiRowChange<'a>(Transaction<'a>);

impl Pool {
    /// Creates a pool without connections.
    pub(in crate::store) fn new(address: &DatabaseUrl) -> Result<Self, StoreError> {
        // A closed connection is noticed without a query. A connection that was cut off is closed by the system, after
        // the times in the address.
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = Manager::from_config(address.expose().clone(), tls(), recycling);
        let timeouts = Timeouts {
            wait: Some(CONNECT_TIMEOUT),
            create: Some(CONNECT_TIMEOUT),
            recycle: Some(CONNECT_TIMEOUT),
        };
        // After a failover, another server may answer.
        let check = Hook::async_fn(|connection, _| {
            Box::pin(async move {
                let checked = timeout(CONNECT_TIMEOUT, server::check(connection)).await;
                let checked = checked.unwrap_or_else(|_| Err(failed(no_response()).into()));
                checked.map_err(|error| HookError::message(error.to_string()))
            })
        });
        let pool = deadpool_postgres::Pool::builder(manager)
            .max_size(SIZE)
            .timeouts(timeouts)
            .runtime(Runtime::Tokio1)
            .post_create(check)
            .build();
        Ok(Self(pool.map_err(|_| failed(DatabaseError::new("the connections cannot be set up")))?))
    }

    /// Runs a statement that changes nothing.
    pub(super) async fn query(
        &self,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection().await?;
        let queried = timeout(STATEMENT_TIMEOUT, connection.query_typed(sql, parameters)).await;
        let Ok(rows) = queried else {
            discard(connection);
            return Err(failed(no_response()));
        };
        rows.map_err(failed)
    }

    /// Runs a statement that changes rows, and returns the rows of its `RETURNING` clause. The statement is a complete
    /// transaction: it commits before it returns.
    pub(super) async fn change(
        &self,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        let connection = self.connection().await?;
        faults::at("journal.commit").map_err(StoreError::journal)?;
        let changed = timeout(STATEMENT_TIMEOUT, connection.query_typed(sql, parameters)).await;
        let Ok(rows) = changed else {
            discard(connection);
            return Err(StoreError::UncertainCommit(failed(no_response()).into()));
        };
        let rows = rows.map_err(failed_change)?;
        faults::at("journal.committed").map_err(StoreError::journal)?;
        Ok(rows)
    }

    /// Returns a connection for a transaction.
    pub(super) async fn connection(&self) -> Result<Object, StoreError> {
        self.0.get().await.map_err(failed)
    }
}

impl<'a> MultiRowChange<'a> {
    /// Begins a transaction.
    pub(super) async fn begin(connection: &'a mut Object) -> Result<Self, StoreError> {
        let transaction = connection.transaction().await.map_err(failed)?;
        transaction.batch_execute(ABANDON).await.map_err(failed)?;
        Ok(Self(transaction))
    }

    /// Runs a statement.
    pub(super) async fn query(
        &self,
        sql: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, StoreError> {
        match timeout(STATEMENT_TIMEOUT, self.0.query_typed(sql, parameters)).await {
            Ok(rows) => rows.map_err(failed),
            Err(_) => Err(failed(no_response())),
        }
    }

    /// Commits the changes.
    pub(super) async fn commit(self) -> Result<(), StoreError> {
        faults::at("journal.commit").map_err(StoreError::journal)?;
        match timeout(STATEMENT_TIMEOUT, self.0.commit()).await {
            Ok(committed) => committed.map_err(failed_change)?,
            Err(_) => return Err(StoreError::UncertainCommit(failed(no_response()).into())),
        }
        faults::at("journal.committed").map_err(StoreError::journal)
    }
}

/// Opens a connection that does not belong to a pool. The future drives it until the client is dropped.
///
/// # Errors
/// If the database cannot be reached, or refuses the connection.
pub(super) async fn connect(
    address: &DatabaseUrl,
) -> Result<
    (Client, impl Future<Output = Result<(), tokio_postgres::Error>> + use<>),
    OpenSharedError,
> {
    let connected = timeout(CONNECT_TIMEOUT, address.expose().connect(tls())).await;
    let connected = match connected {
        Ok(connected) => connected.map_err(DatabaseError::from),
        Err(_) => Err(no_response()),
    };
    connected.map_err(|error| OpenSharedError::Connect(error.to_string()))
}

fn tls() -> MakeRustlsConnect {
    MakeRustlsConnect::new(tls::client_config())
}

/// Closes a connection that does not respond, instead of returning it to the pool.
fn discard(connection: Object) {
    drop(Object::take(connection));
}

fn no_response() -> DatabaseError {
    DatabaseError::new("the database does not respond")
}
