//! The system's package manager.

use crate::{
    failure::{Failure, Result},
    run::{self, long},
};
use std::{
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
    process::Command,
};

/// Systems with different package managers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// Debian and systems based on it, with `apt-get`
    Debian,
    /// Ubuntu and systems based on it: like Debian, but the packages for browsers only install snaps
    Ubuntu,
    /// Fedora, RHEL and systems based on them
    Fedora,
    /// Arch and systems based on it
    Arch,
    /// macOS with Homebrew
    MacOs,
    /// Any other
    Other,
}

impl System {
    /// Detects the current system.
    pub(crate) fn here() -> Self {
        if cfg!(target_os = "macos") {
            return Self::MacOs;
        }
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        match Self::from_os_release(&release) {
            // Some containers have no apt.
            Self::Debian | Self::Ubuntu if run::which("apt-get").is_none() => Self::Other,
            system => system,
        }
    }

    /// Parses the file `/etc/os-release`.
    fn from_os_release(release: &str) -> Self {
        let names = release
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
            .flat_map(|value| value.trim_matches(['"', '\'']).split_whitespace());
        for name in names {
            match name {
                "debian" => return Self::Debian,
                "ubuntu" => return Self::Ubuntu,
                "fedora" | "rhel" => return Self::Fedora,
                "arch" => return Self::Arch,
                _ => {}
            }
        }
        Self::Other
    }

    /// Returns the command that installs these packages, or `None` if there are no packages or the system is unknown.
    pub(crate) fn install_command(self, packages: &[&str]) -> Option<String> {
        let command = match self {
            Self::Debian | Self::Ubuntu => "sudo apt-get install",
            Self::Fedora => "sudo dnf install",
            Self::Arch => "sudo pacman -S",
            Self::MacOs => "brew install",
            Self::Other => return None,
        };
        (!packages.is_empty()).then(|| format!("{command} {}", packages.join(" ")))
    }
}

/// Returns the first program with this name on the PATH that is not a snap. A snap has its own `/tmp`, so its
/// browser finds neither the profile that the driver creates nor the files that a journey picks.
/// <https://firefox-source-docs.mozilla.org/testing/geckodriver/Usage.html>
pub(crate) fn which_no_snap(name: &str) -> Option<PathBuf> {
    run::all_on_path(name).find(|path| !is_snap(path))
}

/// Returns whether the program is a snap. Each file in `/snap/bin` is a link to the program `snap`. Ubuntu's
/// packages contain scripts that call these files.
fn is_snap(program: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(program).and_then(|file| file.take(4096).read_to_end(&mut head));
    let head = String::from_utf8_lossy(&head);
    fs::canonicalize(program).is_ok_and(|real| real.ends_with("bin/snap"))
        || read.is_ok() && head.starts_with("#!") && head.contains("/snap/bin/")
}

/// Installs packages with apt, as root, or with sudo if sudo needs no password.
///
/// # Errors
/// If neither works. The error contains the command to type.
pub(crate) fn apt_install(why: &str, packages: &[&str]) -> Result {
    let packages = packages.join(" ");
    let typed = format!("sudo apt-get update && sudo apt-get install {packages}");
    let Some(prefix) = privilege() else {
        return Err(Failure::new(format!("{why} need missing packages: {packages}"))
            .advise(format!("Install them, then try again:\n  {typed}")));
    };
    apt_update(prefix);
    let mut install = apt(prefix);
    // Never remove the developer's packages.
    install.args(["install", "--yes", "--no-install-recommends", "--no-remove"]);
    install.args(packages.split(' '));
    long::run_long(
        &format!("{why}: installing {packages} with apt-get (takes about a minute)"),
        &mut install,
    )
    .map_err(|failure| failure.advise(format!("Try this command:\n  {typed}")))
}

/// How this process gets the root rights that it needs to install packages.
#[derive(Debug, Clone, Copy)]
enum Privilege {
    Root,
    Sudo,
}

fn privilege() -> Option<Privilege> {
    if nix::unistd::Uid::effective().is_root() {
        Some(Privilege::Root)
    } else if run::succeeds(run::command("sudo").args(["-n", "true"])) {
        Some(Privilege::Sudo)
    } else {
        None
    }
}

fn apt(privilege: Privilege) -> Command {
    let mut command = match privilege {
        Privilege::Root => run::command("apt-get"),
        Privilege::Sudo => {
            let mut sudo = run::command("sudo");
            // Set the variable with `env`, because many systems do not let sudo set variables.
            sudo.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
            sudo
        }
    };
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn apt_update(privilege: Privilege) {
    let mut update = apt(privilege);
    let _ = long::run_long("updating apt's package lists (takes seconds)", update.arg("update"));
}

#[cfg(test)]
mod tests {
    use super::{System, is_snap};
    use std::{env, fs, os::unix::fs::symlink, process};

    #[track_caller]
    fn check(release: &str, expected: System) {
        assert_eq!(System::from_os_release(release), expected);
    }

    #[test]
    fn recognizes_a_system_by_its_name_or_its_base() {
        check("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n", System::Debian);
        check("ID=raspbian\nID_LIKE=debian\n", System::Debian);
        check("PRETTY_NAME=\"Ubuntu 24.04.3 LTS\"\nID=ubuntu\nID_LIKE=debian\n", System::Ubuntu);
        check("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", System::Ubuntu);
        check("ID=fedora\n", System::Fedora);
        check("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", System::Fedora);
        check("ID=manjaro\nID_LIKE=arch\n", System::Arch);
        check("ID=nixos\n", System::Other);
        check("", System::Other);
    }

    #[test]
    fn recognizes_a_snap_by_its_link_or_its_script() {
        let folder = env::temp_dir().join(format!("xtask-snap-{}", process::id()));
        fs::create_dir_all(folder.join("bin")).unwrap();
        let file = |name: &str, text: &str| {
            fs::write(folder.join(name), text).unwrap();
            folder.join(name)
        };
        let snap = file("bin/snap", "\u{7f}ELF");
        symlink(snap, folder.join("chromium")).unwrap();
        assert!(is_snap(&folder.join("chromium")));
        assert!(is_snap(&file("firefox", "#!/bin/sh\nexec /snap/bin/firefox \"$@\"\n")));
        assert!(!is_snap(&file("chrome", "#!/bin/sh\nexec /opt/google/chrome \"$@\"\n")));
        assert!(!is_snap(&file("geckodriver", "\u{7f}ELF /snap/bin/firefox")));
        assert!(!is_snap(&folder.join("gone")));
        fs::remove_dir_all(folder).unwrap();
    }
}
