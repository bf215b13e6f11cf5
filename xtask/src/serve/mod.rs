//! `cargo xtask serve`: the form, its proxy and a sandbox CRM, until Ctrl-C.

mod http;
mod server;

use crate::{
    failure::{Failure, OrFail as _, Result},
    flags::ServeFlags,
    repo,
    run::{self, signals},
    setup::{self, Need, Tools},
    workspace,
};
use server::{Name, Server};
use std::{
    fs,
    net::{Ipv4Addr, SocketAddrV4, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::Duration,
};

/// The sandbox and the proxy must agree on a key; on this machine anything will do.
const KEY: &str = "local-sandbox-key";
/// What Trunk.toml takes for the proxy's address.
const USUAL_PROXY: &str = "http://127.0.0.1:8070";

/// A port that is needed, for whom, and the flag that changes it.
struct Port {
    number: u16,
    what: &'static str,
    flag: &'static str,
}

/// Sets up, builds, starts, and stays until Ctrl-C or until one of the servers ends.
pub(crate) fn command(flags: &ServeFlags) -> Result {
    let ports = ports(flags);
    // First, because building takes minutes.
    check_ports(&ports)?;
    let tools = setup::tools(Need::SERVE)?;

    eprintln!("• building the proxy and the sandbox CRM");
    run::run(&mut run::cargo(&["build", "-p", "deal-proxy", "-p", "crm-sandbox"]))?;

    let site = site()?;
    let mut servers = vec![
        Server::start(Name::Crm, sandbox(flags)?, address(flags.crm_port), "/")?,
        Server::start(Name::Proxy, proxy(flags, &site)?, address(flags.proxy_port), "/healthz")?,
    ];
    wait_for(&mut servers, 0)?;
    wait_for(&mut servers, 1)?;

    eprintln!("• building the widget; the first time takes a minute or two");
    let config = TrunkConfig::for_port(flags.proxy_port)?;
    let trunk = trunk(&tools, flags, &site, &config)?;
    servers.push(Server::start(Name::Form, trunk, address(flags.port), "/")?);
    wait_for(&mut servers, 2)?;

    println!("\n  the form                http://127.0.0.1:{}/", flags.port);
    println!("  on landing pages        http://127.0.0.1:{}/#examples", flags.port);
    println!("  the deals that it made  http://127.0.0.1:{}/", flags.crm_port);
    println!("\nCtrl-C stops everything.\n");
    loop {
        thread::sleep(Duration::from_millis(200));
        for server in &mut servers {
            server.check_alive()?;
        }
    }
}

fn ports(flags: &ServeFlags) -> [Port; 3] {
    [
        Port { number: flags.port, what: "the form", flag: "--port" },
        Port { number: flags.crm_port, what: "the sandbox CRM", flag: "--crm-port" },
        Port { number: flags.proxy_port, what: "the proxy", flag: "--proxy-port" },
    ]
}

/// # Errors
/// `port 8080, meant for the form, is taken by another program`
fn check_ports(ports: &[Port]) -> Result {
    for (place, port) in ports.iter().enumerate() {
        let Port { number, what, flag } = port;
        if let Some(other) = ports.iter().take(place).find(|other| other.number == *number) {
            return Err(Failure::new(format!(
                "{} and {what} cannot both have port {number}",
                other.what
            ))
            .advise(format!("Choose another one with {flag}.")));
        }
        // Some systems let two programs have one port, if one of them has it on all addresses:
        // so also look whether somebody answers.
        let taken =
            TcpStream::connect_timeout(&address(*number).into(), Duration::from_millis(300));
        if taken.is_ok() || TcpListener::bind(address(*number)).is_err() {
            let free = free_port(*number);
            return Err(Failure::new(format!(
                "port {number}, meant for {what}, is taken by another program"
            ))
            .advise(format!("Stop that program, or choose another port: {flag} {free}")));
        }
    }
    Ok(())
}

/// A free one near the wanted one, so that the advice works.
fn free_port(wanted: u16) -> u16 {
    (wanted..u16::MAX)
        .skip(1)
        .take(100)
        .find(|port| TcpListener::bind(address(*port)).is_ok())
        .unwrap_or(wanted)
}

fn address(port: u16) -> SocketAddrV4 {
    SocketAddrV4::new(Ipv4Addr::LOCALHOST, port)
}

/// Asks one server until it answers; if any of them ends meanwhile, that ends the wait.
fn wait_for(servers: &mut [Server], place: usize) -> Result {
    loop {
        for server in servers.iter_mut() {
            server.check_alive()?;
        }
        if servers.get_mut(place).map_or(Ok(true), Server::answers)? {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Where serve's deals, files and queued submissions are kept; git ignores it.
fn data(of: &str) -> Result<PathBuf> {
    folder(repo::data().join(of))
}

/// Where trunk puts what it serves. Not `dist/`, which is a release; and emptied, or a widget
/// that does not build would be hidden by the last one that did.
fn site() -> Result<PathBuf> {
    let site = workspace::target()?.join("serve-site");
    if site.exists() {
        fs::remove_dir_all(&site).or_fail(|| format!("cannot empty {}", site.display()))?;
    }
    folder(site)
}

fn folder(path: PathBuf) -> Result<PathBuf> {
    fs::create_dir_all(&path).or_fail(|| format!("cannot make {}", path.display()))?;
    Ok(path)
}

fn sandbox(flags: &ServeFlags) -> Result<Command> {
    let mut command = run::command(workspace::built("crm-sandbox")?);
    command.arg("--listen").arg(address(flags.crm_port).to_string());
    command.arg("--data").arg(data("sandbox")?).args(["--key", KEY]);
    command.current_dir(repo::root());
    Ok(command)
}

fn proxy(flags: &ServeFlags, site: &Path) -> Result<Command> {
    let crm = format!("http://{}/site/api/crm_add_deal", address(flags.crm_port));
    let mut command = run::command(workspace::built("deal-proxy")?);
    command.arg("serve");
    command.arg("--listen").arg(address(flags.proxy_port).to_string());
    command.arg("--crm-url").arg(crm);
    command.arg("--forms").arg(repo::root().join("examples").join("forms"));
    command.arg("--site").arg(site).arg("--spool").arg(data("proxy")?);
    command.env("CRM_API_KEY", KEY).current_dir(repo::root());
    Ok(command)
}

fn trunk(tools: &Tools, flags: &ServeFlags, site: &Path, config: &TrunkConfig) -> Result<Command> {
    let mut command = tools.command("trunk")?;
    command.current_dir(repo::root()).arg("serve");
    command.args(["--address", "127.0.0.1", "--port"]).arg(flags.port.to_string());
    // The lookup asks a name server for the name of 127.0.0.1.
    command.args(["--disable-address-lookup", "true", "--color", "never", "--dist"]).arg(site);
    if let TrunkConfig::Changed(path) = config {
        command.arg("--config").arg(path);
    }
    if flags.release {
        command.arg("--release");
    }
    // trunk 0.21 reads this as a flag and fails on the usual `NO_COLOR=1`.
    command.env_remove("NO_COLOR");
    // Its own traces would push the compiler's errors out of sight.
    command.env_remove("RUST_BACKTRACE");
    Ok(command)
}

/// The configuration that trunk reads. Its flags can add a proxy, but not change the one that
/// Trunk.toml has; so for another port there is another file, beside it, while trunk runs.
enum TrunkConfig {
    Usual,
    Changed(PathBuf),
}

impl TrunkConfig {
    fn for_port(port: u16) -> Result<Self> {
        let proxy = format!("http://{}", address(port));
        if proxy == USUAL_PROXY {
            return Ok(Self::Usual);
        }
        let usual = repo::root().join("Trunk.toml");
        let text =
            fs::read_to_string(&usual).or_fail(|| format!("cannot read {}", usual.display()))?;
        let path = repo::root().join(format!(".Trunk.port-{port}.toml"));
        signals::remove_at_the_end(&path);
        fs::write(&path, text.replace(USUAL_PROXY, &proxy))
            .or_fail(|| format!("cannot write {}", path.display()))?;
        Ok(Self::Changed(path))
    }
}

impl Drop for TrunkConfig {
    fn drop(&mut self) {
        if let Self::Changed(path) = self {
            // It is only in the way; git shows it.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Port, address, check_ports};
    use std::net::TcpListener;

    fn port(number: u16, what: &'static str, flag: &'static str) -> Port {
        Port { number, what, flag }
    }

    #[test]
    fn a_taken_port_is_named_with_the_flag_that_changes_it() {
        let listener = TcpListener::bind(address(0)).unwrap();
        let taken = listener.local_addr().unwrap().port();
        let said = check_ports(&[port(taken, "the form", "--port")]).unwrap_err().to_string();
        assert!(said.contains(&format!("port {taken}, meant for the form, is taken")), "{said}");
        assert!(said.contains("--port "), "{said}");
    }

    #[test]
    fn two_servers_cannot_have_one_port() {
        let listener = TcpListener::bind(address(0)).unwrap();
        let free = listener.local_addr().unwrap().port();
        drop(listener);
        let ports = [port(free, "the form", "--port"), port(free, "the proxy", "--proxy-port")];
        let said = check_ports(&ports).unwrap_err().to_string();
        assert!(said.contains("the form and the proxy cannot both have port"), "{said}");
    }
}
