//! Runs the proxy and the sandbox CRM as processes.

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
use crate::wait::{wait_for, wait_until};

/// The API key for the CRM account.
pub const KEY: &str = "e2e-374593457034859";

/// How long the proxy waits for the CRM before it responds that it has received the request. The
/// default is too short for a large file on a slow, busy machine.
const FIRST_ATTEMPT: &str = "timeouts.first_attempt = \"10 min\"\n";

/// A `crm-sandbox` process with its own store.
#[derive(Debug)]
pub struct Sandbox {
    process: Option<Process>,
    address: Address,
    store: TempDir,
}

/// A `deal-proxy` process.
#[derive(Debug)]
pub struct Proxy {
    process: Option<Process>,
    address: Address,
    crm: String,
    settings: Settings,
    folder: TempDir,
}

/// The files and settings of a proxy.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The folder with the form files.
    pub forms: PathBuf,
    /// The folder with the widget and the landing pages.
    pub site: PathBuf,
    /// Lines for the configuration file, with full key names such as `timeouts.stop`.
    pub toml: String,
}

impl Default for Settings {
    /// Returns settings with the forms from `examples/forms`, the built widget, and default values.
    fn default() -> Self {
        Self { forms: programs::example_forms(), site: programs::site(), toml: String::new() }
    }
}

impl Sandbox {
    /// Starts a CRM without deals.
    pub fn start() -> Self {
        let store = tempfile::tempdir().unwrap();
        let mut sandbox = Self { process: None, address: Address::default(), store };
        sandbox.start_again();
        sandbox
    }

    /// Kills the sandbox process. The deals stay on disk.
    pub fn stop(&mut self) {
        self.process = None;
        self.address.reserve();
    }

    /// Starts the sandbox again at the same address, with its deals.
    pub fn start_again(&mut self) {
        let mut program = Command::new(programs::crm_sandbox());
        program.arg("--listen").arg(self.address.release().to_string());
        program.arg("--data").arg(self.store.path()).args(["--key", KEY]);
        let (process, port) = Process::start(program, port);
        (self.process, self.address.port) = (Some(process), port);
    }

    /// Returns all deals, newest first.
    #[track_caller]
    pub fn deals(&self) -> Vec<Value> {
        self.list("deals.json")
    }

    /// Returns the deal. Panics unless the CRM has exactly one.
    #[track_caller]
    pub fn deal(&self) -> Value {
        let mut deals = self.deals();
        let deal = deals.pop().expect("the CRM has no deal");
        assert!(deals.is_empty(), "more than one deal: {deals:#?}, {deal:#}");
        deal
    }

    /// Returns the only deal. Panics if its number is not `number`.
    #[track_caller]
    pub fn deal_with_number(&self, number: &str) -> Value {
        let deal = self.deal();
        assert_eq!(deal["deal_id"], json!(number));
        deal
    }

    /// Returns the only deal. Panics if the deal has another number or took more than one call:
    /// earlier attempts that failed or were cancelled must not have reached the CRM.
    #[track_caller]
    pub fn deal_from_single_call(&self, number: &str) -> Value {
        self.assert_one_call();
        self.deal_with_number(number)
    }

    /// Waits for a deal and the end of all calls, and returns the only deal.
    #[track_caller]
    pub fn wait_for_deal(&self) -> Value {
        wait_until("a deal in the CRM", || !self.deals().is_empty());
        self.finished_calls();
        self.deal()
    }

    /// Returns all calls, oldest first.
    #[track_caller]
    pub fn calls(&self) -> Vec<Value> {
        self.list("requests.json")
    }

    /// Waits until all calls have ended, and returns them.
    #[track_caller]
    pub fn finished_calls(&self) -> Vec<Value> {
        wait_for("the end of all calls to the CRM", || {
            let calls = self.calls();
            calls.iter().all(|call| call["response"] != "pending").then_some(calls)
        })
    }

    /// Asserts that the CRM got exactly one call.
    #[track_caller]
    pub fn assert_one_call(&self) {
        let calls = self.finished_calls();
        assert_eq!(calls.len(), 1, "{calls:#?}");
    }

    /// Makes the CRM apply this fault to later calls.
    #[track_caller]
    pub fn inject_fault(&self, fault: &Value) {
        let (status, body) = call(Method::PUT, &self.url("faults"), Some(fault));
        assert!(status.is_success(), "{fault}: {status} {body:?}");
    }

    /// Delays all responses until the test removes the fault. Deals are stored immediately.
    #[track_caller]
    pub fn delay_responses(&self) {
        self.inject_fault(&json!({"kind": "delay", "before_responding_ms": 600_000}));
    }

    /// Delays storing deals, and therefore all responses, until the test removes the fault.
    #[track_caller]
    pub fn delay_storing(&self) {
        self.inject_fault(&json!({"kind": "delay", "before_storing_ms": 600_000}));
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        let (status, _) = call(Method::DELETE, &self.url("faults"), None);
        assert!(status.is_success(), "{status}");
    }

    /// Deletes all deals, calls and faults.
    pub fn reset(&self) {
        let (status, _) = call(Method::POST, &self.url("reset"), Some(&json!({})));
        assert!(status.is_success(), "{status}");
    }

    /// Asserts that the deal has exactly these files, with the same bytes, in this order.
    #[track_caller]
    pub fn assert_files(&self, deal: &Value, files: &[Sample]) {
        let stored = deal["attachments"].as_array().expect("the attachments are not a list");
        let stored: Vec<(&str, u64, String)> = stored
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
        assert_eq!(stored, sent);
    }

    #[track_caller]
    fn list(&self, path: &str) -> Vec<Value> {
        let (status, json) = call(Method::GET, &self.url(path), None);
        assert!(status.is_success(), "{path}: {status}");
        serde_json::from_slice(&json).expect("the response is not a JSON list")
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.address.socket(), path.trim_start_matches('/'))
    }
}

impl Proxy {
    /// Waits until the submission with this reference is delivered.
    #[track_caller]
    pub fn wait_for_delivery(&self, form: &str, reference: &str) {
        let address = self.url(&format!("/forms/{form}/submissions/{reference}"));
        wait_until("the delivery", || {
            let (_, body) = call(Method::GET, &address, None);
            serde_json::from_slice::<Value>(&body)
                .is_ok_and(|status| status["state"] == "delivered")
        });
    }

    /// Returns the output of `deal-proxy snippet` for a form from `examples/forms`, for pages on the
    /// proxy's own origin.
    pub fn snippet(form: &str) -> String {
        Self::snippet_for(form, "/")
    }

    /// Returns the output of `deal-proxy snippet` for pages on an origin other than the proxy's.
    pub fn snippet_for(form: &str, proxy: &str) -> String {
        let mut program = Command::new(programs::deal_proxy());
        program.arg("snippet").arg(programs::example_forms().join(format!("{form}.toml")));
        let output = program.args(["--proxy", proxy]).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Starts a proxy with the default settings.
    pub fn start(crm: &Sandbox) -> Self {
        Self::with_settings(crm, Settings::default())
    }

    /// Starts a proxy that serves `site`.
    pub fn with_site(crm: &Sandbox, site: &Site) -> Self {
        Self::with_settings(crm, Settings { site: site.path().to_owned(), ..Settings::default() })
    }

    /// Starts a proxy that allows pages from `origin`, which may end with a slash.
    pub fn with_allowed_origin(crm: &Sandbox, origin: &str) -> Self {
        let origin = origin.trim_end_matches('/');
        Self::with_toml(crm, &format!("allowed_origins = [\"{origin}\"]\n"))
    }

    /// Starts a proxy with these lines in its configuration file.
    pub fn with_toml(crm: &Sandbox, toml: &str) -> Self {
        Self::with_settings(crm, Settings { toml: toml.to_owned(), ..Settings::default() })
    }

    /// Starts a proxy.
    pub fn with_settings(crm: &Sandbox, settings: Settings) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), crm, settings)
    }

    /// Starts a proxy that stores its settings and submissions in `folder`. Dropping the proxy deletes
    /// the folder.
    pub(crate) fn in_folder(folder: TempDir, crm: &Sandbox, settings: Settings) -> Self {
        let toml = [FIRST_ATTEMPT, &settings.toml].concat();
        fs::write(folder.path().join("proxy.toml"), toml).unwrap();
        let crm = crm.url("site/api/crm_add_deal");
        let mut proxy = Self { process: None, address: Address::default(), crm, settings, folder };
        proxy.start_again();
        proxy
    }

    /// Kills the proxy.
    pub fn stop(&mut self) {
        self.process = None;
        self.address.reserve();
    }

    /// Starts the proxy again at the same address.
    pub fn start_again(&mut self) {
        let mut program = Command::new(programs::deal_proxy());
        program
            .args(["serve", "--crm-url", &self.crm])
            .arg("--listen")
            .arg(self.address.release().to_string())
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
        (self.process, self.address.port) = (Some(process), port);
    }

    /// Returns the proxy's peak memory in bytes, including the program itself. Returns `None` if the
    /// system does not report it.
    pub fn peak_bytes(&self) -> Option<u64> {
        self.process.as_ref()?.peak_bytes()
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{}", self.address.socket(), path.trim_start_matches('/'))
    }

    /// Returns the public definition of a form.
    #[track_caller]
    pub fn definition(&self, form: &str) -> Value {
        let (status, json) = call(Method::GET, &self.url(&format!("/forms/{form}")), None);
        assert!(status.is_success(), "{form}: {status}");
        serde_json::from_slice(&json).expect("the definition is not JSON")
    }

    /// Returns the HTML of a page.
    #[track_caller]
    pub fn page(&self, path: &str) -> String {
        let (status, html) = http::get_page(&self.url(path));
        assert!(status.is_success(), "{path}: {status}");
        html
    }
}

/// The address on which a server listens. It stays the same after a restart.
#[derive(Debug, Default)]
struct Address {
    /// 0 lets the system choose a free port.
    port: u16,
    /// A socket that reserves the port while the server is stopped. It does not accept connections.
    reservation: Option<Socket>,
}

impl Address {
    fn socket(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port))
    }

    fn reserve(&mut self) {
        let bind = || {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
            socket.set_reuse_address(true)?;
            socket.bind(&self.socket().into())?;
            io::Result::Ok(socket)
        };
        // Without a reservation, another program may take the port.
        self.reservation = bind().ok();
    }

    /// Releases the reserved port for the server that is about to start, and returns the address.
    fn release(&mut self) -> SocketAddr {
        self.reservation = None;
        self.socket()
    }
}

/// Returns the port in `listening on http://127.0.0.1:PORT/`.
fn port(line: &str) -> Option<u16> {
    let address = line.strip_prefix("listening on http://")?.strip_suffix('/')?;
    address.rsplit_once(':')?.1.parse().ok()
}

#[track_caller]
fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is not a string"))
}
