//! Tests of the files in a bucket, with a real S3 server and a real database.

use std::io;
use std::time::Duration;

use futures_util::StreamExt;
use test_services::s3::{Fault, Operation};

use super::bucket_tests::content;
use super::upload::PART_BYTES;
use crate::store::conformance::world::{Proxy, World, delivered, new};
use crate::store::{AdmissionKind, ClaimResult, FileSetId, PendingFiles, StoreError};

/// Longer than the sweep's grace time.
const LATER: Duration = Duration::from_secs(2 * 60 * 60);

/// Uploads files of these sizes to the scratch disk.
async fn receive(proxy: &Proxy, sizes: &[u64]) -> PendingFiles {
    let mut files = proxy.store.begin_files().await.unwrap();
    for size in sizes {
        let mut file = files.create().await.unwrap();
        for chunk in content(*size).chunks(64 * 1024) {
            file.write(chunk).await.unwrap();
        }
        file.finish().await.unwrap();
    }
    files
}

async fn read(proxy: &Proxy, set: &FileSetId, file: &str) -> io::Result<Vec<u8>> {
    let mut chunks = proxy.store.open_file(set, file).await?;
    let mut content = Vec::new();
    while let Some(chunk) = chunks.next().await {
        content.extend_from_slice(&chunk?);
    }
    Ok(content)
}

/// Stores a submission with a small file, and returns its set.
async fn submit(proxy: &Proxy) -> FileSetId {
    let files = receive(proxy, &[1_000]).await;
    let kind = proxy.store.admit(new(1, "Ana"), Some(files)).await.unwrap().kind;
    let AdmissionKind::Stored { ticket, .. } = kind else { panic!("{kind:?}") };
    let Ok(ClaimResult::Granted(delivery)) = proxy.store.claim(ticket).await else { panic!() };
    delivery.files.unwrap()
}

impl World {
    /// Checks that the bucket and the rows about files are empty.
    #[track_caller]
    fn assert_nothing_left(&self) {
        let (files, rows) = self.bucket();
        assert_eq!(files.server.keys().unwrap(), <[String; 0]>::default());
        assert_eq!(files.server.unfinished_uploads(), <[String; 0]>::default());
        assert_eq!(rows.count_file_rows(), "0");
    }
}

#[tokio::test]
async fn stores_files_of_all_sizes_for_another_proxy() {
    let Some(world) = World::shared_with_bucket().await else { return };
    let proxy = world.proxy();
    let sizes = [0, 1, PART_BYTES, 12_000_000];
    let files = receive(&proxy, &sizes).await;
    let kind = proxy.store.admit(new(1, "Ana"), Some(files)).await.unwrap().kind;
    let AdmissionKind::Stored { ticket, .. } = kind else { panic!("{kind:?}") };
    let Ok(ClaimResult::Granted(delivery)) = proxy.store.claim(ticket).await else { panic!() };
    let set = delivery.files.clone().unwrap();
    let peer = world.proxy();
    for (file, size) in sizes.into_iter().enumerate() {
        let read = read(&peer, &set, &file.to_string()).await.unwrap();
        assert!(read == content(size), "{size} bytes differ");
    }
    let location = format!("s3://deals/leads/{}/3", set.0);
    assert_eq!(peer.files.location(&set, "3"), location);
    assert!(proxy.store.settle(&delivery, &delivered()).await.unwrap());
    proxy.store.finish(&delivery).await;
    world.assert_nothing_left();
}

#[tokio::test]
async fn removes_the_files_of_a_proxy_that_was_killed_before_it_stored_the_submission() {
    let Some(world) = World::shared_with_bucket().await else { return };
    let killed = world.proxy();
    let files = receive(&killed, &[1_000, 12_000_000]).await;
    killed.files.seal(files.id()).await.unwrap();
    assert_eq!(world.bucket().0.server.keys().unwrap().len(), 2);
    let proxy = world.proxy();
    proxy.store.sweep().await.unwrap();
    assert_eq!(world.bucket().0.server.keys().unwrap().len(), 2);
    world.advance(LATER);
    proxy.store.sweep().await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn removes_the_parts_of_a_proxy_that_was_killed_during_an_upload() {
    let Some(world) = World::shared_with_bucket().await else { return };
    let killed = world.proxy();
    let files = receive(&killed, &[12_000_000]).await;
    let server = &world.bucket().0.server;
    server.fail_next(1, Operation::BeginUpload, Fault::LoseResponse);
    server.fail_next(1, Operation::PutPart, Fault::LoseResponse);
    server.fail(Operation::PutPart, Fault::Delay(Duration::from_secs(3_600)));
    let (engine, set) = (killed.files.clone(), files.id().clone());
    let seal = tokio::spawn(async move { engine.seal(&set).await });
    while server.requests(Operation::PutPart) < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    seal.abort();
    assert!(seal.await.unwrap_err().is_cancelled());
    // The ID of the first of them was lost.
    assert_eq!(server.unfinished_uploads().len(), 2);
    server.recover();
    world.advance(LATER);
    world.proxy().store.sweep().await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn removes_an_object_that_appears_after_its_upload_has_failed() {
    let Some(world) = World::shared_with_bucket().await else { return };
    let proxy = world.proxy();
    let server = &world.bucket().0.server;
    server.fail(Operation::Put, Fault::Denied);
    let files = receive(&proxy, &[1_000]).await;
    let set = files.id().clone();
    let failed = proxy.store.admit(new(1, "Ana"), Some(files)).await.unwrap_err();
    let message = "the spool failed: the bucket refused to store a file: AccessDenied; check the S3 \
                   credentials and their permissions";
    assert_eq!(failed.to_string(), message);
    server.recover();
    // A request that the bucket completes after the proxy has given up.
    let bucket = super::bucket(server);
    bucket.put(&bucket.key(&set.0, "0"), content(1_000).into()).await.unwrap();
    let kept = read(&proxy, &set, "0").await.unwrap_err();
    assert_eq!(kept.kind(), io::ErrorKind::NotFound);
    world.advance(LATER);
    proxy.store.sweep().await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn keeps_the_files_of_a_stored_submission() {
    let Some(world) = World::shared_with_bucket().await else { return };
    let proxy = world.proxy();
    let set = submit(&proxy).await;
    proxy.files.remove(&set).await.unwrap();
    world.advance(LATER);
    world.proxy().store.sweep().await.unwrap();
    assert_eq!(read(&proxy, &set, "0").await.unwrap(), content(1_000));
}

#[tokio::test]
async fn reports_a_missing_object_before_the_files_are_sent() {
    let Some(world) = World::shared_with_bucket().await else { return };
    let proxy = world.proxy();
    let set = submit(&proxy).await;
    let bucket = super::bucket(&world.bucket().0.server);
    bucket.delete(&bucket.key(&set.0, "0")).await.unwrap();
    let missing = proxy.store.open_file(&set, "0").await.err().unwrap();
    assert_eq!(missing.kind(), io::ErrorKind::NotFound);
}

#[tokio::test]
async fn stores_no_submission_whose_files_are_being_removed() {
    let Some(world) = World::shared_with_bucket().await else { return };
    for _ in 0..20 {
        let proxy = world.proxy();
        let files = receive(&proxy, &[1_000]).await;
        let set = files.id().clone();
        proxy.files.seal(&set).await.unwrap();
        let mut new = new(1, "Ana");
        new.files = Some(set.clone());
        let peer = world.proxy();
        let (admitted, removed) = tokio::join!(proxy.rows.admit(new), peer.files.remove(&set));
        removed.unwrap();
        match admitted {
            Ok(_) => assert_eq!(read(&proxy, &set, "0").await.unwrap(), content(1_000)),
            Err(error) => {
                assert!(matches!(error, StoreError::Journal(_)), "{error}");
                assert_eq!(world.bucket().0.server.keys().unwrap(), <[String; 0]>::default());
            }
        }
        world.clear();
        peer.files.remove(&set).await.unwrap();
        world.assert_nothing_left();
    }
}

#[tokio::test]
async fn checks_the_bucket() {
    let Some(world) = World::shared_with_bucket().await else { return };
    let proxy = world.proxy();
    assert!(proxy.store.check_files().await.unwrap());
    world.bucket().0.server.fail(Operation::Get, Fault::Denied);
    let refused = proxy.store.check_files().await.unwrap_err();
    assert!(refused.to_string().starts_with("the bucket refused"), "{refused}");
}
