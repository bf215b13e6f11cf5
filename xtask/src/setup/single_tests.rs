//! Programs that only single tests use. A test reports SKIPPED if its program is missing.

use super::system::{self, System};
use crate::run;

/// The programs and their Debian packages. nginx is not included, because its package starts a
/// server.
const PROGRAMS: [(&str, &str); 2] = [("php", "php-cli"), ("strace", "strace")];

/// Installs missing programs with apt, if the system has it. A failure is only printed.
pub(crate) fn install() {
    let missing = PROGRAMS.iter().filter(|(program, _)| run::which(program).is_none());
    let packages: Vec<_> = missing.map(|(_, package)| *package).collect();
    let has_apt = matches!(System::here(), System::Debian | System::Ubuntu);
    if has_apt
        && !packages.is_empty()
        && let Err(failure) = system::apt_install("single tests", &packages)
    {
        eprintln!("{failure}");
    }
}
