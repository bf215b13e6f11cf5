//! The proxy and the sandbox CRM, as the processes that they are.

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;

use axum::http::Method;
use serde_json::{Value, json};
use socket2::{Domain, Socket, Type};
use tempfile::TempDir;

use crate::files::{Sample, sha256};
use crate::http::{self, call};
use crate::process::Process;
use crate::programs;
use crate::site::Site;
use crate::wait::eventually;

/// The account's key: only the proxy and the CRM know it.
pub const KEY: &str = "e2e-374593457034859";

/// How long a visitor waits for the CRM until the proxy says that it has the request: as long as it
/// takes. On a slow machine that is busy, the usual seconds are less than a large file needs.
const PATIENT: &str = "timeouts.first_attempt = \"10 min\"\n";

/// A running `crm-sandbox` with a store of its own.
#[derive(Debug)]
pub struct Sandbox {
    process: Option<Process>,
    place: Place,
    store: TempDir,
}

/// A running `deal-proxy`.
#[derive(Debug)]
pub struct Proxy {
    process: Option<Process>,
    place: Place,
    crm: String,
    settings: Settings,
    folder: TempDir,
}

/// What a proxy serves, where it is not the usual.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder of form definitions.
    pub forms: PathBuf,
    /// The folder of the widget and of pages around it.
    pub site: PathBuf,
    /// More lines of the configuration file; times by their whole names, as `timeouts.stop`.
    pub toml: String,
}

impl Default for Settings {
    /// The forms of the examples, the widget as it was built, the usual limits.
    fn default() -> Self {
        Self { forms: programs::example_forms(), site: programs::site(), toml: String::new() }
    }
}

impl Sandbox {
    /// Starts a CRM without deals.
    pub fn start() -> Self {
        let store = tempfile::tempdir().unwrap();
        let mut sandbox = Self { process: None, place: Place::default(), store };
        sandbox.start_again();
        sandbox
    }

    /// Ends it, as a crash does; its deals stay on disk.
    pub fn stop(&mut self) {
        self.process = None;
        self.place.keep();
    }

    /// Starts it at the same address, with the deals it had.
    pub fn start_again(&mut self) {
        let mut program = Command::new(programs::crm_sandbox());
        program.arg("--listen").arg(self.place.take().to_string());
        program.arg("--data").arg(self.store.path()).args(["--key", KEY]);
        let (process, port) = Process::start(program, port);
        (self.process, self.place.port) = (Some(process), port);
    }

    /// All deals, newest first.
    #[track_caller]
    pub fn deals(&self) -> Vec<Value> {
        self.list("deals.json")
    }

    /// The one deal that there is.
    #[track_caller]
    pub fn deal(&self) -> Value {
        let mut deals = self.deals();
        let deal = deals.pop().expect("a deal");
        assert!(deals.is_empty(), "more than one deal: {deals:#?}, {deal:#}");
        deal
    }

    /// The one deal that there is, which a form told the number of: what failed, was stopped or would
    /// be refused before never came as far as the CRM.
    #[track_caller]
    pub fn deal_of_one_call(&self, number: &str) -> Value {
        let calls = self.calls_at_rest();
        assert_eq!(calls.len(), 1, "{calls:#?}");
        let deal = self.deal();
        assert_eq!(deal["deal_id"], json!(number));
        deal
    }

    /// Waits for the one deal that will be there.
    #[track_caller]
    pub fn deal_to_come(&self) -> Value {
        eventually("a deal", || (!self.deals().is_empty()).then_some(()));
        self.calls_at_rest();
        self.deal()
    }

    /// All calls, oldest first.
    #[track_caller]
    pub fn calls(&self) -> Vec<Value> {
        self.list("requests.json")
    }

    /// Waits until no call is being served, and gives all.
    #[track_caller]
    pub fn calls_at_rest(&self) -> Vec<Value> {
        eventually("end of all calls to the CRM", || {
            let calls = self.calls();
            calls.iter().all(|call| call["answer"] != "pending").then_some(calls)
        })
    }

    /// Sets what goes wrong with the calls to come.
    #[track_caller]
    pub fn go_wrong(&self, faults: &Value) {
        let (status, said) = call(Method::PUT, &self.url("faults"), Some(faults));
        assert!(status.is_success(), "{faults}: {status} {said:?}");
    }

    /// From now on nothing goes wrong.
    pub fn repair(&self) {
        let (status, _) = call(Method::DELETE, &self.url("faults"), None);
        assert!(status.is_success(), "{status}");
    }

    /// Forgets all deals, calls and faults.
    pub fn reset(&self) {
        let (status, _) = call(Method::POST, &self.url("reset"), Some(&json!({})));
        assert!(status.is_success(), "{status}");
    }

    /// Asserts that the deal has exactly these files, byte for byte, in that order.
    #[track_caller]
    pub fn assert_files(&self, deal: &Value, files: &[Sample]) {
        let kept = deal["attachments"].as_array().expect("a list of files");
        let kept: Vec<(&str, u64, String)> = kept
            .iter()
            .map(|file| {
                let (status, content) = call(Method::GET, &self.url(text(&file["url"])), None);
                assert!(status.is_success(), "{file}: {status}");
                (text(&file["name"]), file["size"].as_u64().unwrap(), sha256(&content))
            })
            .collect();
        let sent: Vec<String> = files.iter().map(Sample::sent_name).collect();
        let sent: Vec<(&str, u64, String)> = files
            .iter()
            .zip(&sent)
            .map(|(file, name)| {
                (name.as_str(), u64::try_from(file.bytes).unwrap(), file.sha256.clone())
            })
            .collect();
        assert_eq!(kept, sent);
    }

    #[track_caller]
    fn list(&self, path: &str) -> Vec<Value> {
        let (status, json) = call(Method::GET, &self.url(path), None);
        assert!(status.is_success(), "{path}: {status}");
        serde_json::from_slice(&json).expect("a list as JSON")
    }

    /// One of its addresses.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.place.address(), path.trim_start_matches('/'))
    }
}

impl Proxy {
    /// Waits until the CRM has confirmed the deal of a submission.
    #[track_caller]
    pub fn delivers(&self, form: &str, reference: &str) {
        let address = self.url(&format!("/forms/{form}/submissions/{reference}"));
        eventually("delivery", || {
            let (_, said) = call(Method::GET, &address, None);
            let said: Value = serde_json::from_slice(&said).ok()?;
            (said["state"] == "delivered").then_some(())
        });
    }

    /// What `deal-proxy snippet` prints for one of the forms, to be pasted into a page of the
    /// proxy's own origin.
    pub fn snippet(form: &str) -> String {
        Self::snippet_for(form, "/")
    }

    /// The same for pages that have the proxy at that address.
    pub fn snippet_for(form: &str, proxy: &str) -> String {
        let mut program = Command::new(programs::deal_proxy());
        program.arg("snippet").arg(programs::example_forms().join(format!("{form}.toml")));
        let output = program.args(["--proxy", proxy]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts a proxy with the usual settings in front of the CRM.
    pub fn start(crm: &Sandbox) -> Self {
        Self::with(crm, Settings::default())
    }

    /// Starts a proxy that serves a site in front of the CRM.
    pub fn serving(crm: &Sandbox, site: &Site) -> Self {
        Self::with(crm, Settings { site: site.path().to_owned(), ..Settings::default() })
    }

    /// Starts a proxy in front of the CRM.
    pub fn with(crm: &Sandbox, settings: Settings) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), crm, settings)
    }

    /// Starts a proxy whose settings, and what else there is, are in that folder, which goes with it.
    pub(crate) fn in_folder(folder: TempDir, crm: &Sandbox, settings: Settings) -> Self {
        let toml = [PATIENT, &settings.toml].concat();
        fs::write(folder.path().join("proxy.toml"), toml).unwrap();
        let crm = crm.url("site/api/crm_add_deal");
        let mut proxy = Self { process: None, place: Place::default(), crm, settings, folder };
        proxy.start_again();
        proxy
    }

    /// Ends it, as a crash does.
    pub fn stop(&mut self) {
        self.process = None;
        self.place.keep();
    }

    /// Starts it at the same address.
    pub fn start_again(&mut self) {
        let mut program = Command::new(programs::deal_proxy());
        program
            .args(["serve", "--crm-url", &self.crm])
            .arg("--listen")
            .arg(self.place.take().to_string())
            .arg("--config")
            .arg(self.folder.path().join("proxy.toml"))
            .arg("--spool")
            .arg(self.folder.path().join("spool"))
            .arg("--forms")
            .arg(&self.settings.forms)
            .arg("--site")
            .arg(&self.settings.site)
            .env("CRM_API_KEY", KEY);
        let (process, port) = Process::start(program, port);
        (self.process, self.place.port) = (Some(process), port);
    }

    /// The most memory that it has had at a time, its program included. `None` where the system does
    /// not tell.
    pub fn peak_bytes(&self) -> Option<u64> {
        self.process.as_ref()?.peak_bytes()
    }

    /// One of its addresses.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.place.address(), path.trim_start_matches('/'))
    }

    /// What the widget is told of a form.
    #[track_caller]
    pub fn definition(&self, form: &str) -> Value {
        let (status, json) = call(Method::GET, &self.url(&format!("/forms/{form}")), None);
        assert!(status.is_success(), "{form}: {status}");
        serde_json::from_slice(&json).expect("a definition as JSON")
    }

    /// The HTML that a browser gets from one of its addresses.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        let (status, html) = http::page(&self.url(path));
        assert!(status.is_success(), "{path}: {status}");
        html
    }
}

/// Where a server listens, or will listen again.
#[derive(Debug, Default)]
struct Place {
    /// 0 for one that the system chooses.
    port: u16,
    /// Takes no connection, and lets nobody else have the port, while the server is away.
    kept: Option<Socket>,
}

impl Place {
    fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    fn keep(&mut self) {
        let keep = || {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.set_reuse_address(true)?;
            socket.bind(&self.address().into())?;
            io::Result::Ok(socket)
        };
        // Where it cannot be kept, somebody else may come first.
        self.kept = keep().ok();
    }

    /// For the server that is about to start.
    fn take(&mut self) -> SocketAddr {
        self.kept = None;
        self.address()
    }
}

/// The port in `listening on http://127.0.0.1:PORT/`.
fn port(line: &str) -> Option<u16> {
    let address = line.strip_prefix("listening on http://")?.strip_suffix('/')?;
    address.rsplit_once(':')?.1.parse().ok()
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}
