//! `cargo xtask serve`: runs the form, its proxy and a sandbox CRM until Ctrl-C.

mod http;
mod server;

use crate::{
    failure::{Failure, Result},
    files,
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

/// The API key that the sandbox and the proxy use. It does not have to be secret, because both run on this
/// machine.
const KEY: &str = "local-sandbox-key";
/// The proxy's address in Trunk.toml.
const DEFAULT_PROXY: &str = "http://127.0.0.1:8070";

/// A port, the server that needs it, and the flag that changes it.
struct Port {
    number: u16,
    server: &'static str,
    flag: &'static str,
}

/// Installs tools, builds and starts the servers, and runs until Ctrl-C or until a server ends.
pub(crate) fn command(flags: &ServeFlags) -> Result {
    let ports = ports(flags);
    // Check the ports first, because building takes minutes.
    check_ports(&ports)?;
    let tools = setup::tools(Need::SERVE)?;

    eprintln!("• building the proxy and the sandbox CRM");
    run::run(&mut run::cargo(&["build", "-p", "deal-proxy", "-p", "crm-sandbox"]))?;

    let site = create_site()?;
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
    println!("  landing pages           http://127.0.0.1:{}/#examples", flags.port);
    println!("  the sandbox CRM         http://127.0.0.1:{}/", flags.crm_port);
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
        Port { number: flags.port, server: "the form", flag: "--port" },
        Port { number: flags.crm_port, server: "the sandbox CRM", flag: "--crm-port" },
        Port { number: flags.proxy_port, server: "the proxy", flag: "--proxy-port" },
    ]
}

/// # Errors
/// `another program uses port 8080, which the form needs`
fn check_ports(ports: &[Port]) -> Result {
    for (place, port) in ports.iter().enumerate() {
        let Port { number, server, flag } = port;
        if let Some(other) = ports.iter().take(place).find(|other| other.number == *number) {
            return Err(Failure::new(format!(
                "{} and {server} cannot both use port {number}",
                other.server
            ))
            .advise(format!("Choose another port with {flag}.")));
        }
        // Also try to connect, because some systems let two programs use one port if one of them listens
        // on all addresses.
        let connected =
            TcpStream::connect_timeout(&address(*number).into(), Duration::from_millis(300));
        if connected.is_ok() || TcpListener::bind(address(*number)).is_err() {
            let free = free_port(*number);
            return Err(Failure::new(format!(
                "another program uses port {number}, which {server} needs"
            ))
            .advise(format!("Stop that program, or choose another port: {flag} {free}")));
        }
    }
    Ok(())
}

/// Returns a free port near the wanted one.
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

/// Waits until one server is ready. Fails if any of the servers ends.
fn wait_for(servers: &mut [Server], place: usize) -> Result {
    loop {
        for server in servers.iter_mut() {
            server.check_alive()?;
        }
        if servers.get_mut(place).map_or(Ok(true), Server::check_ready)? {
            return Ok(());
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// Creates the folder for a server's deals, files and queued submissions. Git ignores it.
fn data_folder(server: &str) -> Result<PathBuf> {
    let folder = repo::data().join(server);
    files::create_folder(&folder)?;
    Ok(folder)
}

/// Creates the folder that trunk serves. It is not `dist/`, because that folder contains a release. It
/// must be empty: an old widget would hide that the new one does not build.
fn create_site() -> Result<PathBuf> {
    let site = workspace::target()?.join("serve-site");
    files::remove_folder(&site)?;
    files::create_folder(&site)?;
    Ok(site)
}

fn sandbox(flags: &ServeFlags) -> Result<Command> {
    let mut command = run::command(workspace::built("crm-sandbox")?);
    command.arg("--listen").arg(address(flags.crm_port).to_string());
    command.arg("--data").arg(data_folder("sandbox")?).args(["--key", KEY]);
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
    command.arg("--site").arg(site).arg("--spool").arg(data_folder("proxy")?);
    if !flags.allow.is_empty() {
        let settings = workspace::target()?.join("serve-proxy.toml");
        files::write(&settings, format!("allowed_origins = {:?}\n", flags.allow))?;
        command.arg("--config").arg(settings);
    }
    command.env("CRM_API_KEY", KEY).current_dir(repo::root());
    Ok(command)
}

fn trunk(tools: &Tools, flags: &ServeFlags, site: &Path, config: &TrunkConfig) -> Result<Command> {
    let mut command = tools.trunk()?;
    command.current_dir(repo::root()).arg("serve");
    command.args(["--address", "127.0.0.1", "--port"]).arg(flags.port.to_string());
    // The address lookup would ask a name server for the name of 127.0.0.1.
    command.args(["--disable-address-lookup", "true", "--color", "never", "--dist"]).arg(site);
    if let TrunkConfig::Changed(path) = config {
        command.arg("--config").arg(path);
    }
    if flags.release {
        command.arg("--release");
    }
    // Without trunk's backtraces, the compiler's errors stay visible.
    command.env_remove("RUST_BACKTRACE");
    Ok(command)
}

/// Trunk's configuration file. Trunk's flags can add a proxy, but cannot change the one in Trunk.toml. For
/// another port, `serve` therefore writes another file beside Trunk.toml while trunk runs.
enum TrunkConfig {
    Default,
    Changed(PathBuf),
}

impl TrunkConfig {
    fn for_port(port: u16) -> Result<Self> {
        let proxy = format!("http://{}", address(port));
        if proxy == DEFAULT_PROXY {
            return Ok(Self::Default);
        }
        let text = files::read(&repo::root().join("Trunk.toml"))?;
        let path = repo::root().join(format!(".Trunk.port-{port}.toml"));
        signals::remove_on_signal(&path);
        files::write(&path, text.replace(DEFAULT_PROXY, &proxy))?;
        Ok(Self::Changed(path))
    }
}

impl Drop for TrunkConfig {
    fn drop(&mut self) {
        if let Self::Changed(path) = self {
            // A leftover file is harmless, but git would show it.
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Port, address, check_ports};
    use std::net::TcpListener;

    fn port(number: u16, server: &'static str, flag: &'static str) -> Port {
        Port { number, server, flag }
    }

    #[test]
    fn reports_a_used_port_with_the_flag_that_changes_it() {
        let listener = TcpListener::bind(address(0)).unwrap();
        let used = listener.local_addr().unwrap().port();
        let error = check_ports(&[port(used, "the form", "--port")]).unwrap_err().to_string();
        let expected = format!("another program uses port {used}, which the form needs\n");
        assert!(error.starts_with(&expected), "{error}");
        assert!(error.contains("--port "), "{error}");
    }

    #[test]
    fn refuses_the_same_port_for_two_servers() {
        let listener = TcpListener::bind(address(0)).unwrap();
        let free = listener.local_addr().unwrap().port();
        drop(listener);
        let ports = [port(free, "the form", "--port"), port(free, "the proxy", "--proxy-port")];
        let error = check_ports(&ports).unwrap_err().to_string();
        assert!(error.contains("the form and the proxy cannot both use port"), "{error}");
    }
}
