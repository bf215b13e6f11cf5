//! The rows about the files in the bucket: which objects exist, or may exist.
//!
//! A set is inserted before its first object is uploaded, and deleted after its last object is removed. So the rows name
//! everything in the bucket, and a proxy never lists the bucket, where unknown objects may belong to another proxy.

use std::time::Duration;

use tokio_postgres::types::Type;

use super::pool::{MultiRowChange, Parameter, Pool};
use super::sql::column;
use crate::settings::clock::millis;
use crate::store::error::StoreError;
use crate::store::submission::FileSetId;

/// The age after which no request to upload an object of a set can still take effect. The bucket may complete a request
/// after the proxy has given up.
const LATE_REQUESTS: Duration = Duration::from_secs(10 * 60);

const INSERT: &str = "WITH created AS (INSERT INTO file_sets (id) VALUES ($1)) \
    INSERT INTO file_objects (set_id, name, object_key) \
    SELECT $1, name, object_key FROM unnest($2, $3) AS objects (name, object_key)";

const RECORD_UPLOAD: &str = "UPDATE file_objects SET upload_id = $3 \
    WHERE set_id = $1 AND name = $2 \
    AND EXISTS (SELECT FROM file_sets WHERE id = $1 AND NOT removing) RETURNING 1";

const MARK_SEALED: &str =
    "UPDATE file_sets SET sealed = true WHERE id = $1 AND NOT removing RETURNING 1";

const KEY: &str = "SELECT object_key FROM file_objects JOIN file_sets ON id = set_id \
    WHERE set_id = $1 AND name = $2 AND sealed AND NOT removing";

/// Waits for a submission that is being stored with the set: its transaction has a shared lock on the row.
const LOCK: &str = "SELECT sealed FROM file_sets WHERE id = $1 FOR UPDATE";

/// A statement after [`LOCK`], because it has to see a submission that was committed while the lock was awaited.
const MARK_REMOVING: &str = "UPDATE file_sets SET removing = true WHERE id = $1 \
    AND NOT EXISTS (SELECT FROM submissions WHERE files = $1) RETURNING 1";

const OBJECTS: &str = "SELECT object_key, upload_id FROM file_objects WHERE set_id = $1";

const DELETE: &str = "DELETE FROM file_sets WHERE id = $1 AND removing \
    AND (sealed OR created_at <= deal_proxy_now() - $2)";

const OLDER_THAN: &str = "SELECT id FROM file_sets WHERE created_at <= deal_proxy_now() - $1";

/// The rows about files.
#[derive(Debug, Clone)]
pub(super) struct FileSets {
    pool: Pool,
}

/// What to remove from the bucket.
#[derive(Debug)]
pub(super) struct Removal {
    pub(super) objects: Vec<StoredObject>,
    /// Whether all objects were uploaded. Otherwise, there may be multipart uploads that no row knows.
    pub(super) sealed: bool,
}

/// An object that may exist.
#[derive(Debug)]
pub(super) struct StoredObject {
    pub(super) key: String,
    /// The ID of its multipart upload.
    pub(super) upload: Option<String>,
}

impl FileSets {
    pub(super) fn new(pool: Pool) -> Self {
        Self { pool }
    }

    /// Stores the intent to upload the objects of a set: the name and the key of each file.
    pub(super) async fn insert(
        &self,
        set: &FileSetId,
        names: &[String],
        keys: &[String],
    ) -> Result<(), StoreError> {
        let parameters: [Parameter<'_>; 3] =
            [(&set.0, Type::TEXT), (&names, Type::TEXT_ARRAY), (&keys, Type::TEXT_ARRAY)];
        self.pool.change(INSERT, &parameters).await.map(drop)
    }

    /// Stores the ID of a multipart upload. Returns false if the set is being removed.
    pub(super) async fn record_upload(
        &self,
        set: &FileSetId,
        name: &str,
        upload: &str,
    ) -> Result<bool, StoreError> {
        let parameters: [Parameter<'_>; 3] =
            [(&set.0, Type::TEXT), (&name, Type::TEXT), (&upload, Type::TEXT)];
        Ok(!self.pool.change(RECORD_UPLOAD, &parameters).await?.is_empty())
    }

    /// Marks all objects of a set as uploaded. Returns false if the set is being removed.
    pub(super) async fn mark_sealed(&self, set: &FileSetId) -> Result<bool, StoreError> {
        Ok(!self.pool.change(MARK_SEALED, &[(&set.0, Type::TEXT)]).await?.is_empty())
    }

    /// Returns the key of a file's object, or `None` if it does not exist.
    pub(super) async fn key(
        &self,
        set: &FileSetId,
        name: &str,
    ) -> Result<Option<String>, StoreError> {
        let rows = self.pool.query(KEY, &[(&set.0, Type::TEXT), (&name, Type::TEXT)]).await?;
        rows.first().map(|row| column(row, 0)).transpose()
    }

    /// Marks a set so that no submission can begin to refer to it, and returns its objects. Returns `None` if the set does
    /// not exist, or if a submission refers to it.
    pub(super) async fn begin_removal(
        &self,
        set: &FileSetId,
    ) -> Result<Option<Removal>, StoreError> {
        let id: [Parameter<'_>; 1] = [(&set.0, Type::TEXT)];
        let mut connection = self.pool.connection().await?;
        let change = MultiRowChange::begin(&mut connection).await?;
        let locked = change.query(LOCK, &id).await?;
        let Some(row) = locked.first() else { return Ok(None) };
        let sealed = column(row, 0)?;
        if change.query(MARK_REMOVING, &id).await?.is_empty() {
            return Ok(None);
        }
        let rows = change.query(OBJECTS, &id).await?;
        let object = |row| Ok(StoredObject { key: column(row, 0)?, upload: column(row, 1)? });
        let objects = rows.iter().map(object).collect::<Result<_, StoreError>>()?;
        change.commit().await?;
        Ok(Some(Removal { objects, sealed }))
    }

    /// Deletes the rows of a set whose objects were removed. If its uploads did not all succeed, the rows stay for some
    /// time, because a late request may still create an object. The sweep then removes the set once more.
    pub(super) async fn delete(&self, set: &FileSetId) -> Result<(), StoreError> {
        let late = millis(LATE_REQUESTS);
        self.pool.change(DELETE, &[(&set.0, Type::TEXT), (&late, Type::INT8)]).await.map(drop)
    }

    /// Returns the sets that were inserted longer than `age` ago.
    pub(super) async fn older_than(&self, age: Duration) -> Result<Vec<FileSetId>, StoreError> {
        let age = millis(age);
        let rows = self.pool.query(OLDER_THAN, &[(&age, Type::INT8)]).await?;
        rows.iter().map(|row| Ok(FileSetId(column(row, 0)?))).collect()
    }
}
