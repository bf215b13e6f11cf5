//! Several proxies, as processes, that share a database and a bucket.

use std::process::Command;

use crm_sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use tempfile::TempDir;
use test_services::s3::{ACCESS_KEY_ID, BUCKET, S3Server, SECRET_ACCESS_KEY};
use test_services::{Database, Postgres, skip};

use crate::support::{
    KEY, Multipart, Process, client, deal_proxy, example_forms, quote, wait_until,
};

/// A database, a bucket, a sandbox and proxies that share them.
pub(super) struct Cluster {
    pub(super) proxies: Vec<Process>,
    pub(super) sandbox: crm_sandbox::Running,
    pub(super) bucket: S3Server,
    pub(super) database: Database,
    folder: TempDir,
    started: usize,
    /// A server that only this test uses, and may stop.
    pub(super) server: Option<Postgres>,
}

impl Cluster {
    /// Starts proxies. Returns `None` if PostgreSQL is not installed.
    pub(super) async fn start(count: usize) -> Option<Self> {
        let server = Postgres::shared().map_err(|missing| skip(&missing.to_string())).ok()?;
        Some(Self::with_database(server.create_database(None), None, count).await)
    }

    /// Starts proxies with a database server that the test may stop.
    pub(super) async fn with_own_server(count: usize) -> Option<Self> {
        let server = Postgres::start("").map_err(|missing| skip(&missing.to_string())).ok()?;
        Some(Self::with_database(server.create_database(None), Some(server), count).await)
    }

    async fn with_database(database: Database, server: Option<Postgres>, count: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = Options::new(folder.path().join("crm"));
        options.key = crm_sandbox::Key::new(KEY);
        let sandbox = Sandbox::start(options).await.unwrap();
        let bucket = S3Server::start(&folder.path().join("s3")).await.unwrap();
        let proxies = Vec::new();
        let mut cluster = Self { proxies, sandbox, bucket, database, folder, started: 0, server };
        for _ in 0..count {
            let proxy = cluster.start_proxy();
            cluster.proxies.push(proxy);
        }
        cluster
    }

    /// Starts another proxy.
    pub(super) fn start_proxy(&mut self) -> Process {
        self.started += 1;
        let folder = self.folder.path().join(format!("proxy-{}", self.started));
        std::fs::create_dir(&folder).unwrap();
        let settings = self.settings();
        let url = self.sandbox.api_url();
        Process::configured(&folder, &url, |command| {
            command.arg("--config").arg(settings).arg("--forms").arg(example_forms());
            self.set_environment(command);
        })
    }

    /// Runs `deal-proxy submissions` on the shared store, and returns what it prints.
    pub(super) fn submissions(&self, arguments: &[&str]) -> String {
        let mut command = deal_proxy();
        command.arg("submissions").args(arguments).arg("--config").arg(self.settings());
        self.set_environment(&mut command);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn settings(&self) -> std::path::PathBuf {
        let path = self.folder.path().join("proxy.toml");
        let endpoint = self.bucket.endpoint();
        let text = format!(
            "limits.disk_floor = 0\ndelivery.retry_first = \"100 ms\"\n\
             timeouts.first_attempt = \"1 min\"\n\
             [store]\nkind = \"shared\"\nbucket = \"{BUCKET}\"\nendpoint = \"{endpoint}\"\n"
        );
        std::fs::write(&path, text).unwrap();
        path
    }

    fn set_environment(&self, command: &mut Command) {
        command
            .env("RUST_LOG", "warn")
            .env("DEAL_PROXY_DATABASE_URL", self.database.url())
            .env("DEAL_PROXY_SECRET", "0123456789abcdef0123456789abcdef")
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET_ACCESS_KEY);
    }

    /// Moves the database's clock forward.
    pub(super) fn advance_clock(&self, seconds: u64) {
        self.database.execute(&format!(
            "CREATE OR REPLACE FUNCTION deal_proxy_now() RETURNS bigint LANGUAGE sql VOLATILE AS \
             $$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint + {seconds}000 $$"
        ));
    }

    /// Replaces the sandbox's faults.
    pub(super) async fn set_faults(&self, faults: Value) {
        let url = format!("{}faults", self.sandbox.url());
        assert!(client().put(url).json(&faults).send().await.unwrap().status().is_success());
    }

    /// Returns all deals in the sandbox.
    pub(super) async fn deals(&self) -> Vec<Value> {
        self.sandbox_json("deals.json").await
    }

    /// Returns all calls to the sandbox, oldest first.
    pub(super) async fn calls(&self) -> Vec<Value> {
        self.sandbox_json("requests.json").await
    }

    async fn sandbox_json(&self, path: &str) -> Vec<Value> {
        let url = format!("{}{path}", self.sandbox.url());
        client().get(url).send().await.unwrap().json().await.unwrap()
    }

    pub(super) async fn wait_for_call(&self) {
        wait_until("the sandbox has been called", async || !self.calls().await.is_empty()).await;
    }

    /// Waits until a proxy reports this state of the submission.
    pub(super) async fn wait_for_state(&self, proxy: usize, reference: &str, state: &str) {
        let path = format!("/forms/quote/submissions/{reference}");
        wait_until(state, async || {
            let response = self.proxies[proxy].get(&path).send().await;
            let json: Value = match response {
                Ok(response) => response.json().await.unwrap_or_default(),
                Err(_) => json!(null),
            };
            json["state"] == state
        })
        .await;
    }

    /// Checks that no two calls for the same reference overlapped, and that the bucket is empty.
    pub(super) async fn assert_clean(&self) {
        let calls = self.calls().await;
        let overlaps: Vec<_> = calls.iter().filter(|call| !call["overlaps"].is_null()).collect();
        assert!(overlaps.is_empty(), "{overlaps:?}");
        wait_until("the bucket is empty", async || self.bucket.keys().unwrap().is_empty()).await;
        assert_eq!(self.bucket.unfinished_uploads(), Vec::<String>::new());
    }

    /// Returns the bytes of a deal's only file.
    pub(super) async fn file_of(&self, deal: &Value) -> Vec<u8> {
        let files = deal["attachments"].as_array().unwrap();
        assert_eq!(files.len(), 1, "{deal}");
        let path = files[0]["url"].as_str().unwrap().trim_start_matches('/');
        let url = format!("{}{path}", self.sandbox.url());
        client().get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
    }
}

/// Returns a valid submission of the quote form with a reference.
pub(super) fn submission(reference: &str) -> Multipart {
    quote().text("external_reference_id", reference)
}
