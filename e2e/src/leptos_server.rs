//! Runs the server of `examples/leptos-server`.

use std::net::{Ipv4Addr, TcpListener};
use std::process::Command;

use crate::process::Process;
use crate::programs;
use crate::servers::{Proxy, Sandbox};

/// A Leptos application whose pages a server renders, with the form `callback` from another origin.
#[derive(Debug)]
pub struct LeptosServer {
    _process: Process,
    url: String,
}

impl LeptosServer {
    /// Starts the server, and the proxy with its form.
    pub fn start(crm: &Sandbox) -> (Proxy, Self) {
        // The proxy has to know the page's origin, and the server has to know the form's address,
        // so the port is chosen before either of them starts.
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = free.local_addr().unwrap();
        let proxy = Proxy::with_allowed_origin(crm, &format!("http://{address}"));
        let mut program = Command::new(programs::leptos_server());
        program
            .env("FORM_ADDRESS", proxy.url("/forms/callback"))
            .env("LEPTOS_OUTPUT_NAME", "leptos-server-page")
            .env("LEPTOS_SITE_ADDR", address.to_string())
            .env("LEPTOS_SITE_ROOT", programs::leptos_server_site());
        drop(free);
        let (process, url) = Process::start(program, url);
        (proxy, Self { _process: process, url })
    }

    /// Returns the address of the page.
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// Returns the address in `the page: http://127.0.0.1:PORT/`.
fn url(line: &str) -> Option<String> {
    line.strip_prefix("the page: ").map(str::to_owned)
}
