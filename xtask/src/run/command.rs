//! Builds commands for other programs.

use crate::repo;
use std::{
    env,
    ffi::OsStr,
    path::Path,
    process::{Command, Stdio},
};

/// Returns a command without the environment variables that `cargo run` has set for *this* crate. With
/// these variables, a build script that reads them would run again each time.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text == "CARGO" || text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_")
        {
            command.env_remove(&name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Returns a cargo command that runs in the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut cargo = command("cargo");
    cargo.current_dir(repo::root()).args(arguments);
    cargo
}

/// Formats the command approximately as a developer would type it.
pub(super) fn command_line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let mut text =
        program.file_name().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{command, command_line};

    #[test]
    fn shows_a_command_without_the_folder_of_its_program() {
        let mut cargo = command("/usr/bin/cargo");
        cargo.args(["fmt", "--all", "--check"]);
        assert_eq!(command_line(&cargo), "cargo fmt --all --check");
    }
}
