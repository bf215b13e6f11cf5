//! The proxy as its users start it: a process.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use super::KEY;

/// A running `deal-proxy serve`. Killed when dropped.
pub(crate) struct Process {
    child: Child,
    pub(crate) addr: SocketAddr,
    log: Option<JoinHandle<String>>,
}

impl Process {
    pub(crate) fn start(folder: &Path, crm_url: &str, rust_log: &str) -> Self {
        Self::with(folder, crm_url, |command| {
            command.arg("--forms").arg(super::example_forms()).env("RUST_LOG", rust_log);
        })
    }

    /// With flags and an environment of the test's own.
    pub(crate) fn with(folder: &Path, crm_url: &str, change: impl FnOnce(&mut Command)) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_deal-proxy"));
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--crm-url", crm_url])
            .arg("--spool")
            .arg(folder.join("spool"))
            .arg("--site")
            .arg(folder.join("site"))
            .env("CRM_API_KEY", KEY)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        change(&mut command);
        let mut child = command.spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = std::thread::spawn(move || {
            let mut log = String::new();
            stderr.read_to_string(&mut log).unwrap();
            log
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.strip_prefix("listening on http://").and_then(|l| l.strip_suffix("/\n"));
        let addr = addr.unwrap_or_else(|| panic!("{line:?}")).parse().unwrap();
        Self { child, addr, log: Some(log) }
    }

    /// The most memory that the process ever had, in kB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Sends SIGTERM, as service managers do.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends SIGHUP: the settings have changed.
    pub(crate) fn hang_up(&self) {
        self.signal("HUP");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits for the end; gives the exit code and all that was logged.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
