//! Finds and runs the programs of PostgreSQL and PgBouncer.

use std::env;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::Missing;

/// The user that Debian's packages create. PostgreSQL and PgBouncer refuse to run as root.
const USER: &str = "postgres";

/// The folder in which Debian has a folder for each version of PostgreSQL.
const VERSIONS: &str = "/usr/lib/postgresql";

/// Linux's folder in memory. In containers, it is often small.
const MEMORY: &str = "/dev/shm";

/// The free space that many databases need, in kB.
const ROOM: u64 = 4_000_000;

/// Finds a program in the folder of the newest PostgreSQL, on the `PATH`, or among the system's programs.
pub(crate) fn find(program: &'static str, package: &'static str) -> Result<PathBuf, Missing> {
    // Debian's programs on the `PATH` are scripts that choose a version and start slowly.
    let mut folders = versions();
    folders.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    folders.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    let missing = Missing { program, package };
    let found = folders.iter().map(|folder| folder.join(program)).find(|path| path.is_file());
    let found = found.ok_or_else(|| missing.clone())?;
    if is_root() && !succeeds(Command::new("id").arg(USER)) { Err(missing) } else { Ok(found) }
}

/// Returns the folders with PostgreSQL's programs, the newest version first.
fn versions() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = Path::new(VERSIONS)
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_unstable();
    versions.into_iter().rev().map(|(_, folder)| folder).collect()
}

/// Returns a command that runs a program as a user other than root.
pub(crate) fn command(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", USER, "--"]).arg(program);
    command
}

/// Creates an empty folder that the user of the services can write to. It is in memory if there is enough, because a
/// database has a thousand small files.
pub(crate) fn create_folder() -> PathBuf {
    let parent = if has_room(MEMORY) { MEMORY.into() } else { env::temp_dir() };
    let mut mktemp = command(Path::new("mktemp"));
    mktemp.arg("--directory").arg("--suffix=-deal-form").arg("--tmpdir").env("TMPDIR", parent);
    let output = run(&mut mktemp);
    PathBuf::from(String::from_utf8_lossy(&output.stdout).trim_end())
}

/// Returns a free port on the loopback interface.
#[expect(clippy::expect_used, reason = "without a free port, no test can run")]
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0");
    let address = listener.and_then(|listener| listener.local_addr());
    address.expect("the loopback interface has a free port").port()
}

/// Runs a command to its end.
///
/// # Panics
/// If the command fails.
#[expect(clippy::panic, reason = "a test cannot continue without its service")]
pub(crate) fn run(command: &mut Command) -> Output {
    // The current folder may be closed to the other user.
    command.current_dir("/").stdin(Stdio::null());
    match command.output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr);
            panic!("{command:?} failed with {}: {errors}", output.status)
        }
        Err(error) => panic!("cannot run {command:?}: {error}"),
    }
}

/// Returns whether the folder exists and has enough free space.
fn has_room(folder: &str) -> bool {
    let output = Command::new("df").args(["-Pk", folder]).output();
    let output = output.map(|output| output.stdout).unwrap_or_default();
    let output = String::from_utf8_lossy(&output);
    let free = output.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse().ok());
    free.is_some_and(|free: u64| free > ROOM)
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
