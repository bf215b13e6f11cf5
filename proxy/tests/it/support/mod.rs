//! A proxy, a sandbox and a client for each test.

mod body;
mod neighbour;
mod process;
pub(crate) mod raw;
mod skipped;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crm_sandbox::{Options, Sandbox};
use deal_proxy::{ApiKey, Config, Proxy, Running, Size, Span};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) use self::body::Multipart;
pub(crate) use self::neighbour::Neighbour;
pub(crate) use self::process::Process;
pub(crate) use self::skipped::skip;

/// The key that the sandboxes of these tests want; a word that stands nowhere else.
pub(crate) const KEY: &str = "key-7f3a9c1e55";

/// Longer than anything takes on a slow machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A proxy with a sandbox behind it, in this process.
pub(crate) struct World {
    pub(crate) proxy: Running,
    pub(crate) sandbox: crm_sandbox::Running,
    pub(crate) client: Client,
    pub(crate) folder: TempDir,
}

/// The repository's example forms.
pub(crate) fn example_forms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/forms")
}

/// Settings for a proxy that lives in the folder.
pub(crate) fn config(folder: &Path, crm_url: &str) -> Config {
    let mut config = Config::default();
    config.listen.set_port(0);
    config.crm_url = crm_url.parse().unwrap();
    config.forms = example_forms();
    config.site = folder.join("site");
    config.spool = folder.join("spool");
    // However full the machine's disk is.
    config.limits.disk_floor = Size(0);
    config.delivery.retry_first = millis(100);
    // However slow the machine is, the CRM's word is waited for.
    config.timeouts.first_attempt = millis(600_000);
    config
}

pub(crate) fn client() -> Client {
    Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

pub(crate) fn millis(millis: u64) -> Span {
    Span(Duration::from_millis(millis))
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings of the test's own.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        Self::with_both(|_| {}, change).await
    }

    /// With a sandbox of the test's own.
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

    /// With one form of the test's own, at `/forms/own`.
    pub(crate) async fn with_form(toml: &str) -> Self {
        let forms = tempfile::tempdir().unwrap();
        std::fs::write(forms.path().join("own.toml"), toml).unwrap();
        Self::with(|config| forms.path().clone_into(&mut config.forms)).await
    }

    /// The address of something at the proxy.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.proxy.addr)
    }

    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path))
    }

    /// A submission, as the widget sends it.
    pub(crate) fn post(&self, form: &str, body: Multipart) -> RequestBuilder {
        let (content_type, body) = body.finish();
        self.client
            .post(self.url(&format!("/forms/{form}")))
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, content_type)
            .body(body)
    }

    /// Sends a submission and gives the status and the JSON of the answer.
    pub(crate) async fn submit(&self, form: &str, body: Multipart) -> (u16, Value) {
        answer(self.post(form, body).send().await.unwrap()).await
    }

    /// What became of a submission.
    pub(crate) async fn standing(&self, form: &str, reference: &str) -> (u16, Value) {
        let path = format!("/forms/{form}/submissions/{reference}");
        answer(self.get(&path).send().await.unwrap()).await
    }

    /// Waits until that became of a submission, and gives all that is said of it.
    pub(crate) async fn becomes(&self, form: &str, reference: &str, state: &str) -> Value {
        let end = Instant::now() + PATIENCE;
        loop {
            let (status, json) = self.standing(form, reference).await;
            if json["state"] == state {
                assert_eq!(status, 200);
                return json;
            }
            assert!(Instant::now() < end, "never {state}: {json}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Ends the proxy and starts it again, with the same folder.
    pub(crate) async fn restart(self, change: impl FnOnce(&mut Config)) -> Self {
        let Self { proxy, sandbox, client, folder } = self;
        proxy.stop().await;
        let mut config = config(folder.path(), &sandbox.api_url());
        change(&mut config);
        let proxy = Proxy::start(config, ApiKey::new(KEY).unwrap()).await.unwrap();
        Self { proxy, sandbox, client, folder }
    }

    /// All deals of the sandbox, newest first.
    pub(crate) async fn deals(&self) -> Vec<Value> {
        self.of_sandbox("deals.json").await
    }

    /// The newest deal of the sandbox.
    pub(crate) async fn deal(&self) -> Value {
        self.deals().await.into_iter().next().expect("a deal")
    }

    /// All calls that the sandbox got.
    pub(crate) async fn calls(&self) -> Vec<Value> {
        self.of_sandbox("requests.json").await
    }

    async fn of_sandbox(&self, path: &str) -> Vec<Value> {
        let url = format!("{}{path}", self.sandbox.url());
        self.client.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// What goes wrong at the sandbox from now on.
    pub(crate) async fn fault(&self, fault: Value) {
        let url = format!("{}faults", self.sandbox.url());
        let response = self.client.put(url).json(&fault).send().await.unwrap();
        assert!(response.status().is_success(), "{}", response.text().await.unwrap());
    }

    /// From now on nothing goes wrong, and what the sandbox kept waiting goes on.
    pub(crate) async fn repair(&self) {
        let url = format!("{}faults", self.sandbox.url());
        assert_eq!(self.client.delete(url).send().await.unwrap().status(), 204);
    }

    /// Waits until the sandbox has been called.
    pub(crate) async fn is_called(&self) {
        let end = Instant::now() + PATIENCE;
        while self.calls().await.is_empty() {
            assert!(Instant::now() < end, "never called");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits until the proxy has counted that.
    pub(crate) async fn counts(&self, lines: &[String]) {
        let end = Instant::now() + PATIENCE;
        loop {
            let text = self.get("/metrics").send().await.unwrap().text().await.unwrap();
            let missing = lines.iter().find(|line| !text.lines().any(|known| known == *line));
            let Some(missing) = missing else { return };
            assert!(Instant::now() < end, "no {missing} in\n{text}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// The folders of submissions that are in the spool.
    pub(crate) fn spooled(&self) -> Vec<PathBuf> {
        spooled(&self.folder.path().join("spool"))
    }

    /// Waits until the spool is empty, and fails when it stays full: files may go a moment after
    /// the answer.
    pub(crate) async fn spool_empties(&self) {
        eventually("the spool is empty", || self.spooled().is_empty()).await;
    }
}

/// Waits until something holds.
pub(crate) async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Makes all folders of submissions older than the time after which unknown ones are removed.
pub(crate) fn age_files(spool: &Path) {
    for folder in spooled(spool) {
        let before = std::time::SystemTime::now() - Duration::from_secs(2 * 60 * 60);
        std::fs::File::open(folder).unwrap().set_modified(before).unwrap();
    }
}

pub(crate) fn spooled(spool: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(spool).unwrap();
    entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect()
}

/// Status and JSON.
pub(crate) async fn answer(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let json = serde_json::from_str(&text);
    (status, json.unwrap_or_else(|_| panic!("{status} without JSON: {text}")))
}

/// The codes and fields of an answer's problems.
pub(crate) fn problems(json: &Value) -> Vec<(&str, &str)> {
    let list = json["problems"].as_array().unwrap();
    // Every problem says what to do.
    for one in list {
        let message = one["message"].as_str().unwrap();
        assert!(message.ends_with('.') && message.len() > 10, "{message}");
    }
    list.iter().map(|one| (one["code"].as_str().unwrap(), one["field"].as_str().unwrap())).collect()
}

/// A PDF of that many bytes, as far as anybody looks.
pub(crate) fn pdf(bytes: usize) -> Vec<u8> {
    b"%PDF-1.7\n".iter().copied().chain(std::iter::repeat(b'x')).take(bytes).collect()
}

/// A reference as a widget makes it.
pub(crate) fn reference(number: u8) -> String {
    format!("web-{}", format!("{number:02x}").repeat(16))
}

/// A submission of the callback form under a reference.
pub(crate) fn draft(reference: &str) -> Multipart {
    callback().text("external_reference_id", reference)
}

/// A submission of the callback form that nothing is wrong with.
pub(crate) fn callback() -> Multipart {
    Multipart::new().text("contact_name", "Zoë Söhne").text("contact_phone", "+49 30 1234567")
}

/// A submission of the quote form that nothing is wrong with.
pub(crate) fn quote() -> Multipart {
    Multipart::new()
        .text("contact_name", "Zoë Söhne")
        .text("contact_email", "zoe@example.com")
        .text("project_type", "shop")
        .text("note", "A shop for tea.")
}
