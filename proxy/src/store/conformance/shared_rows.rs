//! Rows in a PostgreSQL database, whose clock a test sets.

use std::sync::Arc;

use test_services::{Database, Missing, PgBouncer, Postgres};
use tokio::sync::OnceCell;

use crate::settings::clock::Moment;
use crate::settings::database_url::DatabaseUrl;
use crate::store::shared::PostgresSubmissions;

/// A database for one test.
pub(in crate::store) struct SharedRows {
    database: Database,
    address: DatabaseUrl,
    _bouncer: Option<PgBouncer>,
}

impl SharedRows {
    /// Creates a database.
    pub(super) async fn create() -> Result<Self, Missing> {
        let database = Postgres::shared()?.create_database(Some(template().await?));
        let address = DatabaseUrl::new(&database.url()).unwrap();
        Ok(Self { database, address, _bouncer: None })
    }

    /// Creates a database, and PgBouncer in front of it. All proxies together have two connections to the server, so
    /// that successive transactions of one proxy use different ones.
    pub(super) async fn create_behind_bouncer() -> Result<Self, Missing> {
        let database = Postgres::shared()?.create_database(Some(template().await?));
        let bouncer = PgBouncer::start(&database, 2)?;
        let address = DatabaseUrl::new(&bouncer.database(&database).url()).unwrap();
        Ok(Self { database, address, _bouncer: Some(bouncer) })
    }

    /// Returns the rows as another proxy uses them.
    pub(super) fn for_peer(&self) -> Arc<PostgresSubmissions> {
        Arc::new(PostgresSubmissions::connect_later(&self.address).unwrap())
    }

    pub(super) fn set_clock(&self, now: Moment) {
        self.database.execute(&format!("UPDATE test_clock SET now = {}", now.0));
    }

    /// Makes the database refuse submissions whose files do not exist.
    pub(super) fn check_files(&self) {
        self.database.execute("ALTER TABLE submissions ENABLE TRIGGER USER");
    }

    /// Returns the number of rows about files.
    pub(in crate::store) fn count_file_rows(&self) -> String {
        self.database.execute(
            "SELECT (SELECT count(*) FROM file_sets) + (SELECT count(*) FROM file_objects)",
        )
    }

    /// Removes all rows.
    pub(super) fn clear(&self) {
        self.database.execute("TRUNCATE submissions; ALTER SEQUENCE tickets RESTART");
    }
}

/// Returns the database that tests copy. It has the tables, and a clock that only tests move. The tests store their files
/// elsewhere, so the database has no file sets.
async fn template() -> Result<&'static Database, Missing> {
    static TEMPLATE: OnceCell<Database> = OnceCell::const_new();
    let create = async || {
        let database = Postgres::shared()?.create_database(None);
        let address = DatabaseUrl::new(&database.url()).unwrap();
        PostgresSubmissions::open(&address).await.unwrap();
        database.execute(
            "CREATE TABLE test_clock AS SELECT 0::bigint AS now; \
             CREATE OR REPLACE FUNCTION deal_proxy_now() RETURNS bigint LANGUAGE sql VOLATILE \
                 AS 'SELECT now FROM test_clock'; \
             ALTER TABLE submissions DISABLE TRIGGER USER",
        );
        Ok(database)
    };
    TEMPLATE.get_or_try_init(create).await
}
