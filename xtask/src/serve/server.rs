//! A server that `serve` has started: shows its output, and checks whether it is ready or has ended.

use super::http;
use crate::{
    failure::{Failure, Result},
    run::{child::Child, signals},
};
use std::{
    collections::VecDeque,
    io::{BufRead as _, BufReader, Read},
    net::SocketAddrV4,
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// How many lines of the output to show again when a server fails.
const LAST_LINES: usize = 40;
/// How long a server may respond with a status other than 200. On a busy machine, servers start slowly. If
/// the widget does not build, trunk never responds with 200.
const TIMEOUT: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    Crm,
    Proxy,
    Form,
}

impl Name {
    fn prefix(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Proxy => "proxy",
            Self::Form => "form",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Self::Crm => "the sandbox CRM",
            Self::Proxy => "the proxy",
            Self::Form => "trunk, which builds and serves the form,",
        }
    }
}

type Lines = Arc<Mutex<VecDeque<String>>>;

/// A running server. Dropping this stops it.
pub(super) struct Server {
    name: Name,
    child: Child,
    address: SocketAddrV4,
    probe: &'static str,
    output: Lines,
    readers: Vec<JoinHandle<()>>,
    /// When the server first responded with a status other than 200
    failing_since: Option<Instant>,
}

impl Server {
    /// Starts the server. A server that is ready responds with 200 to the path `probe`.
    pub(super) fn start(
        name: Name,
        mut command: Command,
        address: SocketAddrV4,
        probe: &'static str,
    ) -> Result<Self> {
        let mut child = Child::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let output = Lines::default();
        let (stdout, stderr) = child.take_output();
        let readers = [show(name, stdout, &output), show(name, stderr, &output)];
        let readers = readers.into_iter().flatten().collect();
        Ok(Self { name, child, address, probe, output, readers, failing_since: None })
    }

    /// Asks the server whether it is ready.
    ///
    /// # Errors
    /// If it keeps responding with a status other than 200, as trunk does if the widget does not build.
    pub(super) fn check_ready(&mut self) -> Result<bool> {
        match http::status(self.address, self.probe) {
            Some(200) => Ok(true),
            None => Ok(false),
            Some(status) => {
                let since = *self.failing_since.get_or_insert_with(Instant::now);
                if since.elapsed() < TIMEOUT {
                    return Ok(false);
                }
                let hint = match self.name {
                    Name::Form => ": the widget does not build",
                    Name::Crm | Name::Proxy => "",
                };
                Err(self.failure(&format!("responds to {} with {status}{hint}", self.probe)))
            }
        }
    }

    /// # Errors
    /// If the server has ended, with any exit status.
    pub(super) fn check_alive(&mut self) -> Result {
        match self.child.exit_status()? {
            None => Ok(()),
            Some(status) => {
                // The server's child processes may still run and keep the pipes open.
                self.child.stop(Duration::ZERO);
                // Wait for the readers, which may still have to read the last lines.
                for reader in self.readers.drain(..) {
                    let _ = reader.join();
                }
                Err(self.failure(&format!("ended unexpectedly ({status})")))
            }
        }
    }

    fn failure(&self, what: &str) -> Failure {
        let output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<&str> = output.iter().map(String::as_str).collect();
        let last = if lines.is_empty() {
            "It printed nothing.".to_owned()
        } else {
            format!("Its last output:\n  {}", lines.join("\n  "))
        };
        Failure::new(format!("{} {what}", self.name.description())).advise(last)
    }
}

/// Prints each line with the server's name before it, and stores the last lines.
fn show(
    name: Name,
    source: Option<impl Read + Send + 'static>,
    output: &Lines,
) -> Option<JoinHandle<()>> {
    let output = Arc::clone(output);
    let mut reader = BufReader::new(source?);
    Some(thread::spawn(move || {
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if !signals::is_stopping() {
                eprintln!("{:>5} | {line}", name.prefix());
            }
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            if output.len() == LAST_LINES {
                output.pop_front();
            }
            output.push_back(line);
        }
    }))
}
