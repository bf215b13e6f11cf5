//! One server that `serve` started: what it says, whether it answers, how it ended.

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

/// How much of what it said is shown again when it ends.
const LAST_LINES: usize = 40;
/// How long a server may answer with something other than 200. A busy machine is slow to
/// start; a widget that does not build never gets there.
const PATIENCE: Duration = Duration::from_secs(3);

/// Which server it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    Crm,
    Proxy,
    Form,
}

impl Name {
    fn in_short(self) -> &'static str {
        match self {
            Self::Crm => "crm",
            Self::Proxy => "proxy",
            Self::Form => "form",
        }
    }

    fn in_full(self) -> &'static str {
        match self {
            Self::Crm => "the sandbox CRM",
            Self::Proxy => "the proxy",
            Self::Form => "trunk, which builds and serves the form,",
        }
    }
}

type Lines = Arc<Mutex<VecDeque<String>>>;

/// A running server. It stops when this is dropped.
pub(super) struct Server {
    name: Name,
    child: Child,
    address: SocketAddrV4,
    probe: &'static str,
    said: Lines,
    readers: Vec<JoinHandle<()>>,
    /// When it first answered with something other than 200
    unwell_since: Option<Instant>,
}

impl Server {
    /// Starts it; `probe` is the path that answers 200 once it is ready.
    pub(super) fn start(
        name: Name,
        mut command: Command,
        address: SocketAddrV4,
        probe: &'static str,
    ) -> Result<Self> {
        let mut child = Child::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let said = Lines::default();
        let (stdout, stderr) = child.output();
        let readers = [show(name, stdout, &said), show(name, stderr, &said)];
        let readers = readers.into_iter().flatten().collect();
        Ok(Self { name, child, address, probe, said, readers, unwell_since: None })
    }

    /// Whether it is ready.
    ///
    /// # Errors
    /// When it answers, but does not get ready: trunk does that when the widget does not build.
    pub(super) fn answers(&mut self) -> Result<bool> {
        match http::status(self.address, self.probe) {
            Some(200) => Ok(true),
            None => Ok(false),
            Some(status) => {
                let since = *self.unwell_since.get_or_insert_with(Instant::now);
                if since.elapsed() < PATIENCE {
                    return Ok(false);
                }
                let hint = match self.name {
                    Name::Form => ": the widget does not build",
                    Name::Crm | Name::Proxy => "",
                };
                Err(self.failure(&format!("answers {} with {status}{hint}", self.probe)))
            }
        }
    }

    /// # Errors
    /// When it has ended, whatever it says about that.
    pub(super) fn check_alive(&mut self) -> Result {
        match self.child.ended()? {
            None => Ok(()),
            Some(status) => {
                // What it started may live on and keep the pipes open.
                self.child.stop(Duration::ZERO);
                // What it said last may still be on its way.
                for reader in self.readers.drain(..) {
                    let _ = reader.join();
                }
                Err(self.failure(&format!("ended by itself ({status})")))
            }
        }
    }

    fn failure(&self, what: &str) -> Failure {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        let lines: Vec<&str> = said.iter().map(String::as_str).collect();
        let last = if lines.is_empty() {
            "It said nothing.".to_owned()
        } else {
            format!("The last it said:\n  {}", lines.join("\n  "))
        };
        Failure::new(format!("{} {what}", self.name.in_full())).advise(last)
    }
}

/// Shows every line with the server's name before it, and keeps the last ones.
fn show(
    name: Name,
    source: Option<impl Read + Send + 'static>,
    said: &Lines,
) -> Option<JoinHandle<()>> {
    let said = Arc::clone(said);
    let mut reader = BufReader::new(source?);
    Some(thread::spawn(move || {
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).is_ok_and(|read| read > 0) {
            let line = String::from_utf8_lossy(&bytes).trim_end().to_owned();
            bytes.clear();
            if !signals::stopping() {
                eprintln!("{:>5} | {line}", name.in_short());
            }
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            if said.len() == LAST_LINES {
                said.pop_front();
            }
            said.push_back(line);
        }
    }))
}
