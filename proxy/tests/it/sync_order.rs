//! That a loss of power loses nothing, as the system sees it: the calls of the proxy in their order,
//! noted by strace. Without strace on the `PATH`, or the right to use it, the test says so and does
//! nothing; `crash.rs` proves the same order as the proxy itself notes it.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::support::{Process, World, draft, eventually, quote, reference, skip, spooled};

/// The calls of one run: each `fsync`, and each write to a socket.
struct Calls(Vec<String>);

impl Calls {
    /// A sync counts where it ends, a write where it begins: strace splits a call that another
    /// thread's comes into.
    fn read(path: &Path) -> Self {
        let (mut calls, mut begun) = (Vec::new(), HashMap::new());
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let (thread, call) = line.split_once(' ').unwrap();
            let call = call.trim_start();
            if call.contains("<unfinished") && call.contains("sync(") {
                begun.insert(thread.to_owned(), call.to_owned());
            } else if call.starts_with("<... f") {
                calls.extend(begun.remove(thread));
            } else {
                calls.push(call.to_owned());
            }
        }
        Self(calls)
    }

    /// Where the first call behind that place is to which all of it applies.
    #[track_caller]
    fn find(&self, from: usize, what: &[&str]) -> usize {
        let applies = |line: &String| what.iter().all(|word| line.contains(word));
        let found = self.0[from..].iter().position(applies);
        from + found.unwrap_or_else(|| panic!("no {what:?} from {from} in {:#?}", self.0))
    }
}

fn may_trace() -> bool {
    let tried = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    tried.is_ok_and(|status| status.success())
}

#[tokio::test]
async fn files_folders_and_journal_are_synced_before_the_crm_is_called_and_the_answer_given() {
    if !may_trace() {
        return skip(
            "what is on the disk before the CRM is called: there is no strace, or no right to it",
        );
    }
    let world = World::start().await;
    world.fault(json!({"kind": "status", "code": 500})).await;
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    // The tracer is the grandchild: the proxy itself is the child, which the test ends.
    let strace = ["strace", "-D", "-f", "-y", "-s", "64"];
    let calls = ["-e", "trace=fsync,fdatasync,write,writev,sendto", "-o", trace.to_str().unwrap()];
    let wrapper = [&strace[..], &calls].concat();
    let process = Process::wrapped(&wrapper, folder.path(), &world.sandbox.api_url());
    let body = quote()
        .text("external_reference_id", &reference(1))
        .file("one.pdf", "application/pdf", b"%PDF-first file")
        .file("two.csv", "text/csv", b"second;file");
    for (form, body) in [("quote", body), ("callback", draft(&reference(2)))] {
        world.fault(json!({"kind": "status", "code": 500})).await;
        let (content_type, body) = body.finish();
        let request = world.client.post(format!("http://{}/forms/{form}", process.addr));
        let request = request.header("content-type", content_type).body(body);
        assert_eq!(request.send().await.unwrap().status(), 202);
        let spool = folder.path().join("spool");
        eventually("the files are gone", || spooled(&spool).is_empty()).await;
    }
    process.terminate();
    process.wait();

    let calls = Calls::read(&trace);
    let first = calls.find(0, &["fsync(", "/0>"]);
    let second = calls.find(first, &["fsync(", "/1>"]);
    let own = calls.0[first].split_once('<').unwrap().1.split_once("/0>").unwrap().0;
    let entry = calls.find(second, &["fsync(", &format!("<{own}>")]);
    let root = calls.find(entry, &["fsync(", "/spool>"]);
    let commit = calls.find(root, &["fsync(", "journal.sqlite-wal>"]);
    let call = calls.find(0, &["POST /site/api/crm_add_deal"]);
    let answer = calls.find(0, &["HTTP/1.1 202"]);
    assert!(commit < call && call < answer, "{:#?}", calls.0);
    // One without files has nothing to sync but its entry: behind the first one's second attempt,
    // that attempt's end and the entry.
    let again = calls.find(answer, &["POST /site/api/crm_add_deal"]);
    let call = calls.find(again + 1, &["POST /site/api/crm_add_deal"]);
    let commits = calls.0[again..call].iter().filter(|line| line.contains("journal.sqlite-wal>"));
    assert_eq!(commits.count(), 2, "{:#?}", calls.0);
}
