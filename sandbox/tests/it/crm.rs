//! A sandbox of one's own, and what a client sends to it.

use std::time::{Duration, Instant};

use crm_sandbox::{DEFAULT_KEY, Options, Running, Sandbox};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

/// Longer than anything takes on a slow machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Crm {
    pub(crate) client: Client,
    pub(crate) sandbox: Running,
    pub(crate) folder: TempDir,
}

/// A part of a form: its headers after `form-data; `, and its bytes.
pub(crate) type Part<'a> = (&'a str, &'a [u8]);

impl Crm {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut options = Options::new(folder.path());
        change(&mut options);
        // Each call on a connection of its own: what a fault does to one spoils no other.
        let client = client();
        Self { client, sandbox: Sandbox::start(options).await.unwrap(), folder }
    }

    /// Stops the sandbox and starts another in the same folder.
    pub(crate) async fn restart(mut self) -> Self {
        self.sandbox.stop().await;
        self.sandbox = Sandbox::start(Options::new(self.folder.path())).await.unwrap();
        self
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.sandbox.address())
    }

    /// A call with the right key, as a plain form sends it.
    pub(crate) fn call(&self, parameters: &[(&str, &str)]) -> RequestBuilder {
        let mut form = vec![("key", DEFAULT_KEY)];
        form.extend(parameters);
        self.client.post(self.sandbox.api_url()).form(&form)
    }

    /// The reply to such a call.
    pub(crate) async fn send(&self, parameters: &[(&str, &str)]) -> Value {
        self.call(parameters).send().await.unwrap().json().await.unwrap()
    }

    /// The reply to such a call, with files.
    pub(crate) async fn send_parts(&self, parts: &[Part<'_>]) -> Value {
        let (content_type, body) = multipart(parts);
        let request = self.client.post(self.sandbox.api_url()).header("content-type", content_type);
        request.body(body).send().await.unwrap().json().await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.unwrap()
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        self.get(path).await.json().await.unwrap()
    }

    /// The only deal.
    pub(crate) async fn deal(&self) -> Value {
        let deals = self.json("/deals.json").await;
        let [deal] = deals.as_array().unwrap().as_slice() else {
            unreachable!("not one deal: {deals}")
        };
        deal.clone()
    }

    pub(crate) async fn set_faults(&self, faults: &Value) {
        let set = self.client.put(self.url("/faults")).json(faults).send().await.unwrap();
        assert_eq!(set.status(), 200, "{}", set.text().await.unwrap());
    }

    /// From now on nothing goes wrong, and what is kept waiting goes on.
    pub(crate) async fn clear_faults(&self) {
        let cleared = self.client.delete(self.url("/faults")).send().await.unwrap();
        assert_eq!(cleared.status(), 204);
    }

    /// Waits until that is so of the JSON there.
    pub(crate) async fn until(&self, what: &str, path: &str, so: impl Fn(&Value) -> bool) {
        let end = Instant::now() + PATIENCE;
        loop {
            let json = self.json(path).await;
            if so(&json) {
                return;
            }
            assert!(Instant::now() < end, "never: {what}: {json}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// A form as browsers write it, key first.
pub(crate) fn multipart(parts: &[Part<'_>]) -> (&'static str, Vec<u8>) {
    let mut body = Vec::new();
    let key: Part<'_> = (r#"name="key""#, DEFAULT_KEY.as_bytes());
    for (disposition, bytes) in std::iter::once(&key).chain(parts) {
        body.extend(b"--limit\r\nContent-Disposition: form-data; ");
        body.extend(disposition.as_bytes());
        body.extend(b"\r\n\r\n");
        body.extend(*bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--limit--\r\n");
    ("multipart/form-data; boundary=limit", body)
}

/// A client that opens a connection for each call. The first test to come chooses the provider of
/// TLS, which none of them uses.
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().pool_max_idle_per_host(0).no_proxy().build().unwrap()
}
