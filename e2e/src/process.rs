//! A program that runs as long as its test.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use crate::wait::PATIENCE;

/// A running program. It ends when this is dropped, also when the test panics.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    name: String,
    said: Arc<Mutex<String>>,
}

impl Process {
    /// Starts the program and waits for the line that holds what `ready` looks for.
    pub(crate) fn start<T: Send + 'static>(
        mut command: Command,
        ready: fn(&str) -> Option<T>,
    ) -> (Self, T) {
        // chromedriver takes a free port of IPv6 and then wants the same of IPv4, which another
        // program may have.
        let unlucky = |process: &Self| process.said().contains("port not available");
        let started = match Self::try_to_start(&mut command, ready) {
            Err(process) if unlucky(&process) => Self::try_to_start(&mut command, ready),
            started => started,
        };
        started.unwrap_or_else(|process| {
            panic!("{} did not start:\n{}", process.name, process.said());
        })
    }

    fn try_to_start<T: Send + 'static>(
        command: &mut Command,
        ready: fn(&str) -> Option<T>,
    ) -> Result<(Self, T), Self> {
        let (tell, told) = mpsc::channel();
        let process = Self::listened_to(command, move |line| {
            if let Some(ready) = ready(line) {
                let _ = tell.send(ready);
            }
        });
        match told.recv_timeout(PATIENCE) {
            Ok(ready) => Ok((process, ready)),
            Err(_) => Err(process),
        }
    }

    /// Starts a program that does not say when it is ready.
    pub(crate) fn spawn(mut command: Command) -> Self {
        Self::listened_to(&mut command, |_| {})
    }

    fn listened_to(command: &mut Command, hear: impl Fn(&str) + Send + 'static) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let said = Arc::<Mutex<String>>::default();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        // Read to the end, or a program that says much would stand still.
        keep(stderr, Arc::clone(&said), |_| {});
        keep(stdout, Arc::clone(&said), hear);
        Self { child, name, said }
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Its number in the system.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most bytes of memory that it has had at a time, where the system tells (`/proc`).
    pub(crate) fn peak_bytes(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kilobytes * 1024)
    }

    /// All that it wrote so far.
    pub(crate) fn said(&self) -> String {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends it at once, as a crash does.
    pub(crate) fn kill(&mut self) {
        // One that has ended already needs no killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("--- {} said:\n{}", self.name, self.said());
        }
    }
}

fn keep(
    pipe: impl Read + Send + 'static,
    said: Arc<Mutex<String>>,
    hear: impl Fn(&str) + Send + 'static,
) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
            said.push_str(&line);
            said.push('\n');
            hear(&line);
        }
    });
}
