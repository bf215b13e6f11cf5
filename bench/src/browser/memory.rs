//! What a form holds, and what 99 MB of files cost the page.

use std::thread::sleep;
use std::time::{Duration, Instant};

use e2e::{Browser, Network, Sample, Samples};
use serde_json::json;

use super::form::Form;
use super::peers::{OTHERS, OURS, Peer, names};
use super::stage::{Stage, all_versions, watching};
use crate::results::{Better, Column, Measured, Plot, Row, Table, megabytes};
use crate::turns::rounds;

const METHOD: &str = include_str!("memory.md");

const FILE_BYTES: u32 = 99_000_000;

/// A line on which that takes three seconds.
const LINE: Network = Network { up: Some(33_000_000), ..Network::FAST };

/// Megabytes of the page's scripts with their WebAssembly, and of the processes that draw pages.
#[derive(Debug, Clone, Copy)]
struct Look {
    scripts: f64,
    renderers: f64,
}

pub(crate) fn measure(times: usize) -> Measured {
    let columns = columns();
    let peers: Vec<Peer> = [OURS].into_iter().chain(OTHERS).collect();
    let mut rows: Vec<Row> =
        peers.iter().map(|peer| Row::empty(peer.name, peer.ours, columns.len())).collect();
    let stage = Stage::start();
    let samples = Samples::new();
    let file = samples.sparse_zip("Plans.zip", FILE_BYTES);
    rounds(times, &names(&peers), |index| rows[index].add(visit(&stage, peers[index], &file)));
    let plots = vec![
        Plot::new("heap", "Memory of the scripts with a filled-in form, in MB", &["filled in"]),
        Plot::new(
            "sending",
            "Peak memory of the renderer processes while 99 MB are sent, in MB",
            &["processes, sending"],
        ),
    ];
    let table = Table {
        title: "The form of twelve fields".to_owned(),
        method: METHOD.to_owned(),
        columns,
        rows,
        plots,
        goals: Vec::new(),
    };
    Measured { tables: vec![table], versions: all_versions() }
}

fn columns() -> Vec<Column> {
    [
        ("filled in", "memory of the page's scripts after all questions were answered and garbage was collected, including WebAssembly memory"),
        ("scripts, sending", "peak memory of the scripts, including garbage, from the choice of a file of 99 MB until the CRM has it"),
        ("processes, filled in", "anonymous memory of the renderer processes; the browser keeps one of them ready for the next page"),
        ("processes, sending", "peak of this memory until the CRM has the file"),
    ]
    .map(|(name, meaning)| Column::new(name, "MB", meaning, Better::Lower))
    .into()
}

fn visit(stage: &Stage, peer: Peer, file: &Sample) -> Vec<f64> {
    let browser = watching(Browser::start());
    stage.open(&browser, &peer.page(12));
    let form = Form(&browser);
    form.fill_in();
    browser.devtools("HeapProfiler.collectGarbage", json!({}));
    let before = look(&browser, peer);

    browser.emulate_network(LINE);
    form.attach(file);
    let mut most = before;
    watch(&mut most, &browser, peer, || !peer.reads_files || form.lists(file));
    form.send();
    watch(&mut most, &browser, peer, || !stage.crm.deals().is_empty());
    assert_eq!(stage.crm.deal()["attachments"][0]["size"], FILE_BYTES, "{}", peer.name);
    stage.crm.reset();
    vec![before.scripts, most.scripts, before.renderers, most.renderers]
}

/// Looks until something has happened, and remembers the most of each figure.
fn watch(most: &mut Look, browser: &Browser, peer: Peer, happened: impl Fn() -> bool) {
    const PATIENCE: Duration = Duration::from_secs(60);
    let begun = Instant::now();
    loop {
        let now = look(browser, peer);
        most.scripts = most.scripts.max(now.scripts);
        most.renderers = most.renderers.max(now.renderers);
        if happened() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "the files of {} do not arrive", peer.name);
        sleep(Duration::from_millis(50));
    }
}

fn look(browser: &Browser, peer: Peer) -> Look {
    let wasm = if peer.ours { megabytes(browser.wasm_bytes()) } else { 0.0 };
    let renderers = megabytes(browser.renderer_bytes().unwrap_or(0));
    Look { scripts: browser.heap_bytes() / 1e6 + wasm, renderers }
}
