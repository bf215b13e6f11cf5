//! Programs of which one test each makes use, and which it says aloud that it misses.

use super::system::{self, System};
use crate::run;

/// The programs and Debian's packages with them. Not nginx: its package starts a server.
const PROGRAMS: [(&str, &str); 2] = [("php", "php-cli"), ("strace", "strace")];

/// Installs those that are missing, where that is one command. It may fail.
pub(crate) fn install() {
    let missing = PROGRAMS.iter().filter(|(program, _)| run::which(program).is_none());
    let packages: Vec<_> = missing.map(|(_, package)| *package).collect();
    let here = matches!(System::here(), System::Debian | System::Ubuntu);
    if here
        && !packages.is_empty()
        && let Err(failure) = system::apt_install("single tests", &packages)
    {
        eprintln!("{failure}");
    }
}
