//! Describes the machine on which the benchmark runs.

use std::fs;
use std::thread;

use jiff::Timestamp;

use crate::results::Machine;

/// Describes this machine, as far as the system provides the data.
pub(crate) fn here() -> Machine {
    let kilobytes = value("/proc/meminfo", "MemTotal:").and_then(|text| {
        text.split_whitespace().next().and_then(|number| number.parse::<u64>().ok())
    });
    let unknown = || "unknown".to_owned();
    Machine {
        processor: value("/proc/cpuinfo", "model name").unwrap_or_else(unknown),
        cores: thread::available_parallelism().map_or(0, usize::from),
        memory_gb: kilobytes.map_or(0, |kilobytes| kilobytes * 1024 / 1_000_000_000),
        system: value("/etc/os-release", "PRETTY_NAME=").unwrap_or_else(unknown),
        load: fs::read_to_string("/proc/loadavg")
            .ok()
            .and_then(|text| text.split(' ').next().map(str::to_owned))
            .unwrap_or_else(unknown),
    }
}

/// Returns the current time in UTC, to the minute.
pub(crate) fn now() -> String {
    let now = Timestamp::now().to_string();
    let minute = now.split('.').next().unwrap_or_default();
    minute.rsplit_once(':').map_or("", |(minute, _)| minute).replace('T', " ") + " UTC"
}

/// Returns the rest of the first line in `file` that starts with `name`, or `None` if no line does.
fn value(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(rest.trim_matches([' ', '\t', ':', '"']).to_owned())
}
