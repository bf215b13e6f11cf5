//! The tests kill a proxy, or let its disk fail, at each fault point.
//!
//! `faults::at` names these points in the proxy's code. A submission with files passes all of them. The
//! test then behaves as the widget does: it requests the status if it got no response, and sends the
//! submission again if the proxy does not know the submission.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{
    DEADLINE, Multipart, Process, World, age_files, client, draft, quote, reference, spooled,
    wait_until,
};

/// More than the number of fault points that a submission passes.
const MAX_POINTS: usize = 100;

fn submission() -> Multipart {
    quote()
        .text("external_reference_id", &reference(1))
        .file("one.pdf", "application/pdf", b"%PDF-first file")
        .file("two.csv", "text/csv", b"second;file")
}

/// Sends a submission and returns the status and `Retry-After` of the response, if there is one.
async fn send(addr: SocketAddr, form: &str, body: Multipart) -> Option<(u16, Option<String>)> {
    let (content_type, body) = body.finish();
    let request = client().post(format!("http://{addr}/forms/{form}"));
    let request = request.header("accept", "application/json").header("content-type", content_type);
    let response = request.body(body).send().await.ok()?;
    let retry = response.headers().get("retry-after").map(|value| value.to_str().unwrap().into());
    let status = response.status().as_u16();
    // An incomplete response is treated as no response.
    response.bytes().await.ok()?;
    Some((status, retry))
}

/// Returns the state of the submission with `reference(1)`, or `None` if the proxy does not know this submission.
async fn state(addr: SocketAddr, form: &str) -> Option<String> {
    let url = format!("http://{addr}/forms/{form}/submissions/{}", reference(1));
    let json: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    json["state"].as_str().map(str::to_owned)
}

/// Waits until the submission with `reference(1)` is delivered.
async fn wait_for_delivery(addr: SocketAddr, form: &str) {
    let end = Instant::now() + DEADLINE;
    loop {
        let state = state(addr, form).await;
        if state.as_deref() == Some("delivered") {
            return;
        }
        assert!(state.is_some(), "the submission is lost");
        assert!(Instant::now() < end, "not delivered in time: {state:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Checks that there is one deal, and that it contains both files byte for byte. A second call adds the
/// files again, because the CRM's API reference does not say that an update replaces files.
async fn assert_one_deal(world: &World) {
    let deals = world.deals().await;
    assert_eq!(deals.len(), 1, "{deals:?}");
    assert_eq!(deals[0]["external_reference_id"], reference(1));
    let mut files: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for file in deals[0]["attachments"].as_array().unwrap() {
        let path = file["url"].as_str().unwrap().trim_start_matches('/');
        let url = format!("{}{path}", world.sandbox.url());
        let bytes = client().get(url).send().await.unwrap().bytes().await.unwrap();
        let name = file["name"].as_str().unwrap().to_owned();
        files.entry(name).or_default().push(bytes.to_vec());
    }
    assert_eq!(files.keys().collect::<Vec<_>>(), ["one.pdf", "two.csv"]);
    let updates = usize::try_from(deals[0]["updates"].as_u64().unwrap()).unwrap();
    for (name, expected) in [("one.pdf", &b"%PDF-first file"[..]), ("two.csv", b"second;file")] {
        assert_eq!(files[name], vec![expected.to_vec(); updates + 1], "{name}");
    }
}

fn start(folder: &Path, world: &World, fault: &str) -> Option<Process> {
    let env = [("RUST_LOG", "error"), ("DEAL_PROXY_FAULT", fault)];
    Process::with_env(folder, &world.sandbox.api_url(), &env)
}

/// Waits until the proxy is killed, or until it has delivered and then, as its last step, removed the
/// files. Returns whether it was killed.
async fn was_killed(process: &mut Process, folder: &Path) -> bool {
    let spool = folder.join("spool");
    let mut killed = false;
    wait_until("the proxy is killed or has delivered", async || {
        killed = process.has_ended();
        killed || spooled(&spool).is_empty()
    })
    .await;
    killed
}

/// Waits for the delivery and checks that there is one deal and that no file is left.
async fn assert_delivered(addr: SocketAddr, folder: &Path, world: &World) {
    wait_for_delivery(addr, "quote").await;
    assert_one_deal(world).await;
    let spool = folder.join("spool");
    wait_until("no file is left", async || spooled(&spool).is_empty()).await;
}

/// Returns the fault points that a submission passes, in order, while the CRM has the given fault.
async fn trace(fault: Value) -> Vec<String> {
    let world = World::start().await;
    world.set_faults(fault).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let env = [("RUST_LOG", "error"), ("DEAL_PROXY_TRACE", path.to_str().unwrap())];
    let process = Process::with_env(folder.path(), &world.sandbox.api_url(), &env).unwrap();
    assert!(
        send(process.addr, "quote", submission()).await.is_some_and(|(status, _)| status < 300)
    );
    wait_for_delivery(process.addr, "quote").await;
    let spool = folder.path().join("spool");
    wait_until("the files are removed", async || spooled(&spool).is_empty()).await;
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// Checks that the trace contains the points in the given order, possibly with others between them.
#[track_caller]
fn assert_order(trace: &[String], order: &[&str]) {
    let mut rest = trace.iter();
    for point in order {
        assert!(
            rest.any(|reached| reached == point),
            "{point} is missing or out of order: {trace:?}"
        );
    }
}

#[tokio::test]
async fn syncs_everything_before_the_response_and_removes_files_after_the_delivery() {
    // The first attempt fails, so the response is 202 and the delivery follows it.
    let trace = trace(json!({"kind": "status", "code": 500})).await;
    let begin = trace.iter().position(|point| point == "spool.create").unwrap();
    let trace = &trace[begin..];
    assert_order(
        trace,
        &[
            "spool.create",
            "spool.sync_file",
            "spool.sync_file",
            "spool.sync_folder",
            "spool.sync_root",
            "journal.commit",
            "journal.committed",
            "delivery.begin",
            "response",
            "delivery.begin",
            "delivery.replied",
            "journal.commit",
            "journal.committed",
            "spool.remove",
        ],
    );
    // No file is written after its sync, and the journal is written after the last sync.
    let last = |point: &str| trace.iter().rposition(|reached| reached == point).unwrap();
    let first = |point: &str| trace.iter().position(|reached| reached == point).unwrap();
    assert!(last("spool.write") < last("spool.sync_file"));
    assert!(last("spool.sync_file") < first("spool.sync_folder"));
    assert!(first("spool.sync_root") < first("journal.commit"));
    assert!(first("journal.committed") < first("response"));
    assert!(first("spool.remove") > last("delivery.replied"));
}

#[tokio::test]
async fn creates_one_deal_after_being_killed_at_any_point() {
    let mut killed = 0;
    for number in 1..MAX_POINTS {
        let world = World::start().await;
        let folder = tempfile::tempdir().unwrap();
        let first = start(folder.path(), &world, &format!("#{number}=kill"));
        let mut response = None;
        let mut is_killed = true;
        if let Some(mut process) = first {
            response = send(process.addr, "quote", submission()).await;
            if response.is_some() {
                is_killed = was_killed(&mut process, folder.path()).await;
            } else {
                wait_until("the process that gave no response ends", async || process.has_ended())
                    .await;
            }
        }
        killed += usize::from(is_killed);
        age_files(&folder.path().join("spool"));
        let again = start(folder.path(), &world, "").expect("the proxy starts after a crash");
        if response.is_none() && state(again.addr, "quote").await.is_none() {
            assert_eq!(send(again.addr, "quote", submission()).await.unwrap().0, 200);
        }
        assert_delivered(again.addr, folder.path(), &world).await;
        if !is_killed {
            break;
        }
    }
    assert!((15..MAX_POINTS - 1).contains(&killed), "{killed} points");
}

/// Copies a folder and its content.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).unwrap();
        }
    }
}

#[tokio::test]
async fn recovers_again_after_being_killed_during_recovery() {
    // A queued submission, and files from one that was not received completely.
    let left = tempfile::tempdir().unwrap();
    let failing = World::start().await;
    failing.set_faults(json!({"kind": "status", "code": 500, "times": "until_cleared"})).await;
    let process = start(left.path(), &failing, "").unwrap();
    assert_eq!(send(process.addr, "quote", submission()).await.unwrap().0, 202);
    drop(process);
    let orphan = left.path().join("spool").join("0123456789abcdef".repeat(2));
    std::fs::create_dir(&orphan).unwrap();
    std::fs::write(orphan.join("0"), "half").unwrap();

    let mut killed = 0;
    for number in 1..MAX_POINTS {
        let world = World::start().await;
        let folder = tempfile::tempdir().unwrap();
        copy(left.path(), folder.path());
        age_files(&folder.path().join("spool"));
        let is_killed = match start(folder.path(), &world, &format!("#{number}=kill")) {
            None => true,
            Some(mut process) => was_killed(&mut process, folder.path()).await,
        };
        killed += usize::from(is_killed);
        let again = start(folder.path(), &world, "").expect("the proxy starts after a crash");
        assert_delivered(again.addr, folder.path(), &world).await;
        if !is_killed {
            break;
        }
    }
    assert!((6..MAX_POINTS - 1).contains(&killed), "{killed} points");
}

/// Lets the disk fail once at each point and checks that the submission still becomes one deal.
async fn check_disk(fault: &str) {
    let mut refused = 0;
    // Some of these numbers are higher than that of the last point. Then the fault has no effect.
    for number in 1..30 {
        let world = World::start().await;
        let folder = tempfile::tempdir().unwrap();
        let process = start(folder.path(), &world, &format!("#{number}={fault}*1")).unwrap();
        let (mut status, retry) = send(process.addr, "quote", submission()).await.unwrap();
        if status == 503 {
            refused += 1;
            assert!(retry.is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
            status = send(process.addr, "quote", submission()).await.unwrap().0;
        }
        assert!(status == 200 || status == 202, "{number}: {status}");
        wait_for_delivery(process.addr, "quote").await;
        assert_one_deal(&world).await;
        assert_eq!(world.calls().await.len(), 1, "{number}: the CRM was called twice");
        drop(process);
        age_files(&folder.path().join("spool"));
        // The next start removes files that could not be removed before.
        let _again = start(folder.path(), &world, "").unwrap();
        assert_eq!(spooled(&folder.path().join("spool")).len(), 0);
    }
    assert!(refused > 5, "{refused}");
}

#[tokio::test]
async fn creates_one_deal_without_a_restart_if_the_disk_fails_at_any_point() {
    check_disk("eio").await;
}

#[tokio::test]
async fn creates_one_deal_without_a_restart_if_the_disk_is_full_at_any_point() {
    check_disk("enospc").await;
}

#[tokio::test]
async fn stops_during_a_long_delivery_and_finishes_it_after_the_next_start() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "delay", "before_reading_ms": 600_000})).await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(folder.path(), &world, "").unwrap();
    let addr = process.addr;
    let sent = tokio::spawn(async move { send(addr, "quote", submission()).await });
    world.wait_for_call().await;
    let started = Instant::now();
    process.terminate();
    assert_eq!(process.wait().0, Some(0));
    assert!(started.elapsed() < DEADLINE, "{:?}", started.elapsed());
    assert_eq!(sent.await.unwrap(), None);
    let again = start(folder.path(), &world, "").unwrap();
    wait_for_delivery(again.addr, "quote").await;
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn delivers_stored_submissions_but_refuses_new_ones_while_the_disk_is_full() {
    let world = World::start().await;
    world.set_faults(json!({"kind": "status", "code": 500, "retry_after": 2})).await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(folder.path(), &world, "").unwrap();
    let response = send(process.addr, "callback", draft(&reference(1))).await;
    assert_eq!(response.unwrap().0, 202);
    drop(process);
    let full = start(folder.path(), &world, "spool.room=enospc*2").unwrap();
    for _ in 0..2 {
        let response = send(full.addr, "callback", draft(&reference(2))).await;
        assert_eq!(response, Some((503, Some("60".to_owned()))));
    }
    wait_for_delivery(full.addr, "callback").await;
    // The disk has free space again.
    assert_eq!(send(full.addr, "callback", draft(&reference(2))).await.unwrap().0, 200);
    assert_eq!(world.deals().await.len(), 2);
}

#[tokio::test]
async fn refuses_a_submission_that_would_use_the_minimum_free_space() {
    let world =
        World::with_config(|config| config.limits.disk_floor = deal_proxy::Size(u64::MAX)).await;
    let response = world.post("callback", draft(&reference(1))).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "60");
    assert_eq!(world.submission_status("callback", &reference(1)).await.0, 404);
}
