//! A proxy, a sandbox and a client for each test.

mod body;
mod external_server;
mod process;
pub(crate) mod raw;

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crm_sandbox::{Options, Sandbox};
use deal_proxy::{ApiKey, Config, Proxy, Running, Size, Span};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring;

pub(crate) use self::body::Multipart;
pub(crate) use self::external_server::ExternalServer;
pub(crate) use self::process::{Process, deal_proxy};

/// The key of the sandboxes in these tests. The tests' other texts do not contain it, so a test can search for it.
pub(crate) const KEY: &str = "key-7f3a9c1e55";

/// A deadline that even a slow, busy machine meets.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

/// A proxy and a sandbox in this process.
pub(crate) struct World {
    pub(crate) proxy: Running,
    pub(crate) sandbox: crm_sandbox::Running,
    pub(crate) client: Client,
    pub(crate) folder: TempDir,
}

/// Returns the repository's example forms.
pub(crate) fn example_forms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/forms")
}

/// Returns settings for a proxy that stores its data in the folder.
pub(crate) fn config(folder: &Path, crm_url: &str) -> Config {
    let mut config = Config::default();
    config.listen.set_port(0);
    config.crm_url = crm_url.parse().unwrap();
    config.forms = example_forms();
    config.site = folder.join("site");
    config.spool = folder.join("spool");
    // Do not depend on the free space of this machine.
    config.limits.disk_floor = Size(0);
    config.delivery.retry_first = millis(100);
    // Wait for the CRM's reply even on a slow machine.
    config.timeouts.first_attempt = millis(600_000);
    config
}

pub(crate) fn client() -> Client {
    // A proxy in this process installs the same provider.
    let _ = ring::default_provider().install_default();
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub(crate) fn millis(millis: u64) -> Span {
    Span(Duration::from_millis(millis))
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with_config(|_| {}).await
    }

    pub(crate) async fn with_config(change: impl FnOnce(&mut Config)) -> Self {
        Self::with_both(|_| {}, change).await
    }

    pub(crate) async fn with_sandbox(change: impl FnOnce(&mut Options)) -> Self {
        Self::with_both(change, |_| {}).await
    }

    async fn with_both(
        change_sandbox: impl FnOnce(&mut Options),
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new(folder.path().join("crm"));
        options.key = crm_sandbox::Key::new(KEY);
        change_sandbox(&mut options);
        let sandbox = Sandbox::start(options).await.unwrap();
        let mut config = config(folder.path(), &sandbox.api_url());
        change(&mut config);
        let proxy = Proxy::start(config, ApiKey::new(KEY).unwrap()).await.unwrap();
        Self { proxy, sandbox, client: client(), folder }
    }

    /// Starts a proxy with a single form at `/forms/own`.
    pub(crate) async fn with_form(toml: &str) -> Self {
        let forms = tempfile::tempdir().unwrap();
        std::fs::write(forms.path().join("own.toml"), toml).unwrap();
        Self::with_config(|config| forms.path().clone_into(&mut config.forms)).await
    }

    /// Returns the URL of a path on the proxy.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.proxy.addr)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    /// Builds a submission that asks for a JSON response, as the widget does.
    pub(crate) fn post(&self, form: &str, body: Multipart) -> RequestBuilder {
        let (content_type, body) = body.finish();
        self.client
            .post(self.url(&format!("/forms/{form}")))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, content_type)
            .body(body)
    }

    /// Sends a submission and returns the status and the JSON of the response.
    pub(crate) async fn submit(&self, form: &str, body: Multipart) -> (u16, Value) {
        read_json(self.post(form, body).send().await.unwrap()).await
    }

    /// Requests the status of a submission.
    pub(crate) async fn submission_status(&self, form: &str, reference: &str) -> (u16, Value) {
        let path = format!("/forms/{form}/submissions/{reference}");
        read_json(self.get(&path).send().await.unwrap()).await
    }

    /// Waits until a submission is in the state, and returns its status.
    pub(crate) async fn wait_for_state(&self, form: &str, reference: &str, state: &str) -> Value {
        let end = Instant::now() + DEADLINE;
        loop {
            let (status, json) = self.submission_status(form, reference).await;
            if json["state"] == state {
                assert_eq!(status, 200);
                return json;
            }
            assert!(Instant::now() < end, "timed out waiting for {state}: {json}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Stops the proxy and starts it again with the same folder.
    pub(crate) async fn restart(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { proxy, sandbox, client, folder } = self;
        proxy.stop().await;
        let mut config = config(folder.path(), &sandbox.api_url());
        change(&mut config);
        let proxy = Proxy::start(config, ApiKey::new(KEY).unwrap()).await.unwrap();
        Self { proxy, sandbox, client, folder }
    }

    /// Returns all deals in the sandbox, newest first.
    pub(crate) async fn deals(&self) -> Vec<Value> {
        self.get_sandbox_json("deals.json").await
    }

    /// Returns the newest deal in the sandbox.
    pub(crate) async fn deal(&self) -> Value {
        self.deals().await.into_iter().next().expect("the sandbox has a deal")
    }

    /// Returns all calls to the sandbox, oldest first.
    pub(crate) async fn calls(&self) -> Vec<Value> {
        self.get_sandbox_json("requests.json").await
    }

    async fn get_sandbox_json(&self, path: &str) -> Vec<Value> {
        let url = format!("{}{path}", self.sandbox.url());
        self.client.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Replaces the sandbox's faults.
    pub(crate) async fn set_faults(&self, faults: Value) {
        let url = format!("{}faults", self.sandbox.url());
        let response = self.client.put(url).json(&faults).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    }

    /// Removes all faults from the sandbox and ends its delays in progress.
    pub(crate) async fn clear_faults(&self) {
        let url = format!("{}faults", self.sandbox.url());
        assert_eq!(self.client.delete(url).send().await.unwrap().status(), 204);
    }

    /// Waits until the sandbox has been called.
    pub(crate) async fn wait_for_call(&self) {
        wait_until("the sandbox has been called", async || !self.calls().await.is_empty()).await;
    }

    /// Waits until the proxy's metrics contain all the lines.
    pub(crate) async fn wait_for_metrics(&self, lines: &[String]) {
        let end = Instant::now() + DEADLINE;
        loop {
            let text = self.get("/metrics").send().await.unwrap().text().await.unwrap();
            let missing = lines.iter().find(|line| !text.lines().any(|known| known == *line));
            let Some(missing) = missing else { return };
            assert!(Instant::now() < end, "no {missing} in\n{text}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Returns the folders in the spool, one for each submission with files.
    pub(crate) fn spooled(&self) -> Vec<PathBuf> {
        spooled(&self.folder.path().join("spool"))
    }

    /// Waits until the spool is empty, because files may be removed shortly after the response.
    pub(crate) async fn wait_for_empty_spool(&self) {
        wait_until("the spool is empty", async || self.spooled().is_empty()).await;
    }
}

/// Waits until a condition holds. `what` describes the condition.
pub(crate) async fn wait_until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !holds().await {
        assert!(Instant::now() < end, "timed out waiting until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Makes all folders of submissions so old that the sweep removes unknown ones.
pub(crate) fn age_files(spool: &Path) {
    for folder in spooled(spool) {
        let before = std::time::SystemTime::now() - Duration::from_secs(2 * 60 * 60);
        File::open(folder).unwrap().set_modified(before).unwrap();
    }
}

pub(crate) fn spooled(spool: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(spool).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

/// Reports the program that this machine lacks for a test, on stderr and in the file that
/// `DEAL_FORM_SKIPPED` names for `cargo xtask test`.
pub(crate) fn skip(what: &str) {
    // Do not use `eprintln!`: its output is captured if the test passes.
    let _ = writeln!(io::stderr(), "SKIPPED: {what}");
    if let Some(notes) = std::env::var_os("DEAL_FORM_SKIPPED") {
        let mut notes = File::options().append(true).create(true).open(notes).unwrap();
        writeln!(notes, "{what}").unwrap();
    }
}

/// Returns the status and the JSON of a response.
pub(crate) async fn read_json(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let json = serde_json::from_str(&text);
    (status, json.unwrap_or_else(|_| panic!("{status} without JSON: {text}")))
}

/// Checks a refusal's status and code, and that its message is a sentence.
#[track_caller]
pub(crate) fn assert_refused((status, json): &(u16, Value), expected: u16, code: &str) {
    assert_eq!((*status, json["code"].as_str()), (expected, Some(code)), "{json}");
    let message = json["error_message"].as_str().unwrap();
    assert!(message.ends_with('.') && message.contains(' '), "{message}");
}

/// Returns the codes and fields of a response's problems.
pub(crate) fn problems(json: &Value) -> Vec<(&str, &str)> {
    let list = json["problems"].as_array().unwrap();
    // Every problem has a sentence.
    for one in list {
        let message = one["message"].as_str().unwrap();
        assert!(message.ends_with('.') && message.len() > 10, "{message}");
    }
    list.iter().map(|one| (one["code"].as_str().unwrap(), one["field"].as_str().unwrap())).collect()
}

/// Returns a file of the given size that begins as a PDF does.
pub(crate) fn pdf(bytes: usize) -> Vec<u8> {
    b"%PDF-1.7\n".iter().copied().chain(std::iter::repeat(b'x')).take(bytes).collect()
}

/// Returns a reference in the widget's format.
pub(crate) fn reference(number: u8) -> String {
    format!("web-{}", format!("{number:02x}").repeat(16))
}

/// Returns a valid submission of the callback form with a reference.
pub(crate) fn draft(reference: &str) -> Multipart {
    callback().text("external_reference_id", reference)
}

/// Returns a valid submission of the callback form.
pub(crate) fn callback() -> Multipart {
    Multipart::new().text("contact_name", "Zoë Söhne").text("contact_phone", "+49 30 1234567")
}

/// Returns a valid submission of the quote form.
pub(crate) fn quote() -> Multipart {
    Multipart::new()
        .text("contact_name", "Zoë Söhne")
        .text("contact_email", "zoe@example.com")
        .text("project_type", "shop")
        .text("note", "A shop for tea.")
}
