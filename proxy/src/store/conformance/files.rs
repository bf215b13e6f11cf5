use std::time::Duration;

use super::world::{Proxy, World, delivered, new};
use crate::store::{AdmissionKind, ClaimResult, Delivery, FileSetId, PendingFiles};

/// Returns the IDs of all sets of files.
async fn sets(proxy: &Proxy) -> Vec<FileSetId> {
    proxy.files.older_than(Duration::ZERO).await.unwrap()
}

/// Uploads one file.
async fn upload(proxy: &Proxy) -> PendingFiles {
    let mut files = proxy.store.begin_files().await.unwrap();
    let mut file = files.create().await.unwrap();
    file.write(b"content").await.unwrap();
    let stored = file.finish().await.unwrap();
    assert_eq!(stored.digest, *blake3::hash(b"content").as_bytes());
    let mut read = String::new();
    let mut content = files.inspect(&stored).await.unwrap();
    std::io::Read::read_to_string(&mut content, &mut read).unwrap();
    assert_eq!(read, "content");
    files
}

/// Submits a file, and claims the submission. Returns the delivery and the ID of the set with the file.
async fn claim_with_file(proxy: &Proxy) -> (Delivery, FileSetId) {
    let files = upload(proxy).await;
    let kind = proxy.store.admit(new(1, "Ana"), Some(files)).await.unwrap().kind;
    let AdmissionKind::Stored { ticket, .. } = kind else { panic!("{kind:?}") };
    let Ok(ClaimResult::Granted(delivery)) = proxy.store.claim(ticket).await else { panic!() };
    let set = delivery.files.clone().unwrap();
    (delivery, set)
}

pub(super) async fn keeps_files_until_the_delivery_ends(world: World) {
    let proxy = world.proxy();
    let (delivery, set) = claim_with_file(&proxy).await;
    assert_eq!(sets(&proxy).await, std::slice::from_ref(&set));
    assert!(proxy.store.open_file(&set, "0").await.is_ok());
    assert!(proxy.store.settle(&delivery, &delivered()).await.unwrap());
    // The attempt may still be reading the files.
    assert_eq!(sets(&proxy).await.len(), 1);
    proxy.store.finish(&delivery).await;
    assert_eq!(sets(&proxy).await, []);
    let gone = proxy.store.open_file(&set, "0").await.err().unwrap();
    assert_eq!(gone.kind(), std::io::ErrorKind::NotFound);
}

pub(super) async fn discards_the_files_of_a_submission_that_is_not_admitted(world: World) {
    let proxy = world.proxy();
    upload(&proxy).await.discard().await;
    assert_eq!(sets(&proxy).await, []);
    let files = upload(&proxy).await;
    proxy.store.admit(new(1, "Ana"), Some(files)).await.unwrap();
    let files = upload(&proxy).await;
    let kind = proxy.store.admit(new(1, "Ana"), Some(files)).await.unwrap().kind;
    assert!(matches!(kind, AdmissionKind::Known(_)), "{kind:?}");
    assert_eq!(sets(&proxy).await.len(), 1);
}

pub(super) async fn removes_the_files_of_an_aborted_upload(world: World) {
    let proxy = world.proxy();
    drop(upload(&proxy).await);
    // Dropping the files does not remove them yet.
    assert_eq!(sets(&proxy).await.len(), 1);
    let removed = tokio::time::timeout(Duration::from_millis(200), proxy.store.remove_abandoned());
    assert!(removed.await.is_err(), "it runs in an endless loop");
    assert_eq!(sets(&proxy).await, []);
}

pub(super) async fn keeps_files_of_replaced_content_until_its_attempt_ends(world: World) {
    let proxy = world.proxy();
    let (delivery, set) = claim_with_file(&proxy).await;
    let files = upload(&proxy).await;
    proxy.store.admit(new(1, "Anna"), Some(files)).await.unwrap();
    assert!(proxy.store.open_file(&set, "0").await.is_ok());
    assert!(!proxy.store.settle(&delivery, &delivered()).await.unwrap());
    proxy.store.finish(&delivery).await;
    assert!(!sets(&proxy).await.contains(&set));
    // No attempt reads the files of waiting content, so they are removed immediately.
    proxy.store.admit(new(1, "Annie"), None).await.unwrap();
    assert_eq!(sets(&proxy).await, []);
}

pub(super) async fn removes_unknown_files_only_after_the_grace_time(world: World) {
    let crashed = world.proxy();
    let files = upload(&crashed).await;
    crashed.store.admit(new(1, "Ana"), Some(files)).await.unwrap();
    let orphan = crashed.files.begin().await.unwrap();
    let proxy = world.proxy();
    proxy.store.sweep().await.unwrap();
    assert_eq!(sets(&proxy).await.len(), 2);
    world.advance(Duration::from_secs(2 * 60 * 60));
    proxy.store.sweep().await.unwrap();
    let kept = sets(&proxy).await;
    assert!(kept.len() == 1 && !kept.contains(&orphan), "{kept:?}");
}

pub(super) async fn keeps_the_files_of_a_long_upload(world: World) {
    let proxy = world.proxy();
    let files = upload(&proxy).await;
    world.advance(Duration::from_secs(2 * 60 * 60));
    proxy.store.sweep().await.unwrap();
    proxy.store.admit(new(1, "Ana"), Some(files)).await.unwrap();
    proxy.store.sweep().await.unwrap();
    assert_eq!(sets(&proxy).await.len(), 1);
}
