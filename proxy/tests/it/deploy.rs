//! Checks that the files in `deploy/` fit the program.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use deal_proxy::{Config, Size};
use tempfile::TempDir;

use crate::support::{deal_proxy, example_forms};

fn deploy(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file)).unwrap()
}

/// A folder with `deploy/deal-proxy.toml`, whose system paths are replaced by temporary ones.
struct Installation(TempDir);

impl Installation {
    fn new() -> Self {
        let installation = Self(tempfile::tempdir().unwrap());
        let at = |name: &str| installation.path(name);
        fs::create_dir(at("forms")).unwrap();
        fs::copy(example_forms().join("callback.toml"), at("forms/callback.toml")).unwrap();
        let settings = deploy("deal-proxy.toml")
            .replace("/etc/deal-proxy/forms", &at("forms"))
            .replace("/usr/local/share/deal-proxy/site", &at("site"))
            .replace("/var/lib/deal-proxy/spool", &at("spool"));
        fs::write(at("deal-proxy.toml"), format!("listen = '127.0.0.1:0'\n{settings}")).unwrap();
        installation
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Returns a command line from `deploy` with the paths of this folder.
    #[track_caller]
    fn command(&self, words: &[String]) -> Command {
        let (program, arguments) = words.split_first().unwrap();
        assert_eq!(Path::new(program).file_name().unwrap(), "deal-proxy");
        let mut command = deal_proxy();
        command.args(arguments.iter().map(|word| match word.as_str() {
            "/etc/deal-proxy/deal-proxy.toml" => self.path("deal-proxy.toml"),
            "0.0.0.0:8070" => "127.0.0.1:0".to_owned(),
            word => {
                assert!(!word.starts_with('/'), "this test does not replace the path {word}");
                word.to_owned()
            }
        }));
        command
    }
}

/// Starts the program with the command line, and checks that another command finds the journal with the
/// same settings.
#[track_caller]
fn assert_starts(words: &[String]) {
    let installation = Installation::new();
    let mut child = installation
        .command(words)
        .env("CRM_API_KEY", "k")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let list = deal_proxy()
        .args(["submissions", "list", "--config", &installation.path("deal-proxy.toml")])
        .output()
        .unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("listening on http://127.0.0.1:"), "{words:?}: {line:?}");
    assert!(list.status.success(), "{}", String::from_utf8_lossy(&list.stderr));
}

/// Returns the values of a setting of the systemd unit, split into words.
fn unit(setting: &str) -> Vec<Vec<String>> {
    let text = deploy("deal-proxy.service");
    let values = text.lines().filter_map(|line| line.strip_prefix(setting)?.strip_prefix('='));
    values.map(|value| value.split(' ').map(str::to_owned).collect()).collect()
}

#[test]
fn the_systemd_unit_starts_the_proxy() {
    assert_starts(&unit("ExecStart")[0]);
}

#[test]
fn a_reload_by_systemd_fails_before_the_signal_if_a_form_has_a_mistake() {
    let installation = Installation::new();
    let commands = unit("ExecReload");
    let [check, signal] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(signal.join(" "), "kill -HUP $MAINPID");
    let reload = || installation.command(check).output().unwrap();
    assert_eq!(reload().status.code(), Some(0));
    fs::write(installation.path("forms/bad.toml"), "titel = 'T'").unwrap();
    let refused = reload();
    assert_eq!(refused.status.code(), Some(1));
    let output = String::from_utf8(refused.stdout).unwrap();
    assert!(output.contains("bad.toml:1:1: unknown key `titel`"), "{output}");
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
    for file in ["nginx.conf", "compose/nginx.conf"] {
        assert!(deploy(file).contains(&size), "{file}: {size}");
    }
}

/// Returns the value of a line `name: value` or `name = value`.
#[track_caller]
fn value(text: &str, name: &str) -> String {
    let mut lines = text.lines().filter_map(|line| line.trim().strip_prefix(name));
    let value = lines.find_map(|rest| rest.strip_prefix(": ").or_else(|| rest.strip_prefix(" = ")));
    value.unwrap_or_else(|| panic!("{name} is missing")).trim_matches('"').to_owned()
}

#[test]
fn the_settings_of_the_containers_fit_the_program() {
    let compose = deploy("compose.yaml");
    let folder = tempfile::tempdir().unwrap();
    let forms = example_forms().display().to_string();
    let settings = deploy("compose/deal-proxy.toml").replace("/etc/deal-proxy/forms", &forms);
    let file = folder.path().join("deal-proxy.toml");
    fs::write(&file, &settings).unwrap();
    let names =
        ["CRM_API_KEY", "DEAL_PROXY_SECRET", "DATABASE_PASSWORD", "S3_KEY_ID", "S3_SECRET_KEY"];
    let mut check = deal_proxy();
    check.args(["check", "--env", "--config"]).arg(&file);
    // Exactly the variables that the containers of the proxies have.
    let (_, environment) = compose.split_once("  proxy-1:").unwrap();
    let (_, environment) = environment.split_once("environment:\n").unwrap();
    let lines = environment.lines().map_while(|line| line.strip_prefix("      ")?.split_once(": "));
    for (name, mut text) in lines.map(|(name, text)| (name, text.to_owned())) {
        for variable in names {
            let words = format!("${{{variable}:?write it into deploy/.env}}");
            let value = "0123456789abcdef0123456789abcdef";
            text = text.replace(&words, value).replace(&format!("${{{variable}}}"), value);
        }
        assert!(!text.contains('$'), "{name}: {text}");
        check.env(name, text);
    }
    let output = check.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));

    // The object store has the bucket, the region and the port of the settings.
    let store = deploy("compose/garage.toml");
    assert_eq!(value(&settings, "bucket"), value(&compose, "GARAGE_DEFAULT_BUCKET"));
    assert_eq!(value(&settings, "region"), value(&store, "s3_region"));
    assert_eq!(value(&settings, "endpoint"), format!("http://{}", value(&store, "api_bind_addr")));
}

#[test]
fn nginx_reaches_both_containers() {
    let (compose, nginx) = (deploy("compose.yaml"), deploy("compose/nginx.conf"));
    let commands = compose.lines().filter_map(|line| line.split_once(r#"["--listen", ""#));
    let addresses: Vec<&str> = commands.filter_map(|(_, rest)| rest.split('"').next()).collect();
    assert_eq!(addresses.len(), 2);
    for address in addresses {
        assert!(nginx.contains(&format!("server {address} ")), "{address}");
    }
}

#[test]
fn the_container_can_share_a_store() {
    assert!(deploy("Containerfile").contains("-p deal-proxy --features shared"));
}

/// The directives that the configuration uses. nginx 1.18 and all later versions support them.
const NGINX_DIRECTIVES: [&str; 18] = [
    "client_max_body_size",
    "listen",
    "location",
    "proxy_buffer_size",
    "proxy_buffers",
    "proxy_http_version",
    "proxy_pass",
    "proxy_read_timeout",
    "proxy_request_buffering",
    "proxy_set_header",
    "return",
    "root",
    "server",
    "server_name",
    "ssl_certificate",
    "ssl_certificate_key",
    "ssl_protocols",
    "upstream",
];

#[test]
fn nginx_is_configured_only_with_directives_of_nginx_1_18() {
    let text = deploy("nginx.conf") + &deploy("compose/nginx.conf");
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let names = lines.filter_map(|line| line.split_whitespace().next()).filter(|word| *word != "}");
    for name in names {
        assert!(
            NGINX_DIRECTIVES.contains(&name),
            "{name}: since which version does nginx have it?"
        );
    }
}

#[test]
fn nginx_hides_the_addresses_for_operators() {
    for path in ["/metrics", "/readyz", "/", "/index.html"] {
        let line = format!("location = {path} {{ return 404; }}");
        assert!(deploy("nginx.conf").contains(&line), "{line}");
    }
}
