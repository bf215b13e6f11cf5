//! Programs that only single tests use. A test reports SKIPPED if its program is missing.

use super::system::{self, System};
use crate::run;
use std::path::{Path, PathBuf};

/// The programs and their Debian packages. nginx is not included, because its package starts a
/// server.
const PROGRAMS: [(&str, &str); 2] = [("php", "php-cli"), ("strace", "strace")];

/// The servers of a store that several proxies share, and their Debian packages. These packages start a server, too, but
/// too many tests depend on them to skip those.
const SERVERS: [(&str, &str); 2] = [("postgres", "postgresql"), ("pgbouncer", "pgbouncer")];

/// The folder in which Debian has a folder for each version of PostgreSQL.
const POSTGRES_VERSIONS: &str = "/usr/lib/postgresql";

/// Installs missing programs with apt, if the system has it. A failure is only printed.
pub(crate) fn install() {
    let missing = PROGRAMS.iter().chain(&SERVERS).filter(|(program, _)| !is_installed(program));
    let packages: Vec<_> = missing.map(|(_, package)| *package).collect();
    let has_apt = matches!(System::here(), System::Debian | System::Ubuntu);
    if has_apt
        && !packages.is_empty()
        && let Err(failure) = system::apt_install("single tests", &packages)
    {
        eprintln!("{failure}");
    }
}

/// Returns whether the program is on the PATH, or among the programs for administrators or those of PostgreSQL, which are
/// often outside the PATH.
fn is_installed(program: &str) -> bool {
    let postgres = Path::new(POSTGRES_VERSIONS).read_dir().into_iter().flatten().flatten();
    let mut folders = postgres.map(|version| version.path().join("bin"));
    run::which(program).is_some()
        || run::is_executable(&PathBuf::from("/usr/sbin").join(program))
        || folders.any(|folder| run::is_executable(&folder.join(program)))
}
