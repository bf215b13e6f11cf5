//! Measures the memory that a form uses, and the memory that it needs to send a file of 99 MB.

use std::thread::sleep;
use std::time::{Duration, Instant};

use e2e::{Browser, Network, Sample, Samples};
use serde_json::json;

use super::form::Form;
use super::implementations::{Implementation, OTHERS, OURS, names};
use super::stage::{Stage, all_versions, observing};
use crate::results::{Better, Column, Measured, Plot, Row, Table, megabytes};
use crate::turns::rounds;

const METHOD: &str = include_str!("memory.md");

const FILE_BYTES: u32 = 99_000_000;

/// A connection over which the upload takes three seconds.
const NETWORK: Network = Network { up: Some(33_000_000), ..Network::FAST };

/// The memory that the page's scripts and WebAssembly use, and the memory that the renderer processes
/// use, in megabytes.
#[derive(Debug, Clone, Copy)]
struct Usage {
    scripts: f64,
    renderers: f64,
}

pub(crate) fn measure(times: usize) -> Measured {
    let columns = columns();
    let implementations: Vec<Implementation> = [OURS].into_iter().chain(OTHERS).collect();
    let mut rows: Vec<Row> = implementations
        .iter()
        .map(|implementation| Row::empty(implementation.name, implementation.ours, columns.len()))
        .collect();
    let stage = Stage::start();
    let samples = Samples::new();
    let file = samples.sparse_zip("Plans.zip", FILE_BYTES);
    rounds(times, &names(&implementations), |index| {
        rows[index].add(visit(&stage, implementations[index], &file));
    });
    let plots = vec![
        Plot::new("heap", "Memory of the scripts with a filled-in form, in MB", &["filled in"]),
        Plot::new(
            "sending",
            "Peak memory of the renderer processes while 99 MB are sent, in MB",
            &["processes, sending"],
        ),
    ];
    let table = Table {
        title: "The form with twelve fields".to_owned(),
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
        ("filled in", "memory of the page's scripts after the answers and a garbage collection, including WebAssembly memory"),
        ("scripts, sending", "peak memory of the scripts, including garbage, from the choice of the file of 99 MB until the CRM has it"),
        ("processes, filled in", "anonymous memory of the renderer processes, including the one that the browser prepares for the next page"),
        ("processes, sending", "peak of this memory until the CRM has the file"),
    ]
    .map(|(name, meaning)| Column::new(name, "MB", meaning, Better::Lower))
    .into()
}

fn visit(stage: &Stage, implementation: Implementation, file: &Sample) -> Vec<f64> {
    let browser = observing(Browser::start());
    stage.open(&browser, &implementation.page(12));
    let form = Form(&browser);
    form.fill_in();
    browser.devtools("HeapProfiler.collectGarbage", json!({}));
    let before = usage(&browser, implementation);

    browser.emulate_network(NETWORK);
    form.attach(file);
    let mut peak = before;
    measure_until(&mut peak, &browser, implementation, || {
        !implementation.reads_files || form.lists(file)
    });
    form.send();
    measure_until(&mut peak, &browser, implementation, || !stage.crm.deals().is_empty());
    assert_eq!(stage.crm.deal()["attachments"][0]["size"], FILE_BYTES, "{}", implementation.name);
    stage.crm.reset();
    vec![before.scripts, peak.scripts, before.renderers, peak.renderers]
}

/// Measures the memory until the condition is true, and stores the peaks.
fn measure_until(
    peak: &mut Usage,
    browser: &Browser,
    implementation: Implementation,
    is_done: impl Fn() -> bool,
) {
    const TIMEOUT: Duration = Duration::from_secs(60);
    let started = Instant::now();
    loop {
        let now = usage(browser, implementation);
        peak.scripts = peak.scripts.max(now.scripts);
        peak.renderers = peak.renderers.max(now.renderers);
        if is_done() {
            return;
        }
        assert!(started.elapsed() < TIMEOUT, "the file of {} does not arrive", implementation.name);
        sleep(Duration::from_millis(50));
    }
}

fn usage(browser: &Browser, implementation: Implementation) -> Usage {
    let wasm = if implementation.ours { megabytes(browser.wasm_bytes()) } else { 0.0 };
    let renderers = megabytes(browser.renderer_bytes().unwrap_or(0));
    Usage { scripts: browser.heap_bytes() / 1e6 + wasm, renderers }
}
