//! Programs that stop when their test ends.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;

use crate::wait::TIMEOUT;

/// A running program. Dropping it ends the program, even when the test panics.
#[derive(Debug)]
pub(crate) struct Process {
    child: Child,
    name: String,
    output: Arc<Mutex<String>>,
}

impl Process {
    /// Starts the program, waits until `ready` finds a value in a line that the program prints to
    /// stdout, and returns the value.
    pub(crate) fn start<T: Send + 'static>(
        mut command: Command,
        ready: fn(&str) -> Option<T>,
    ) -> (Self, T) {
        // chromedriver takes a free IPv6 port and then needs the IPv4 port with the same number, but
        // another program may use that port.
        let is_port_in_use = |process: &Self| process.output().contains("port not available");
        let started = match Self::try_to_start(&mut command, ready) {
            Err(process) if is_port_in_use(&process) => Self::try_to_start(&mut command, ready),
            started => started,
        };
        started.unwrap_or_else(|process| {
            panic!("{} did not start:\n{}", process.name, process.output());
        })
    }

    fn try_to_start<T: Send + 'static>(
        command: &mut Command,
        ready: fn(&str) -> Option<T>,
    ) -> Result<(Self, T), Self> {
        let (sender, receiver) = mpsc::channel();
        let process = Self::spawn_with_listener(command, move |line| {
            if let Some(ready) = ready(line) {
                let _ = sender.send(ready);
            }
        });
        match receiver.recv_timeout(TIMEOUT) {
            Ok(ready) => Ok((process, ready)),
            Err(_) => Err(process),
        }
    }

    /// Starts the program without waiting.
    pub(crate) fn spawn(mut command: Command) -> Self {
        Self::spawn_with_listener(&mut command, |_| {})
    }

    fn spawn_with_listener(command: &mut Command, on_line: impl Fn(&str) + Send + 'static) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        let output = Arc::<Mutex<String>>::default();
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        // Read both pipes to the end: a full pipe would block the program.
        collect(stderr, Arc::clone(&output), |_| {});
        collect(stdout, Arc::clone(&output), on_line);
        Self { child, name, output }
    }

    /// Returns whether the program has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Returns the process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the program's peak memory in bytes, or `None` if `/proc` does not report it.
    pub(crate) fn peak_bytes(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
        Some(kilobytes * 1024)
    }

    /// Returns all output of the program so far.
    pub(crate) fn output(&self) -> String {
        self.output.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Kills the process.
    pub(crate) fn kill(&mut self) {
        // Ignore errors: the process may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
        if thread::panicking() {
            eprintln!("--- output of {}:\n{}", self.name, self.output());
        }
    }
}

fn collect(
    pipe: impl Read + Send + 'static,
    output: Arc<Mutex<String>>,
    on_line: impl Fn(&str) + Send + 'static,
) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut output = output.lock().unwrap_or_else(PoisonError::into_inner);
            output.push_str(&line);
            output.push('\n');
            on_line(&line);
        }
    });
}
