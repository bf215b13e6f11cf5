//! Tests of the bucket against a real S3 server.

use std::time::Duration;

use futures_util::StreamExt;
use test_services::s3::{
    ACCESS_KEY_ID, BUCKET, Fault, Operation, REGION, S3Server, SECRET_ACCESS_KEY,
};

use super::bucket::{AccessKey, Bucket};
use super::bucket_error::BucketError;
use super::bucket_metrics::BucketMetrics;
use super::upload::{FileUpload, Memory, PART_BYTES};
use crate::settings::config::StoreSettings;

/// Returns the bucket of a server.
pub(in crate::store) fn bucket(server: &S3Server) -> Bucket {
    open(server, SECRET_ACCESS_KEY, BucketMetrics::default())
}

fn open(server: &S3Server, secret: &str, metrics: BucketMetrics) -> Bucket {
    open_bucket(server, BUCKET, secret, metrics)
}

fn open_bucket(server: &S3Server, name: &str, secret: &str, metrics: BucketMetrics) -> Bucket {
    let settings = StoreSettings {
        bucket: name.to_owned(),
        prefix: "leads/".to_owned(),
        endpoint: server.endpoint().try_into().unwrap(),
        region: REGION.to_owned(),
        ..StoreSettings::default()
    };
    let key = AccessKey { id: ACCESS_KEY_ID.to_owned(), secret: secret.to_owned() };
    Bucket::new(&settings, Some(&key), metrics).unwrap()
}

/// A server, its bucket, and a folder for files.
struct World {
    server: S3Server,
    bucket: Bucket,
    folder: tempfile::TempDir,
}

const KEY: &str = "leads/1/0";

impl World {
    async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let server = S3Server::start(&folder.path().join("objects")).await.unwrap();
        Self { bucket: bucket(&server), server, folder }
    }

    async fn upload(&self, content: &[u8]) -> std::io::Result<()> {
        let path = self.folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        let memory = Memory::default();
        let upload = FileUpload { bucket: &self.bucket, memory: &memory, path: &path, key: KEY };
        upload.run(async |_| Ok(())).await
    }

    async fn download(&self) -> std::io::Result<Vec<u8>> {
        let mut content = Vec::new();
        let mut chunks = self.bucket.download(KEY);
        while let Some(chunk) = chunks.next().await {
            content.extend_from_slice(&chunk?);
        }
        Ok(content)
    }
}

/// Returns content that differs at each position, so that swapped parts are noticed.
pub(super) fn content(bytes: u64) -> Vec<u8> {
    let mut content = Vec::new();
    for block in 0..bytes.div_ceil(8) {
        content.extend_from_slice(&block.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
    }
    content.truncate(usize::try_from(bytes).unwrap());
    content
}

#[tokio::test]
async fn returns_the_uploaded_bytes() {
    let world = World::start().await;
    for size in [0, 1, PART_BYTES, PART_BYTES + 1, 12_000_000] {
        let content = content(size);
        world.upload(&content).await.unwrap();
        assert_eq!(world.bucket.size(KEY).await, Ok(size));
        assert!(world.download().await.unwrap() == content, "{size} bytes differ");
    }
    assert_eq!(world.server.requests(Operation::Put), 3);
    assert_eq!(world.server.requests(Operation::PutPart), 2 + 3);
    assert_eq!(world.server.unfinished_uploads(), <[String; 0]>::default());
}

#[tokio::test]
async fn retries_when_the_bucket_is_unavailable_or_cuts_the_connection() {
    let world = World::start().await;
    let content = content(12_000_000);
    let faults = [
        (Operation::BeginUpload, Fault::Unavailable),
        (Operation::PutPart, Fault::Unavailable),
        (Operation::PutPart, Fault::CutRequest(1_000_000)),
        (Operation::PutPart, Fault::LoseResponse),
        (Operation::CompleteUpload, Fault::Unavailable),
        (Operation::CompleteUpload, Fault::LoseResponse),
        (Operation::Get, Fault::Unavailable),
        (Operation::Get, Fault::CutResponse(3_000_000)),
        (Operation::Get, Fault::CutResponse(0)),
    ];
    for (operation, fault) in faults {
        world.server.fail_next(1, operation, fault);
    }
    world.upload(&content).await.unwrap();
    assert!(world.download().await.unwrap() == content);
}

#[tokio::test]
async fn retries_a_single_part_when_the_connection_is_cut() {
    let world = World::start().await;
    let content = content(1_000_000);
    world.server.fail_next(1, Operation::Put, Fault::CutRequest(500_000));
    world.server.fail_next(1, Operation::Put, Fault::LoseResponse);
    world.upload(&content).await.unwrap();
    assert!(world.download().await.unwrap() == content);
}

#[tokio::test]
async fn does_not_download_before_the_stream_is_read() {
    let world = World::start().await;
    world.upload(b"content").await.unwrap();
    let download = world.bucket.download(KEY);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(world.server.requests(Operation::Get), 0);
    assert_eq!(download.map(Result::unwrap).collect::<Vec<_>>().await.concat(), b"content");
}

#[tokio::test]
async fn reports_a_missing_object() {
    let world = World::start().await;
    assert_eq!(world.bucket.size(KEY).await, Err(BucketError::NotFound));
    assert_eq!(world.download().await.unwrap_err().kind(), std::io::ErrorKind::NotFound);
    world.bucket.delete(KEY).await.unwrap();
}

#[tokio::test]
async fn finds_and_aborts_an_upload_whose_id_was_lost() {
    let world = World::start().await;
    world.server.fail_next(1, Operation::BeginUpload, Fault::LoseResponse);
    let known = world.bucket.begin_upload(KEY).await.unwrap();
    world.bucket.begin_upload("leads/1/01").await.unwrap();
    let found = world.bucket.uploads(KEY).await.unwrap();
    assert!(found.len() == 2 && found.contains(&known), "{found:?}");
    for upload in found {
        world.bucket.abort_upload(KEY, &upload).await.unwrap();
    }
    world.bucket.abort_upload(KEY, &known).await.unwrap();
    assert_eq!(world.server.unfinished_uploads(), ["leads/1/01"]);
}

#[tokio::test]
async fn names_the_problem_without_credentials() {
    let world = World::start().await;
    let wrong = open(&world.server, "wrong-secret", BucketMetrics::default());
    let refused = wrong.check().await.unwrap_err();
    assert!(matches!(refused, BucketError::Refused { .. }), "{refused:?}");
    let refused = wrong.put(KEY, bytes::Bytes::from_static(b"content")).await.unwrap_err();
    let message = "the bucket refused to store a file: SignatureDoesNotMatch; check the S3 \
                   credentials and their permissions";
    assert_eq!(refused.to_string(), message);
    assert!(!format!("{refused:?} {wrong:?}").contains(ACCESS_KEY_ID));
    assert!(!format!("{wrong:?}").contains("wrong-secret"));
    world.bucket.check().await.unwrap();
}

#[tokio::test]
async fn reports_a_missing_bucket() {
    let world = World::start().await;
    let missing = open_bucket(&world.server, "other", SECRET_ACCESS_KEY, BucketMetrics::default());
    assert_eq!(missing.check().await, Err(BucketError::NoBucket));
}

#[tokio::test]
async fn measures_the_time_of_each_request() {
    let folder = tempfile::tempdir().unwrap();
    let server = S3Server::start(folder.path()).await.unwrap();
    let metrics = BucketMetrics::default();
    let bucket = open(&server, SECRET_ACCESS_KEY, metrics.clone());
    server.fail_next(2, Operation::Put, Fault::Unavailable);
    bucket.put("key", bytes::Bytes::from_static(b"content")).await.unwrap();
    let mut registry = prometheus_client::registry::Registry::default();
    metrics.register(&mut registry);
    let mut text = String::new();
    prometheus_client::encoding::text::encode(&mut text, &registry).unwrap();
    let count = |outcome: &str, count: u32| {
        format!(
            "bucket_response_seconds_count{{operation=\"put\",outcome=\"{outcome}\"}} {count}\n"
        )
    };
    assert!(text.contains(&count("failed", 2)) && text.contains(&count("answered", 1)), "{text}");
}
