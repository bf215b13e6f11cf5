//! The browser's processes, where the system lists them in `/proc`.

use std::collections::HashMap;
use std::fs;

use super::session::Browser;

/// What of a process matters here.
struct Seen {
    parent: u32,
    renders: bool,
    bytes: u64,
}

impl Browser {
    /// The memory of all processes that draw pages, but for what is mapped from files: the program
    /// itself. A page without frames of other sites has one; the browser keeps another one ready.
    /// `None` where the system does not tell.
    pub fn renderer_bytes(&self) -> Option<u64> {
        let seen = seen()?;
        let ours = |mut number: u32| {
            while let Some(process) = seen.get(&number) {
                if process.parent == self.driver.id() {
                    return true;
                }
                number = process.parent;
            }
            false
        };
        let renderers = seen.iter().filter(|(number, process)| process.renders && ours(**number));
        Some(renderers.map(|(_, process)| process.bytes).sum())
    }
}

/// All processes by number.
fn seen() -> Option<HashMap<u32, Seen>> {
    let folders = fs::read_dir("/proc").ok()?.flatten();
    let numbers = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    // One that has ended meanwhile is none.
    Some(numbers.filter_map(|number| Some((number, look(number)?))).collect())
}

fn look(number: u32) -> Option<Seen> {
    let status = fs::read_to_string(format!("/proc/{number}/status")).ok()?;
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let command = fs::read(format!("/proc/{number}/cmdline")).ok()?;
    Some(Seen {
        parent: u32::try_from(value("PPid:")?).ok()?,
        renders: String::from_utf8_lossy(&command).contains("--type=renderer"),
        // Of a process without memory, which is no browser, there is no such line.
        bytes: value("RssAnon:").unwrap_or(0) * 1024,
    })
}
