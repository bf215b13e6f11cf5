//! Reloading settings and forms while the proxy runs.
#![cfg(unix)]

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::raw::{Raw, status};
use crate::support::{DEADLINE, Process, World, wait_until};

fn form(title: &str) -> String {
    format!("title = '{title}'\n[[field]]\nparameter = 'contact_name'\nlabel = 'Name'\n")
}

/// Starts a proxy with one form and a settings file.
fn start(world: &World, folder: &Path) -> Process {
    start_with(world, folder, |_| {})
}

fn start_with(world: &World, folder: &Path, configure: impl FnOnce(&mut Command)) -> Process {
    fs::create_dir(folder.join("forms")).unwrap();
    fs::write(folder.join("forms/own.toml"), form("One")).unwrap();
    fs::write(folder.join("proxy.toml"), "").unwrap();
    Process::configured(folder, &world.sandbox.api_url(), |command| {
        command.arg("--forms").arg(folder.join("forms"));
        command.arg("--config").arg(folder.join("proxy.toml"));
        configure(command);
    })
}

async fn title(process: &Process, form: &str) -> Option<String> {
    let response = process.get(&format!("/forms/{form}")).send().await.unwrap();
    let json: Value = response.json().await.unwrap();
    json["title"].as_str().map(str::to_owned)
}

/// Returns the number of reloads with the given result.
async fn reloads(process: &Process, result: &str) -> u32 {
    let text = process.get("/metrics").send().await.unwrap().text().await.unwrap();
    let name = format!("deal_proxy_reloads_total{{result=\"{result}\"}} ");
    text.lines()
        .find_map(|line| line.strip_prefix(&*name))
        .map_or(0, |count| count.parse().unwrap())
}

#[tokio::test]
async fn reloads_forms_and_settings_without_closing_connections() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(&world, folder.path());
    let mut open = Raw::connect(process.addr).await;
    let preflight = "OPTIONS /forms/own HTTP/1.1\r\nHost: x\r\nOrigin: https://www.example.com\r\nAccess-Control-Request-Method: POST\r\n\r\n";
    open.send(preflight).await;
    assert_eq!(status(&open.read_response().await.0), 403);

    fs::write(folder.path().join("forms/own.toml"), form("Two")).unwrap();
    fs::write(folder.path().join("forms/more.toml"), form("More")).unwrap();
    let settings = "allowed_origins = ['https://www.example.com']";
    fs::write(folder.path().join("proxy.toml"), settings).unwrap();
    process.hang_up();
    wait_until("the settings are reloaded", async || reloads(&process, "applied").await == 1).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("Two"));
    assert_eq!(title(&process, "more").await.as_deref(), Some("More"));
    // The open connection still works and uses the new settings.
    open.send(preflight).await;
    assert_eq!(status(&open.read_response().await.0), 204);
}

#[tokio::test]
async fn reports_a_mistake_with_its_line_and_keeps_the_old_settings() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let process = start(&world, folder.path());
    // One invalid form prevents the reload of the valid one.
    fs::write(folder.path().join("forms/own.toml"), form("Two")).unwrap();
    fs::write(folder.path().join("forms/bad.toml"), "titel = 'Bad'").unwrap();
    process.hang_up();
    wait_until("the forms are refused", async || reloads(&process, "refused").await == 1).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("One"));

    fs::remove_file(folder.path().join("forms/bad.toml")).unwrap();
    fs::write(folder.path().join("proxy.toml"), "[limits]\nparts = 'many'").unwrap();
    process.hang_up();
    wait_until("the settings are refused", async || reloads(&process, "refused").await == 2).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("One"));

    // The log names the setting that needs a restart; the others take effect.
    fs::write(folder.path().join("proxy.toml"), "[timeouts]\ncrm_connect = '1 s'").unwrap();
    process.hang_up();
    wait_until("the settings are reloaded", async || reloads(&process, "applied").await == 1).await;
    assert_eq!(title(&process, "own").await.as_deref(), Some("Two"));
    process.terminate();
    let (code, log) = process.wait();
    assert_eq!(code, Some(0));
    assert!(log.contains("bad.toml:1:1: "), "{log}");
    assert!(log.contains("TOML parse error at line 2"), "{log}");
    assert!(log.contains("timeouts.crm_connect"), "{log}");
}

/// The service manager's end of the socket.
struct Notifications(UnixDatagram);

impl Notifications {
    fn listen(path: &Path) -> Self {
        let socket = UnixDatagram::bind(path).unwrap();
        socket.set_read_timeout(Some(DEADLINE)).unwrap();
        Self(socket)
    }

    fn next(&self) -> String {
        let mut message = [0; 512];
        let length = self.0.recv(&mut message).unwrap();
        String::from_utf8(message[..length].to_vec()).unwrap()
    }

    /// Waits for the message that a reload begins, and returns its time in microseconds.
    fn reloading(&self) -> u64 {
        let message = self.next();
        let time = message.strip_prefix("RELOADING=1\nMONOTONIC_USEC=").map(str::trim_end);
        time.unwrap_or_else(|| panic!("{message}")).parse().unwrap()
    }
}

#[tokio::test]
async fn notifies_systemd_of_starts_reloads_refused_reloads_and_stops() {
    let world = World::start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let systemd = Notifications::listen(&path);
    let process = start_with(&world, folder.path(), |command| {
        command.env("NOTIFY_SOCKET", path);
    });
    assert_eq!(systemd.next(), "READY=1\nSTATUS=serving the forms\n");
    process.hang_up();
    let first = systemd.reloading();
    let applied = "READY=1\nSTATUS=serving the forms; the last reload was applied\n";
    assert_eq!(systemd.next(), applied);
    fs::write(folder.path().join("forms/own.toml"), "titel = 'Bad'").unwrap();
    process.hang_up();
    assert!(systemd.reloading() > first);
    // systemd waits for this message after a refused reload, too.
    let refused = "READY=1\nSTATUS=serving the forms; the last reload failed, see the log\n";
    assert_eq!(systemd.next(), refused);
    assert_eq!(title(&process, "own").await.as_deref(), Some("One"));
    process.terminate();
    assert_eq!(systemd.next(), "STOPPING=1\n");
    assert_eq!(process.wait().0, Some(0));
}
