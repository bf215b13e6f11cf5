//! A power failure loses no accepted submission. The test uses strace to check the order of the proxy's
//! system calls. Without strace on the `PATH` or the permission to use it, the test is skipped.
//! `crash.rs` checks the same order with the proxy's own trace.
#![cfg(target_os = "linux")]

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::support::{Process, World, draft, quote, reference, skip, spooled, wait_until};

/// The system calls of one run: each `fsync` and each write.
struct Calls(Vec<String>);

impl Calls {
    /// Reads the output of strace. strace splits a call if another thread makes a call in the meantime.
    /// A split sync has the position of its end; a split write has the position of its beginning.
    fn read(path: &Path) -> Self {
        let (mut calls, mut unfinished) = (Vec::new(), HashMap::new());
        for line in std::fs::read_to_string(path).unwrap().lines() {
            let (thread, call) = line.split_once(' ').unwrap();
            let call = call.trim_start();
            if call.contains("<unfinished") && call.contains("sync(") {
                unfinished.insert(thread.to_owned(), call.to_owned());
            } else if call.starts_with("<... f") {
                calls.extend(unfinished.remove(thread));
            } else {
                calls.push(call.to_owned());
            }
        }
        Self(calls)
    }

    /// Returns the index of the first call at or after `from` that contains all the words.
    #[track_caller]
    fn find(&self, from: usize, words: &[&str]) -> usize {
        let matches = |line: &String| words.iter().all(|word| line.contains(word));
        let found = self.0[from..].iter().position(matches);
        from + found.unwrap_or_else(|| panic!("no {words:?} from {from} in {:#?}", self.0))
    }
}

fn may_trace() -> bool {
    let result = Command::new("strace").args(["-o", "/dev/null", "true"]).status();
    result.is_ok_and(|status| status.success())
}

#[tokio::test]
async fn syncs_files_folders_and_journal_before_it_calls_the_crm_and_responds() {
    if !may_trace() {
        return skip("the order of system calls: strace is not on the PATH or not permitted");
    }
    let world = World::start().await;
    world.set_faults(json!({"kind": "status", "code": 500})).await;
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    // `-D` makes strace a grandchild of the test. The proxy is then the child that the test terminates.
    let strace = ["strace", "-D", "-f", "-y", "-s", "64"];
    let calls = ["-e", "trace=fsync,fdatasync,write,writev,sendto", "-o", trace.to_str().unwrap()];
    let wrapper = [&strace[..], &calls].concat();
    let process = Process::wrapped(&wrapper, folder.path(), &world.sandbox.api_url());
    let body = quote()
        .text("external_reference_id", &reference(1))
        .file("one.pdf", "application/pdf", b"%PDF-first file")
        .file("two.csv", "text/csv", b"second;file");
    for (form, body) in [("quote", body), ("callback", draft(&reference(2)))] {
        world.set_faults(json!({"kind": "status", "code": 500})).await;
        assert_eq!(process.submit(form, body).await.0, 202);
        let spool = folder.path().join("spool");
        wait_until("the files are removed", async || spooled(&spool).is_empty()).await;
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
    let response = calls.find(0, &["HTTP/1.1 202"]);
    assert!(commit < call && call < response, "{:#?}", calls.0);
    // A submission without files syncs only the journal. After the second attempt for the first
    // submission, there are two commits: the end of that attempt and the entry of the second submission.
    let again = calls.find(response, &["POST /site/api/crm_add_deal"]);
    let call = calls.find(again + 1, &["POST /site/api/crm_add_deal"]);
    let commits = calls.0[again..call].iter().filter(|line| line.contains("journal.sqlite-wal>"));
    assert_eq!(commits.count(), 2, "{:#?}", calls.0);
}
