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
        Self::with(folder, crm_url, &[("RUST_LOG", rust_log)]).expect("it starts")
    }

    /// With an environment of the test's own; none when it ends before it listens.
    pub(crate) fn with(folder: &Path, crm_url: &str, env: &[(&str, &str)]) -> Option<Self> {
        let command = Command::new(env!("CARGO_BIN_EXE_deal-proxy"));
        Self::run(command, folder, crm_url, |command| usual(command, folder, env))
    }

    /// With forms, settings and an environment of the test's own.
    pub(crate) fn shaped(folder: &Path, crm_url: &str, shape: impl FnOnce(&mut Command)) -> Self {
        let command = Command::new(env!("CARGO_BIN_EXE_deal-proxy"));
        Self::run(command, folder, crm_url, shape).expect("it starts")
    }

    /// Started by another program, which becomes it.
    #[cfg(target_os = "linux")]
    pub(crate) fn wrapped(wrapper: &[&str], folder: &Path, crm_url: &str) -> Self {
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).arg(env!("CARGO_BIN_EXE_deal-proxy"));
        let env = [("RUST_LOG", "error")];
        Self::run(command, folder, crm_url, |command| usual(command, folder, &env))
            .expect("it starts")
    }

    fn run(
        mut command: Command,
        folder: &Path,
        crm_url: &str,
        shape: impl FnOnce(&mut Command),
    ) -> Option<Self> {
        command
            .args(["serve", "--listen", "127.0.0.1:0", "--crm-url", crm_url])
            .arg("--spool")
            .arg(folder.join("spool"))
            .arg("--site")
            .arg(folder.join("site"))
            .env("CRM_API_KEY", KEY)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        shape(&mut command);
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
        let Some(addr) = addr else {
            child.kill().unwrap();
            child.wait().unwrap();
            return None;
        };
        Some(Self { child, addr: addr.parse().unwrap(), log: Some(log) })
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

    /// Whether it has ended.
    pub(crate) fn is_over(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the end; gives the exit code and all that was logged.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }
}

/// The example forms, and settings for tests.
fn usual(command: &mut Command, folder: &Path, env: &[(&str, &str)]) {
    let settings = folder.join("proxy.toml");
    let text = "limits.disk_floor = 0\ndelivery.retry_first = \"100 ms\"\n\
                timeouts.stop = \"2 s\"\ntimeouts.first_attempt = \"10 min\"\n";
    std::fs::write(&settings, text).unwrap();
    command.arg("--config").arg(settings).arg("--forms").arg(super::example_forms());
    command.envs(env.iter().copied());
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that has ended already needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
