//! A sandbox for one test, and a client that calls it.

use std::time::{Duration, Instant};

use crm_sandbox::{DEFAULT_KEY, Options, Running, Sandbox};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tempfile::TempDir;

/// A deadline that even a slow, busy machine meets.
pub(crate) const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) struct Crm {
    pub(crate) client: Client,
    pub(crate) sandbox: Running,
    pub(crate) folder: TempDir,
}

/// A part of a form: the part's headers after `form-data; `, and its content.
pub(crate) type Part<'a> = (&'a str, &'a [u8]);

/// A parameter that makes later calls update the same deal.
pub(crate) const REFERENCE: (&str, &str) = ("external_reference_id", "web-1");

pub(crate) const FILE: Part<'_> = (r#"name="attachments[]"; filename="a.pdf""#, b"bytes");

impl Crm {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| {}).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let folder = TempDir::new().unwrap();
        let mut options = Options::new(folder.path());
        change(&mut options);
        Self { client: client(), sandbox: Sandbox::start(options).await.unwrap(), folder }
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

    /// Builds a URL-encoded call with the correct key.
    pub(crate) fn call(&self, parameters: &[(&str, &str)]) -> RequestBuilder {
        let mut form = vec![("key", DEFAULT_KEY)];
        form.extend(parameters);
        self.client.post(self.sandbox.api_url()).form(&form)
    }

    /// Sends a URL-encoded call and returns the reply.
    pub(crate) async fn send(&self, parameters: &[(&str, &str)]) -> Value {
        self.call(parameters).send().await.unwrap().json().await.unwrap()
    }

    /// Sends a multipart call and returns the reply.
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

    /// Returns the only deal.
    pub(crate) async fn deal(&self) -> Value {
        let deals = self.json("/deals.json").await;
        let [deal] = deals.as_array().unwrap().as_slice() else {
            unreachable!("expected one deal, got {deals}")
        };
        deal.clone()
    }

    pub(crate) async fn set_faults(&self, faults: &Value) {
        let set = self.client.put(self.url("/faults")).json(faults).send().await.unwrap();
        assert_eq!(set.status(), 200, "{}", set.text().await.unwrap());
    }

    /// Removes all faults and ends delays in progress.
    pub(crate) async fn clear_faults(&self) {
        let cleared = self.client.delete(self.url("/faults")).send().await.unwrap();
        assert_eq!(cleared.status(), 204);
    }

    /// Waits until the JSON at `path` meets the condition. `what` describes the condition.
    pub(crate) async fn wait_until(&self, what: &str, path: &str, holds: impl Fn(&Value) -> bool) {
        let end = Instant::now() + DEADLINE;
        loop {
            let json = self.json(path).await;
            if holds(&json) {
                return;
            }
            assert!(Instant::now() < end, "timed out waiting until {what}: {json}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Returns the content type and the body of a multipart form that begins with the key.
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

/// Creates a client that opens a new connection for each call. A fault that closes a connection then
/// affects only one call. reqwest needs a TLS provider, even though no test uses TLS.
pub(crate) fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().pool_max_idle_per_host(0).no_proxy().build().unwrap()
}
