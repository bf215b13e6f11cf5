//! The files in `deploy/` start the program correctly.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use deal_proxy::{Config, Size};

use crate::support::{deal_proxy, example_forms};

fn deploy(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file)).unwrap()
}

/// Starts the program with the command line and `deploy/deal-proxy.toml`, with system paths replaced by
/// temporary ones, and checks that another command finds the journal with the same settings.
#[track_caller]
fn assert_starts(words: &[String]) {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let settings = deploy("deal-proxy.toml")
        .replace("/etc/deal-proxy/forms", example_forms().to_str().unwrap())
        .replace("/usr/local/share/deal-proxy/site", &at("site"))
        .replace("/var/lib/deal-proxy/spool", &at("spool"));
    fs::write(at("deal-proxy.toml"), format!("listen = '127.0.0.1:0'\n{settings}")).unwrap();
    let (program, arguments) = words.split_first().unwrap();
    assert_eq!(program, "/usr/local/bin/deal-proxy");
    let arguments = arguments.iter().map(|word| match word.as_str() {
        "/etc/deal-proxy/deal-proxy.toml" => at("deal-proxy.toml"),
        "0.0.0.0:8070" => "127.0.0.1:0".to_owned(),
        word => {
            assert!(!word.starts_with('/'), "this test does not replace the path {word}");
            word.to_owned()
        }
    });
    let mut child = deal_proxy()
        .args(arguments)
        .env("CRM_API_KEY", "k")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let list = deal_proxy()
        .args(["submissions", "list", "--config", &at("deal-proxy.toml")])
        .output()
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("listening on http://127.0.0.1:"), "{words:?}: {line:?}");
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
}

#[test]
fn the_systemd_unit_starts_the_proxy() {
    let unit = deploy("deal-proxy.service");
    let command = unit.lines().find_map(|line| line.strip_prefix("ExecStart=")).unwrap();
    assert_starts(&command.split(' ').map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn the_systemd_unit_disables_core_dumps() {
    assert!(deploy("deal-proxy.service").lines().any(|line| line == "LimitCORE=0"));
}

#[test]
fn the_container_starts_the_proxy() {
    let file = deploy("Containerfile");
    let command = file.lines().find_map(|line| line.strip_prefix("ENTRYPOINT ")).unwrap();
    assert_starts(&serde_json::from_str::<Vec<String>>(command).unwrap());
}

#[test]
fn nginx_accepts_the_largest_submission() {
    let Size(bytes) = Config::default().limits.body;
    let size = format!("client_max_body_size {}m;", bytes / 1_000_000);
    assert!(deploy("nginx.conf").contains(&size), "{size}");
}

#[test]
fn nginx_hides_the_addresses_for_operators() {
    for path in ["/metrics", "/readyz", "/", "/index.html"] {
        let line = format!("location = {path} {{ return 404; }}");
        assert!(deploy("nginx.conf").contains(&line), "{line}");
    }
}
