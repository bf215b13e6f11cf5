//! Runs nginx in front of the CRM, as a page without deal-proxy might use it.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use e2e::{Sandbox, wait_for};
use tempfile::TempDir;

/// A running nginx that reads each request completely before it passes it on.
#[derive(Debug)]
pub(super) struct Nginx {
    process: Child,
    folder: TempDir,
    address: String,
}

/// Returns nginx's version, or `None` if nginx is not installed.
pub(super) fn version() -> Option<String> {
    let output = Command::new("nginx").arg("-v").output().ok()?;
    let printed = String::from_utf8_lossy(&output.stderr).into_owned();
    Some(printed.trim().rsplit_once('/')?.1.to_owned())
}

impl Nginx {
    pub(super) fn start(crm: &Sandbox) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let free = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = free.local_addr().unwrap().to_string();
        drop(free);
        let settings = settings(&folder, &address, &crm.url(""));
        fs::write(folder.path().join("nginx.conf"), settings).unwrap();
        let process = command(&folder).stderr(Stdio::null()).spawn().unwrap();
        wait_for("nginx", || TcpStream::connect(&address).ok());
        Self { process, folder, address }
    }

    /// Returns nginx's address for a path on the CRM.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Stop nginx instead of killing it, because its workers would otherwise keep running.
        let _ = command(&self.folder).args(["-s", "stop"]).stderr(Stdio::null()).status();
        let _ = self.process.wait();
    }
}

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new("nginx");
    command.arg("-c").arg(folder.path().join("nginx.conf"));
    command.arg("-e").arg(folder.path().join("errors"));
    command
}

/// Returns settings for nginx, with all folders inside `folder`. The workers run as root, because only root can write
/// to these folders.
fn settings(folder: &TempDir, address: &str, crm: &str) -> String {
    let folder = folder.path().display();
    let kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let folders = kinds.map(|kind| format!("{kind}_temp_path {folder}/{kind};")).join(" ");
    format!(
        "user root; daemon off; pid {folder}/pid; worker_processes auto; events {{}}
        http {{
            access_log off; client_max_body_size 102m; {folders}
            upstream crm {{ server {}; keepalive 32; }}
            server {{
                listen {address};
                location / {{
                    proxy_pass http://crm; proxy_request_buffering on;
                    proxy_http_version 1.1; proxy_set_header Connection \"\";
                }}
            }}
        }}",
        crm.trim_start_matches("http://").trim_end_matches('/')
    )
}
