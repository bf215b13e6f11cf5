//! Runs other programs.
//!
//! `run`, `run_to_stdout` and `long::run_long` run each program in its own process group, and register the group.
//! Ctrl-C, or a SIGTERM to this process alone, therefore stops these programs and their child processes.

pub(crate) mod child;
mod command;
pub(crate) mod long;
pub(crate) mod signals;

pub(crate) use command::{cargo, command};

use crate::failure::{Failure, OrFail as _, Result};
use child::Child;
use command::command_line;
use std::{
    env, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// Runs a program, and sends all its output to stderr, because stdout is only for a command's results.
pub(crate) fn run(command: &mut Command) -> Result {
    run_to_stdout(command.stdout(io::stderr()))
}

/// Runs a program that prints a command's results.
pub(crate) fn run_to_stdout(command: &mut Command) -> Result {
    let name = command_line(command);
    let status = Child::start(command)?.wait()?;
    if status.success() { Ok(()) } else { Err(Failure::new(format!("`{name}` failed ({status})"))) }
}

/// Runs a program and returns its standard output.
///
/// # Errors
/// Contains the end of its standard error.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let name = command_line(command);
    let Output { status, stdout, stderr } =
        command.output().or_fail(|| format!("cannot run `{name}`"))?;
    if status.success() {
        Ok(String::from_utf8_lossy(&stdout).trim().to_owned())
    } else {
        let stderr = String::from_utf8_lossy(&stderr);
        Err(Failure::new(format!("`{name}` failed ({status})")).advise(last_lines(&stderr, 20)))
    }
}

/// Runs a program without showing its output. Returns whether it succeeded.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// Returns the first program with this name on the PATH.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    all_on_path(name).next()
}

/// Returns all programs with this name on the PATH, in the order of the PATH.
pub(crate) fn all_on_path(name: &str) -> impl Iterator<Item = PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    folders.into_iter().map(move |folder| folder.join(name)).filter(|path| is_executable(path))
}

pub(crate) fn is_executable(path: &Path) -> bool {
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

/// Returns the last lines of the output, which usually contain the reason for a failure.
pub(crate) fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines.get(lines.len().saturating_sub(count)..).unwrap_or_default().join("\n")
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn keeps_the_last_lines() {
        assert_eq!(last_lines("a\nb\nc\n", 2), "b\nc");
        assert_eq!(last_lines("a\n", 2), "a");
    }
}
