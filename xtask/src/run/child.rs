//! One running program, in a process group of its own.

use super::{signals, spelled};
use crate::failure::{Failure, OrFail as _, Result};
use nix::unistd::Pid;
use std::{
    io,
    os::unix::process::CommandExt as _,
    process::{self, ChildStderr, ChildStdout, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

/// A started program. Its whole group is stopped when this is dropped.
#[derive(Debug)]
pub(crate) struct Child {
    process: process::Child,
    group: Pid,
}

impl Child {
    /// Starts the command at the head of a new process group.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = spelled(command);
        let process = signals::register(|| command.process_group(0).spawn()).map_err(|cause| {
            let program = command.get_program().to_string_lossy();
            if cause.kind() == io::ErrorKind::NotFound {
                Failure::new(format!("cannot find the program `{program}`, needed for `{name}`"))
            } else {
                Failure::new(format!("cannot start `{name}`: {cause}"))
            }
        })?;
        let group = signals::group_of(&process);
        Ok(Self { process, group })
    }

    /// Waits for the program's own end.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.process.wait();
        signals::rest_if_stopping();
        status.or_fail(|| "cannot wait for a program".to_owned())
    }

    /// How the program ended, if it has.
    pub(crate) fn ended(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.process.try_wait();
        signals::rest_if_stopping();
        status.or_fail(|| "cannot look after a program".to_owned())
    }

    /// What it prints, when started with pipes.
    pub(crate) fn output(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.process.stdout.take(), self.process.stderr.take())
    }

    /// Asks the whole group to end, and makes it end when it has not within `patience`.
    pub(crate) fn stop(&mut self, patience: Duration) {
        signals::ask_to_end(self.group);
        let asked = Instant::now();
        while asked.elapsed() < patience && (self.lives() || signals::is_alive(self.group)) {
            thread::sleep(Duration::from_millis(20));
        }
        signals::make_end(self.group);
        // Reaps it; there is nothing left to do about an error.
        let _ = self.process.wait();
        signals::forget(self.group);
    }

    fn lives(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.stop(Duration::from_secs(5));
    }
}
