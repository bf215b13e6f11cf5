//! Compares the proxy with nginx, which also reads each request completely, and with the CRM alone.

use std::process::Command;

use e2e::{KEY, Proxy, Sandbox, Settings};

use super::nginx::{self, Nginx};
use super::target::Target;
use super::uploads::{file, send_at_once};
use super::wrk;
use crate::results::{Better, Column, Goal, Measured, Plot, Row, Table, megabytes, ours, path};
use crate::turns::rounds;

const METHOD: &str = include_str!("proxy.md");

/// Settings that raise the limits for one sender, because the proxy sees the benchmark as a single
/// sender.
const SETTINGS: &str = "[limits]\nuploads_per_address = 64\n\
    [rates]\nper_address = \"1000000 per s\"\nper_form = \"1000000 per s\"\n";

const CRM_PATH: &str = "site/api/crm_add_deal";

const MEGABYTES: u32 = 99;

/// How many visitors send a file at once, for the throughput and for the memory.
const UPLOADS: u32 = 8;
const MEMORY_UPLOADS: u32 = 20;

/// How many visitors send small submissions at once, and for how long.
const VISITORS: usize = 16;
const SECONDS: u32 = 4;

struct Stage {
    crm: Sandbox,
    proxy: Proxy,
    nginx: Option<Nginx>,
}

pub(crate) fn measure(times: usize) -> Measured {
    let stage = Stage::start();
    let file = file(bytes(MEGABYTES));
    let mut tables = vec![uploads(times, &stage, &file), memory(times, &stage.crm, &file)];
    if wrk::version().is_some() {
        tables.push(small(times, &stage));
    } else {
        eprintln!(
            "  wrk is not installed (Debian: apt-get install wrk): skipping small submissions"
        );
    }
    Measured { tables, versions: versions() }
}

impl Stage {
    fn start() -> Self {
        let crm = Sandbox::start();
        let proxy = proxy(&crm);
        let nginx = nginx::version().map(|_| Nginx::start(&crm));
        if nginx.is_none() {
            eprintln!("  nginx is not installed (Debian: apt-get install nginx): skipping it");
        }
        Self { crm, proxy, nginx }
    }

    /// Returns the proxy, and also nginx if it is installed.
    fn proxies(&self) -> Vec<Target> {
        let url = self.proxy.url("forms/enquiry");
        let ours = Target { name: "deal-proxy", ours: true, url, added: Vec::new() };
        let nginx = self.nginx.as_ref().map(|nginx| direct("nginx", nginx.url(CRM_PATH)));
        [ours].into_iter().chain(nginx).collect()
    }
}

fn proxy(crm: &Sandbox) -> Proxy {
    let settings =
        Settings { forms: path("forms"), site: path("forms"), toml: SETTINGS.to_owned() };
    Proxy::with_settings(crm, settings)
}

/// Returns a target for the CRM, or for a server that passes requests on to the CRM.
fn direct(name: &'static str, url: String) -> Target {
    Target { name, ours: false, url, added: vec![("key", KEY), ("name", "Enquiry")] }
}

fn uploads(times: usize, stage: &Stage, file: &[u8]) -> Table {
    let columns = vec![
        Column::new(
            "time",
            "s",
            "until the last visitor gets the response that the deal is in the CRM",
            Better::Lower,
        ),
        Column::new(
            "throughput",
            "MB/s",
            "the bytes of all visitors, divided by this time",
            Better::Higher,
        ),
    ];
    let targets = stage.proxies();
    let mut rows = rows(&targets, columns.len());
    rounds(times, &names(&targets), |index| {
        prepare(&stage.crm);
        let seconds = send_at_once(usize(UPLOADS), &targets[index], file).as_secs_f64();
        check_all_arrived(&stage.crm, UPLOADS);
        rows[index].add(vec![seconds, f64::from(UPLOADS * MEGABYTES) / seconds]);
    });
    let goals = match &rows[..] {
        [ours, nginx] => vec![Goal {
            title: "the proxy's throughput divided by nginx's, for each round".to_owned(),
            unit: String::new(),
            better: Better::Higher,
            bound: 0.8,
            figures: combine(&ours.figures[1], &nginx.figures[1], |ours, nginx| ours / nginx),
        }],
        _ => Vec::new(),
    };
    Table {
        title: "Eight large files at once".to_owned(),
        method: format!(
            "{METHOD}\nEight visitors at once, each with the form with twelve fields and a file of \
             {MEGABYTES} MB (of 10⁶ bytes), over the loopback interface of this machine."
        ),
        columns,
        rows,
        plots: vec![Plot::new("throughput", "MB that reach the CRM per second", &["throughput"])],
        goals,
    }
}

fn memory(times: usize, crm: &Sandbox, file: &[u8]) -> Table {
    let columns = vec![Column::new(
        "peak",
        "MB",
        "the proxy's peak memory (`VmHWM`), including its code",
        Better::Lower,
    )];
    let mut row = Row::empty("deal-proxy", true, columns.len());
    rounds(times, &["deal-proxy, memory"], |_| {
        prepare(crm);
        // Start a new process, because the peak covers a process's whole lifetime.
        let proxy = proxy(crm);
        let url = proxy.url("forms/enquiry");
        let target = Target { name: "deal-proxy", ours: true, url, added: Vec::new() };
        send_at_once(usize(MEMORY_UPLOADS), &target, file);
        check_all_arrived(crm, MEMORY_UPLOADS);
        // Only Linux reports the peak memory.
        if let Some(bytes) = proxy.peak_bytes() {
            row.add(vec![megabytes(bytes)]);
        }
    });
    let goal = Goal {
        title: format!("the proxy's memory with {MEMORY_UPLOADS} uploads of {MEGABYTES} MB"),
        unit: "MB".to_owned(),
        better: Better::Lower,
        bound: 48.0,
        figures: row.figures[0].clone(),
    };
    Table {
        title: "Memory with twenty large files at once".to_owned(),
        method: format!(
            "{MEMORY_UPLOADS} visitors at once, each with a file of {MEGABYTES} MB. Each round \
             starts a new proxy."
        ),
        columns,
        rows: vec![row],
        plots: Vec::new(),
        goals: vec![goal],
    }
}

fn small(times: usize, stage: &Stage) -> Table {
    let columns = vec![
        Column::new(
            "median",
            "ms",
            "the time that half of the submissions do not exceed; one visitor sends them one after the other",
            Better::Lower,
        ),
        Column::new(
            "p99",
            "ms",
            "the time that 99 of 100 of these submissions do not exceed",
            Better::Lower,
        ),
        Column::new(
            "submissions",
            "per s",
            "responses per second, with sixteen visitors at once",
            Better::Higher,
        ),
    ];
    let mut targets = stage.proxies();
    targets.push(direct("the CRM without a proxy", stage.crm.url(CRM_PATH)));
    let mut rows = rows(&targets, columns.len());
    rounds(times, &names(&targets), |index| {
        prepare(&stage.crm);
        let [median, p99] = wrk::run(&targets[index], 1, SECONDS).milliseconds();
        prepare(&stage.crm);
        let run = wrk::run(&targets[index], VISITORS, SECONDS);
        rows[index].add(vec![median, p99, run.per_second()]);
    });
    let (ours, crm) = (&rows[0], &rows[rows.len() - 1]);
    let goal = Goal {
        title: "the time that the proxy adds to the CRM's own at p99, for each round".to_owned(),
        unit: "ms".to_owned(),
        better: Better::Lower,
        bound: 5.0,
        figures: combine(&ours.figures[1], &crm.figures[1], |ours, crm| ours - crm),
    };
    Table {
        title: "Small submissions".to_owned(),
        method: format!(
            "The form with twelve fields without a file, sent by wrk over open connections: {SECONDS} \
             seconds with one visitor, {SECONDS} with {VISITORS} at once. Each submission creates \
             a separate deal, and is in the proxy's journal before it goes to the CRM. Any response \
             other than success would stop the benchmark."
        ),
        columns,
        rows,
        plots: Vec::new(),
        goals: vec![goal],
    }
}

/// Checks that the CRM has each visitor's deal with the complete file.
fn check_all_arrived(crm: &Sandbox, visitors: u32) {
    let size = u64::from(MEGABYTES) * 1_000_000;
    let deals = crm.deals();
    let complete = deals.iter().filter(|deal| deal["attachments"][0]["size"] == size).count();
    assert_eq!(complete, usize(visitors), "deals with a complete file");
}

/// Removes all deals, and waits until the disk has finished writing.
fn prepare(crm: &Sandbox) {
    crm.reset();
    // Ignore a failure, because some systems have no `sync`.
    let _ = Command::new("sync").status();
}

fn rows(targets: &[Target], columns: usize) -> Vec<Row> {
    targets.iter().map(|target| Row::empty(target.name, target.ours, columns)).collect()
}

fn names(targets: &[Target]) -> Vec<&'static str> {
    targets.iter().map(|target| target.name).collect()
}

/// Combines the two values from each round.
fn combine(ours: &[f64], theirs: &[f64], of: fn(f64, f64) -> f64) -> Vec<f64> {
    ours.iter().zip(theirs).map(|(&ours, &theirs)| of(ours, theirs)).collect()
}

fn versions() -> Vec<(String, String)> {
    let known = [("nginx", nginx::version()), ("wrk", wrk::version())];
    let known = known.into_iter().filter_map(|(name, version)| Some((name.to_owned(), version?)));
    [ours("deal-proxy")].into_iter().chain(known).collect()
}

fn bytes(megabytes: u32) -> usize {
    usize(megabytes) * 1_000_000
}

fn usize(number: u32) -> usize {
    number.try_into().unwrap()
}
