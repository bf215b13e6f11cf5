//! Checks of the server: the proxy refuses one that could lose submissions.

use tokio_postgres::Client;

use super::error::{OpenSharedError, failed};

/// The earliest major version of PostgreSQL that works.
const NEEDED: i32 = 12;

/// The settings that durability depends on. The first of them are the same for the whole server; the last one may
/// differ for a database or a role.
const CHECK: &str = "SELECT current_setting('fsync'), current_setting('full_page_writes'), \
                     current_setting('synchronous_commit'), \
                     pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean, \
                     current_setting('server_version_num')::integer";

/// Reads the settings back.
///
/// # Errors
/// If the server is read-only, too old, or could lose a committed change.
pub(super) async fn check(client: &Client) -> Result<(), OpenSharedError> {
    let row = client.query_typed_one(CHECK, &[]).await.map_err(failed)?;
    let version: i32 = row.try_get(4).map_err(failed)?;
    let found = version / 10_000;
    if found < NEEDED {
        return Err(OpenSharedError::TooOld { found, needed: NEEDED });
    }
    if row.try_get(3).map_err(failed)? {
        return Err(OpenSharedError::ReadOnly);
    }
    for (column, name) in ["fsync", "full_page_writes", "synchronous_commit"].iter().enumerate() {
        let found: String = row.try_get(column).map_err(failed)?;
        // `synchronous_commit` has several safe values: each waits at least for the disk of the primary server.
        if found == "off" {
            return Err(OpenSharedError::Setting { name, found, expected: "on" });
        }
    }
    Ok(())
}
