//! A running program in its own process group.

use super::{command::command_line, signals};
use crate::failure::{Failure, OrFail as _, Result};
use nix::unistd::Pid;
use std::{
    io,
    os::unix::process::CommandExt as _,
    process::{self, ChildStderr, ChildStdout, Command, ExitStatus},
    thread,
    time::{Duration, Instant},
};

/// A started program. Dropping this stops its whole process group.
#[derive(Debug)]
pub(crate) struct Child {
    process: process::Child,
    group: Pid,
}

impl Child {
    /// Starts the command as the leader of a new process group.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let name = command_line(command);
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

    /// Waits until the program ends.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        let status = self.process.wait();
        signals::block_if_stopping();
        status.or_fail(|| "cannot wait for a program".to_owned())
    }

    /// Returns the program's exit status, or `None` if the program is still running.
    pub(crate) fn exit_status(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.process.try_wait();
        signals::block_if_stopping();
        status.or_fail(|| "cannot get the state of a program".to_owned())
    }

    /// Takes the pipes for the program's output, if it was started with pipes.
    pub(crate) fn take_output(&mut self) -> (Option<ChildStdout>, Option<ChildStderr>) {
        (self.process.stdout.take(), self.process.stderr.take())
    }

    /// Terminates the whole group, and kills it after `timeout`.
    pub(crate) fn stop(&mut self, timeout: Duration) {
        signals::terminate(self.group);
        let started = Instant::now();
        while started.elapsed() < timeout && (self.is_running() || signals::is_alive(self.group)) {
            thread::sleep(Duration::from_millis(20));
        }
        signals::kill(self.group);
        // Reaps the process. After an error, nothing more can be done.
        let _ = self.process.wait();
        signals::unregister(self.group);
    }

    fn is_running(&mut self) -> bool {
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

    /// Starts a shell that starts another program, and returns the shell and the program's process id.
    fn parent_and_child(script: &str) -> (Child, Pid) {
        let mut shell = command("sh");
        let mut parent = Child::start(shell.args(["-c", script]).stdout(Stdio::piped())).unwrap();
        let (stdout, _) = parent.take_output();
        let mut line = String::new();
        BufReader::new(stdout.unwrap()).read_line(&mut line).unwrap();
        (parent, Pid::from_raw(line.trim().parse().unwrap()))
    }

    fn is_running(process: Pid) -> bool {
        nix::sys::signal::kill(process, None).is_ok()
    }

    #[track_caller]
    fn check_ends(process: Pid) {
        // The process that inherited the child may take a moment to reap it.
        let started = Instant::now();
        while is_running(process) && started.elapsed() < Duration::from_secs(10) {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(!is_running(process));
    }

    #[test]
    fn stops_a_program_together_with_its_children() {
        let (mut parent, child) = parent_and_child("sleep 100 & echo $!; wait");
        assert!(is_running(child));
        parent.stop(Duration::from_secs(5));
        check_ends(child);
    }

    #[test]
    fn kills_a_program_that_ignores_sigterm() {
        let (mut parent, child) =
            parent_and_child("trap '' TERM; sh -c 'while :; do sleep 0.1; done' & echo $!; wait");
        parent.stop(Duration::from_millis(200));
        check_ends(child);
    }

    #[test]
    fn reports_a_missing_program() {
        let error = Child::start(command("no-such-tool").arg("--go")).unwrap_err().to_string();
        assert_eq!(error, "cannot find the program `no-such-tool`, needed for `no-such-tool --go`");
    }
}
