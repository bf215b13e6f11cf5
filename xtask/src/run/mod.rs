//! Other programs: started, watched, stopped.
//!
//! Every program runs in a process group of its own that is known here, so that Ctrl-C, or a
//! SIGTERM to this process alone, stops all that was started, with all that *it* started.

pub(crate) mod child;
mod command;
pub(crate) mod long;
pub(crate) mod signals;

pub(crate) use command::{cargo, command};

use crate::failure::{Failure, OrFail as _, Result};
use child::Child;
use command::spelled;
use std::{
    env, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Runs a program whose output the person should see as it comes. It all goes to stderr:
/// stdout belongs to what a command was asked to print.
pub(crate) fn run(command: &mut Command) -> Result {
    ask(command.stdout(io::stderr()))
}

/// Runs a program that prints what the person asked for.
pub(crate) fn ask(command: &mut Command) -> Result {
    let name = spelled(command);
    let status = Child::start(command)?.wait()?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` failed ({status})"))) }
}

/// Runs a program for what it prints on stdout.
///
/// # Errors
/// With the end of what it printed on stderr.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let name = spelled(command);
    let Output { status, stdout, stderr } =
        command.output().or_fail(|| format!("cannot run `{name}`"))?;
    if status.success() {
        Ok(String::from_utf8_lossy(&stdout).trim().to_owned())
    } else {
        let said = String::from_utf8_lossy(&stderr);
        Err(Failure::new(format!("`{name}` failed ({status})")).advise(last_lines(&said, 20)))
    }
}

/// Whether a program runs and says it went well; what it prints is thrown away.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// The first program of this name on the PATH.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    all_on_path(name).next()
}

/// All programs of this name on the PATH, in its order.
pub(crate) fn all_on_path(name: &str) -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    folders.into_iter().map(move |folder| folder.join(name)).filter(|path| executable(path))
}

/// Whether this is a file that may be run.
pub(crate) fn executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// The end of a text, where the reason for a failure usually stands.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_end_of_a_long_output_is_kept() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a\n", 2), "a");
    }
}
