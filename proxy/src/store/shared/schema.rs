//! The tables in the database, and their versions.

use tokio_postgres::types::Type;
use tokio_postgres::{Client, GenericClient};

use super::error::{OpenSharedError, failed};

/// A step from one version of the tables to the next.
struct Migration {
    sql: &'static str,
    /// The lowest version that a program must know to work with these tables. An older program can run beside a newer one
    /// as long as this is not above the last version that it knows.
    usable_from: i64,
}

/// The steps. The version of the tables is the number of applied steps.
const MIGRATIONS: [Migration; 2] = [
    Migration { sql: include_str!("migrations/1-submissions.sql"), usable_from: 1 },
    Migration { sql: include_str!("migrations/2-used-proofs.sql"), usable_from: 1 },
];

/// The key of the lock that lets only one proxy migrate at a time: `dealform` in ASCII. The lock ends with the
/// transaction, so it works with a connection pooler.
const LOCK: i64 = 0x6465_616c_666f_726d;

/// The applied steps.
const CREATE_VERSIONS: &str = "CREATE TABLE IF NOT EXISTS schema_versions (
         version     bigint PRIMARY KEY,
         usable_from bigint NOT NULL,
         applied_at  timestamptz NOT NULL DEFAULT now()
     )";

/// The tables and sequences, with what the role is allowed to do.
const PRIVILEGES: &str = "SELECT name, bool_and(has_table_privilege(name, privilege))
     FROM unnest(ARRAY['submissions', 'file_sets', 'file_objects', 'used_proofs']) AS name,
          unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
     GROUP BY name
     UNION ALL SELECT 'tickets', has_sequence_privilege('tickets', 'USAGE') AND has_sequence_privilege('tickets', 'SELECT')";

/// Applies the missing steps, and checks that this program can work with the tables.
pub(super) async fn migrate(client: &mut Client) -> Result<(), OpenSharedError> {
    if applied(client).await? < latest() {
        let transaction = client.transaction().await.map_err(failed)?;
        let lock = "SELECT pg_advisory_xact_lock($1)";
        transaction.query_typed(lock, &[(&LOCK, Type::INT8)]).await.map_err(failed)?;
        // Another proxy may have migrated in the meantime.
        transaction.batch_execute(CREATE_VERSIONS).await.map_err(failed)?;
        let mut version = applied(&transaction).await?;
        let missing = usize::try_from(version).unwrap_or(usize::MAX);
        for Migration { sql, usable_from } in MIGRATIONS.iter().skip(missing) {
            transaction.batch_execute(sql).await.map_err(failed)?;
            version += 1;
            let insert = "INSERT INTO schema_versions (version, usable_from) VALUES ($1, $2)";
            let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
                [(&version, Type::INT8), (usable_from, Type::INT8)];
            transaction.execute_typed(insert, &values).await.map_err(failed)?;
        }
        transaction.commit().await.map_err(failed)?;
    }
    check_version(client).await?;
    check_privileges(client).await
}

/// Checks that this program can work with the tables, without migrating them.
pub(super) async fn check(client: &Client) -> Result<(), OpenSharedError> {
    let version = applied(client).await?;
    if version < latest() {
        return Err(OpenSharedError::Older(version));
    }
    check_version(client).await?;
    check_privileges(client).await
}

/// Returns the version of the tables, or zero if there are none.
async fn applied(client: &impl GenericClient) -> Result<i64, OpenSharedError> {
    let exists = "SELECT to_regclass('schema_versions') IS NOT NULL";
    let exists = client.query_typed(exists, &[]).await.map_err(failed)?;
    if !exists.first().is_some_and(|row| row.try_get(0).unwrap_or(false)) {
        return Ok(0);
    }
    let newest = "SELECT coalesce(max(version), 0) FROM schema_versions";
    let newest = client.query_typed(newest, &[]).await.map_err(failed)?;
    Ok(newest.first().map(|row| row.try_get(0)).transpose().map_err(failed)?.unwrap_or(0))
}

async fn check_version(client: &Client) -> Result<(), OpenSharedError> {
    let newest = "SELECT version, usable_from FROM schema_versions ORDER BY version DESC LIMIT 1";
    let newest = client.query_typed_one(newest, &[]).await.map_err(failed)?;
    let usable_from: i64 = newest.try_get(1).map_err(failed)?;
    if usable_from > latest() {
        return Err(OpenSharedError::Newer(newest.try_get(0).map_err(failed)?));
    }
    Ok(())
}

async fn check_privileges(client: &Client) -> Result<(), OpenSharedError> {
    for row in client.query_typed(PRIVILEGES, &[]).await.map_err(failed)? {
        let (name, is_granted): (String, bool) =
            (row.try_get(0).map_err(failed)?, row.try_get(1).map_err(failed)?);
        if !is_granted {
            return Err(OpenSharedError::Privilege(name));
        }
    }
    Ok(())
}

/// Returns the version of the tables that this program creates.
fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}
