use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::crm::{DEADLINE, client};

fn start(folder: &TempDir, address: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_crm-sandbox"))
        .args(["--listen", address, "--data"])
        .arg(folder.path().join("new/nested/folder"))
        .env("CRM_SANDBOX_KEY", "from-the-environment")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn wait(mut child: Child) -> std::process::ExitStatus {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            unreachable!("the program did not stop within {DEADLINE:?}");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn prints_its_address_and_stops_on_a_signal() {
    for signal in ["-INT", "-TERM"] {
        let folder = TempDir::new().unwrap();
        let mut child = start(&folder, "127.0.0.1:0");
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.strip_prefix("listening on ").unwrap().trim_end().to_owned();
        assert!(url.starts_with("http://127.0.0.1:") && url.ends_with('/'), "{line:?}");

        let client = client();
        let call = format!("{url}site/api/crm_add_deal?key=from-the-environment");
        let reply = client.get(call).send().await.unwrap().text().await.unwrap();
        assert!(reply.contains("success"), "{reply}");

        let pid = child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        assert!(wait(child).success(), "{signal}");
        assert!(client.get(&url).send().await.is_err());
    }
}

#[test]
fn reports_an_address_that_is_in_use() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let output = start(&TempDir::new().unwrap(), &address).wait_with_output().unwrap();
    assert!(!output.status.success());
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("choose another address with --listen"), "{log}");
}
