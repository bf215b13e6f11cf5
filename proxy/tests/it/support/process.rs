//! The program `deal-proxy` as a process.

use std::io::{BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use reqwest::RequestBuilder;
use reqwest::header::CONTENT_TYPE;
use serde_json::Value;

use super::{KEY, Multipart, client, read_json};

/// Returns the program under test.
pub(crate) fn deal_proxy() -> Command {
    Command::new(env!("CARGO_BIN_EXE_deal-proxy"))
}

/// A running `deal-proxy serve`. It is killed on drop.
pub(crate) struct Process {
    child: Child,
    pub(crate) addr: SocketAddr,
    log: Option<JoinHandle<String>>,
}

impl Process {
    pub(crate) fn start(folder: &Path, crm_url: &str, rust_log: &str) -> Self {
        Self::with_env(folder, crm_url, &[("RUST_LOG", rust_log)]).expect("the proxy starts")
    }

    /// Starts the proxy with environment variables. Returns `None` if the process ends before it listens.
    pub(crate) fn with_env(folder: &Path, crm_url: &str, env: &[(&str, &str)]) -> Option<Self> {
        Self::run(deal_proxy(), folder, crm_url, |command| use_defaults(command, folder, env))
    }

    /// Starts the proxy with the test's own forms, settings and environment variables.
    pub(crate) fn configured(
        folder: &Path,
        crm_url: &str,
        configure: impl FnOnce(&mut Command),
    ) -> Self {
        Self::run(deal_proxy(), folder, crm_url, configure).expect("the proxy starts")
    }

    /// Starts the proxy through another program, which replaces itself with the proxy.
    #[cfg(target_os = "linux")]
    pub(crate) fn wrapped(wrapper: &[&str], folder: &Path, crm_url: &str) -> Self {
        let mut command = Command::new(wrapper[0]);
        command.args(&wrapper[1..]).arg(env!("CARGO_BIN_EXE_deal-proxy"));
        let env = [("RUST_LOG", "error")];
        Self::run(command, folder, crm_url, |command| use_defaults(command, folder, &env))
            .expect("the proxy starts")
    }

    fn run(
        mut command: Command,
        folder: &Path,
        crm_url: &str,
        configure: impl FnOnce(&mut Command),
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
        configure(&mut command);
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

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        client().get(format!("http://{}{path}", self.addr))
    }

    pub(crate) fn post(&self, form: &str, body: Multipart) -> RequestBuilder {
        let (content_type, body) = body.finish();
        let request = client().post(format!("http://{}/forms/{form}", self.addr));
        request.header(CONTENT_TYPE, content_type).body(body)
    }

    /// Sends a submission and returns the status and the JSON of the response.
    pub(crate) async fn submit(&self, form: &str, body: Multipart) -> (u16, Value) {
        read_json(self.post(form, body).send().await.unwrap()).await
    }

    /// Returns the peak memory of the process, in kB.
    pub(crate) fn peak_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Sends SIGTERM.
    pub(crate) fn terminate(&self) {
        self.signal("TERM");
    }

    /// Sends SIGHUP, which makes the proxy reload its settings.
    pub(crate) fn hang_up(&self) {
        self.signal("HUP");
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Returns whether the process has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the process to end and returns its exit code and its log.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let code = self.child.wait().unwrap().code();
        (code, self.log.take().unwrap().join().unwrap())
    }
}

/// Sets the example forms, settings for tests and environment variables.
fn use_defaults(command: &mut Command, folder: &Path, env: &[(&str, &str)]) {
    let settings = folder.join("proxy.toml");
    let text = "limits.disk_floor = 0\ndelivery.retry_first = \"100 ms\"\n\
                timeouts.stop = \"2 s\"\ntimeouts.first_attempt = \"10 min\"\n";
    std::fs::write(&settings, text).unwrap();
    command.arg("--config").arg(settings).arg("--forms").arg(super::example_forms());
    command.envs(env.iter().copied());
}

impl Drop for Process {
    fn drop(&mut self) {
        // This fails if the process has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
