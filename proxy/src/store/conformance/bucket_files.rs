//! Files in the bucket of a real S3 server.

use test_services::s3::S3Server;

use crate::settings::clock::Clock;
use crate::store::local::LocalFiles;
use crate::store::shared::{PostgresSubmissions, SharedFiles, bucket};

/// A server, and a scratch folder for all proxies of one test.
pub(in crate::store) struct BucketFiles {
    pub(in crate::store) server: S3Server,
    folder: tempfile::TempDir,
}

impl BucketFiles {
    pub(super) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scratch")).unwrap();
        let server = S3Server::start(&folder.path().join("objects")).await.unwrap();
        Self { server, folder }
    }

    /// Returns the files as another proxy uses them.
    pub(super) fn for_peer(&self, rows: &PostgresSubmissions, clock: Clock) -> SharedFiles {
        let scratch = LocalFiles::open_unlocked(&self.folder.path().join("scratch"), clock);
        SharedFiles::with_scratch(scratch, rows, bucket(&self.server))
    }
}
