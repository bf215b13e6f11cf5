//! The browser's processes, if the system lists them in `/proc`.

use std::collections::HashMap;
use std::fs;

use super::session::Browser;

struct Process {
    parent: u32,
    is_renderer: bool,
    bytes: u64,
}

impl Browser {
    /// Returns the memory that all renderer processes use, without memory that is mapped from files
    /// such as the program. A page without frames from other sites has one renderer process; the
    /// browser also keeps a spare process. Returns `None` if the system does not report the memory.
    pub fn renderer_bytes(&self) -> Option<u64> {
        let processes = all_processes()?;
        let is_of_this_browser = |mut id: u32| {
            while let Some(process) = processes.get(&id) {
                if process.parent == self.driver.id() {
                    return true;
                }
                id = process.parent;
            }
            false
        };
        let renderers = processes
            .iter()
            .filter(|(id, process)| process.is_renderer && is_of_this_browser(**id));
        Some(renderers.map(|(_, process)| process.bytes).sum())
    }
}

/// Returns all processes by id, or `None` if the system has no `/proc`.
fn all_processes() -> Option<HashMap<u32, Process>> {
    let folders = fs::read_dir("/proc").ok()?.flatten();
    let ids = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    // Skip a process that has ended in the meantime.
    Some(ids.filter_map(|id| Some((id, read(id)?))).collect())
}

fn read(id: u32) -> Option<Process> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let value = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    let command = fs::read(format!("/proc/{id}/cmdline")).ok()?;
    Some(Process {
        parent: u32::try_from(value("PPid:")?).ok()?,
        is_renderer: String::from_utf8_lossy(&command).contains("--type=renderer"),
        // Kernel threads have no memory and lack this line.
        bytes: value("RssAnon:").unwrap_or(0) * 1024,
    })
}
