//! One running program, in a process group of its own.

use super::{command::spelled, signals};
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

#[cfg(test)]
mod tests {
    use super::Child;
    use crate::run::command;
    use nix::unistd::Pid;
    use std::{
        io::{BufRead as _, BufReader},
        process::Stdio,
        time::{Duration, Instant},
    };

    /// A shell that starts another program, and the number of that one.
    fn parent_and_child(script: &str) -> (Child, Pid) {
        let mut shell = command("sh");
        let mut parent = Child::start(shell.args(["-c", script]).stdout(Stdio::piped())).unwrap();
        let (stdout, _) = parent.output();
        let mut line = String::new();
        BufReader::new(stdout.unwrap()).read_line(&mut line).unwrap();
        (parent, Pid::from_raw(line.trim().parse().unwrap()))
    }

    fn lives(process: Pid) -> bool {
        nix::sys::signal::kill(process, None).is_ok()
    }

    #[track_caller]
    fn check_ends(process: Pid) {
        // Whoever inherited it may take a moment to reap it.
        let waited = Instant::now();
        while lives(process) && waited.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!lives(process));
    }

    #[test]
    fn what_a_program_started_ends_with_it() {
        let (mut parent, child) = parent_and_child("sleep 100 & echo $!; wait");
        assert!(lives(child));
        parent.stop(Duration::from_secs(5));
        check_ends(child);
    }

    #[test]
    fn what_does_not_want_to_end_is_made_to() {
        let (mut parent, child) =
            parent_and_child("trap '' TERM; sh -c 'while :; do sleep 0.1; done' & echo $!; wait");
        parent.stop(Duration::from_millis(200));
        check_ends(child);
    }

    #[test]
    fn a_missing_program_is_named() {
        let said = Child::start(command("no-such-tool").arg("--go")).unwrap_err().to_string();
        assert_eq!(said, "cannot find the program `no-such-tool`, needed for `no-such-tool --go`");
    }
}
