//! A proxy that is killed, or whose disk fails, at every point at which that could matter.
//!
//! The points are named in the proxy (`faults.rs`); each of them is met on the way of one submission
//! with files. What a widget would do follows: ask for the status where no answer came, and send
//! again what never arrived.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{
    Multipart, PATIENCE, Process, World, age_files, client, draft, eventually, quote, reference,
    spooled,
};

/// More points than there are on the way.
const END: usize = 100;

fn submission() -> Multipart {
    quote()
        .text("external_reference_id", &reference(1))
        .file("one.pdf", "application/pdf", b"%PDF-first file")
        .file("two.csv", "text/csv", b"second;file")
}

/// What a visitor hears: the status and `Retry-After`, or nothing.
async fn send(addr: SocketAddr, form: &str, body: Multipart) -> Option<(u16, Option<String>)> {
    let (content_type, body) = body.finish();
    let request = client().post(format!("http://{addr}/forms/{form}"));
    let request = request.header("accept", "application/json").header("content-type", content_type);
    let response = request.body(body).send().await.ok()?;
    let retry = response.headers().get("retry-after").map(|value| value.to_str().unwrap().into());
    let status = response.status().as_u16();
    // An answer that breaks off is none.
    response.bytes().await.ok()?;
    Some((status, retry))
}

/// The state of a submission; none when it never arrived.
async fn state(addr: SocketAddr, form: &str) -> Option<String> {
    let url = format!("http://{addr}/forms/{form}/submissions/{}", reference(1));
    let json: Value = client().get(url).send().await.unwrap().json().await.unwrap();
    json["state"].as_str().map(str::to_owned)
}

/// Waits until the CRM has it, without sending it again.
async fn delivered(addr: SocketAddr, form: &str) {
    let end = Instant::now() + PATIENCE;
    loop {
        let state = state(addr, form).await;
        if state.as_deref() == Some("delivered") {
            return;
        }
        assert!(state.is_some(), "it is lost");
        assert!(Instant::now() < end, "never delivered: {state:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// One deal with both files, byte for byte. A CRM that got it twice has them twice: its reference
/// does not say that an update replaces files.
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
    Process::with(folder, &world.sandbox.api_url(), &env)
}

/// Waits until it was killed, or has delivered: whether it was killed. The files go last.
async fn is_over(process: &mut Process, folder: &Path) -> bool {
    let spool = folder.join("spool");
    let mut over = false;
    let mut done = || {
        over = process.is_over();
        over || spooled(&spool).is_empty()
    };
    eventually("it is killed, or has delivered", &mut done).await;
    over
}

/// The points of one run, in their order, with a CRM that has the fault.
async fn trace(fault: Value) -> Vec<String> {
    let world = World::start().await;
    world.fault(fault).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace");
    let env = [("RUST_LOG", "error"), ("DEAL_PROXY_TRACE", path.to_str().unwrap())];
    let process = Process::with(folder.path(), &world.sandbox.api_url(), &env).unwrap();
    assert!(
        send(process.addr, "quote", submission()).await.is_some_and(|(status, _)| status < 300)
    );
    delivered(process.addr, "quote").await;
    let spool = folder.path().join("spool");
    eventually("the files are gone", || spooled(&spool).is_empty()).await;
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// Those points stand in the trace in that order, each behind the one before.
#[track_caller]
fn assert_order(trace: &[String], order: &[&str]) {
    let mut rest = trace.iter();
    for point in order {
        assert!(rest.any(|reached| reached == point), "no {point} in its place: {trace:?}");
    }
}

#[tokio::test]
async fn everything_is_synced_before_the_answer_and_files_go_after_their_entry() {
    // The first attempt fails, so that the answer says no more than that we have it.
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
            "answer",
            "delivery.begin",
            "delivery.answered",
            "journal.commit",
            "journal.committed",
            "spool.remove",
        ],
    );
    // Nothing is written to a file behind its sync, and nothing is entered before the last sync.
    let last = |point: &str| trace.iter().rposition(|reached| reached == point).unwrap();
    let first = |point: &str| trace.iter().position(|reached| reached == point).unwrap();
    assert!(last("spool.write") < last("spool.sync_file"));
    assert!(last("spool.sync_file") < first("spool.sync_folder"));
    assert!(first("spool.sync_root") < first("journal.commit"));
    assert!(first("journal.committed") < first("answer"));
    assert!(first("spool.remove") > last("delivery.answered"));
}

#[tokio::test]
async fn killed_at_any_point_nothing_is_lost_and_there_is_one_deal() {
    let mut killed = 0;
    for number in 1..END {
        let world = World::start().await;
        let folder = tempfile::tempdir().unwrap();
        let first = start(folder.path(), &world, &format!("#{number}=kill"));
        let mut heard = None;
        let mut over = true;
        if let Some(mut process) = first {
            heard = send(process.addr, "quote", submission()).await;
            over = if heard.is_some() {
                is_over(&mut process, folder.path()).await
            } else {
                eventually("who gives no answer was killed", || process.is_over()).await;
                true
            };
        }
        killed += usize::from(over);
        age_files(&folder.path().join("spool"));
        let again = start(folder.path(), &world, "").expect("it starts after a crash");
        if heard.is_none() && state(again.addr, "quote").await.is_none() {
            assert_eq!(send(again.addr, "quote", submission()).await.unwrap().0, 200);
        }
        delivered(again.addr, "quote").await;
        assert_one_deal(&world).await;
        let spool = folder.path().join("spool");
        eventually("no file is left over", || spooled(&spool).is_empty()).await;
        if !over {
            break;
        }
    }
    assert!((15..END - 1).contains(&killed), "{killed} points");
}

/// Copies a folder with all that is in it.
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
async fn killed_while_it_takes_up_an_earlier_run_s_submissions_it_takes_them_up_again() {
    // A submission that is queued, and files of one that never arrived.
    let left = tempfile::tempdir().unwrap();
    let away = World::start().await;
    away.fault(json!({"kind": "status", "code": 500, "times": "until_cleared"})).await;
    let process = start(left.path(), &away, "").unwrap();
    assert_eq!(send(process.addr, "quote", submission()).await.unwrap().0, 202);
    drop(process);
    let orphan = left.path().join("spool").join("0123456789abcdef".repeat(2));
    std::fs::create_dir(&orphan).unwrap();
    std::fs::write(orphan.join("0"), "half").unwrap();

    let mut killed = 0;
    for number in 1..END {
        let world = World::start().await;
        let folder = tempfile::tempdir().unwrap();
        copy(left.path(), folder.path());
        age_files(&folder.path().join("spool"));
        let over = match start(folder.path(), &world, &format!("#{number}=kill")) {
            None => true,
            Some(mut process) => is_over(&mut process, folder.path()).await,
        };
        killed += usize::from(over);
        let again = start(folder.path(), &world, "").expect("it starts after a crash");
        delivered(again.addr, "quote").await;
        assert_one_deal(&world).await;
        let spool = folder.path().join("spool");
        eventually("no file is left over", || spooled(&spool).is_empty()).await;
        if !over {
            break;
        }
    }
    assert!((6..END - 1).contains(&killed), "{killed} points");
}

/// Has the disk fail so at each point, once.
async fn check_disk(fault: &str) {
    let mut refused = 0;
    // Beyond the last point of a run, the fault has nothing to happen to.
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
        delivered(process.addr, "quote").await;
        assert_one_deal(&world).await;
        assert_eq!(world.calls().await.len(), 1, "{number}: the CRM was asked twice");
        drop(process);
        age_files(&folder.path().join("spool"));
        // What could not be removed is, at the next start.
        let _again = start(folder.path(), &world, "").unwrap();
        assert_eq!(spooled(&folder.path().join("spool")).len(), 0);
    }
    assert!(refused > 5, "{refused}");
}

#[tokio::test]
async fn a_disk_that_fails_anywhere_loses_nothing_and_it_goes_on_without_a_restart() {
    check_disk("eio").await;
}

#[tokio::test]
async fn a_disk_that_is_full_anywhere_loses_nothing_and_it_goes_on_without_a_restart() {
    check_disk("enospc").await;
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever_and_what_is_under_way_is_taken_up_at_the_next_start() {
    let world = World::start().await;
    world.fault(json!({"kind": "delay", "before_reading_ms": 600_000})).await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(folder.path(), &world, "").unwrap();
    let addr = process.addr;
    let sent = tokio::spawn(async move { send(addr, "quote", submission()).await });
    world.is_called().await;
    let begun = Instant::now();
    process.terminate();
    assert_eq!(process.wait().0, Some(0));
    assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
    assert_eq!(sent.await.unwrap(), None);
    let again = start(folder.path(), &world, "").unwrap();
    delivered(again.addr, "quote").await;
    assert_eq!(world.deals().await.len(), 1);
}

#[tokio::test]
async fn a_full_disk_takes_nothing_new_and_delivers_what_it_has() {
    let world = World::start().await;
    world.fault(json!({"kind": "status", "code": 500, "retry_after": 2})).await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(folder.path(), &world, "").unwrap();
    let heard = send(process.addr, "callback", draft(&reference(1))).await;
    assert_eq!(heard.unwrap().0, 202);
    drop(process);
    let full = start(folder.path(), &world, "spool.room=enospc*2").unwrap();
    for _ in 0..2 {
        let heard = send(full.addr, "callback", draft(&reference(2))).await;
        assert_eq!(heard, Some((503, Some("60".to_owned()))));
    }
    delivered(full.addr, "callback").await;
    // There is room again.
    assert_eq!(send(full.addr, "callback", draft(&reference(2))).await.unwrap().0, 200);
    assert_eq!(world.deals().await.len(), 2);
}

#[tokio::test]
async fn more_than_leaves_the_floor_free_is_not_taken() {
    let world = World::with(|config| config.limits.disk_floor = deal_proxy::Size(u64::MAX)).await;
    let response = world.post("callback", draft(&reference(1))).send().await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "60");
    assert_eq!(world.standing("callback", &reference(1)).await.0, 404);
}
