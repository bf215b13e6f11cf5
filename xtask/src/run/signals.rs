//! Stops the registered programs when this process receives Ctrl-C, SIGTERM or SIGHUP.

use crate::failure::{OrFail as _, Result};
use nix::{
    sys::{
        signal::{Signal, killpg},
        wait::{WaitPidFlag, waitpid},
    },
    unistd::Pid,
};
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{self, Child},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// How long programs may take to end. The proxy, for example, first finishes its calls to the CRM.
const TIMEOUT: Duration = Duration::from_secs(8);
/// The exit code of a program that Ctrl-C has ended, as shells report it.
const INTERRUPTED: i32 = 130;

static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static STOPPING: AtomicBool = AtomicBool::new(false);

/// Installs a signal handler. SIGINT, SIGTERM and SIGHUP stop all registered process groups, and then this process.
pub(crate) fn stop_children_on_signals() -> Result {
    ctrlc::set_handler(|| {
        STOPPING.store(true, Ordering::SeqCst);
        // Keep the lock, so that no other program can start.
        let groups = groups();
        for group in groups.iter() {
            terminate(*group);
        }
        let started = Instant::now();
        while started.elapsed() < TIMEOUT && groups.iter().any(|group| reap(*group)) {
            thread::sleep(Duration::from_millis(20));
        }
        for group in groups.iter() {
            kill(*group);
        }
        for file in lock(&FILES).iter() {
            let _ = fs::remove_file(file);
        }
        // Do not use `eprintln`: if stderr is closed, as after `| head`, it would panic in this thread, and
        // the process would wait for this thread forever.
        let _ = writeln!(io::stderr(), "\nStopped.");
        process::exit(INTERRUPTED);
    })
    .or_fail(|| "cannot listen for Ctrl-C".to_owned())
}

/// Registers a file to remove when a signal ends this process.
pub(crate) fn remove_on_signal(file: &Path) {
    lock(&FILES).push(file.to_owned());
}

/// Returns whether a signal is stopping the registered programs. If so, a program that ends did not fail.
pub(crate) fn is_stopping() -> bool {
    STOPPING.load(Ordering::SeqCst)
}

/// Blocks forever after a signal: the handler ends the process, and an error message about an interrupted
/// program would be confusing.
pub(crate) fn block_if_stopping() {
    while is_stopping() {
        thread::sleep(Duration::from_secs(1));
    }
}

/// Starts a process and registers its group. Holds one lock for both, so that a signal cannot miss the
/// process.
pub(super) fn register(start: impl FnOnce() -> io::Result<Child>) -> io::Result<Child> {
    let mut groups = groups();
    let child = start()?;
    groups.push(group_of(&child));
    Ok(child)
}

/// Returns the process group that a child leads. A group has the same number as its leader.
pub(super) fn group_of(child: &Child) -> Pid {
    // Process numbers are far below 2³¹. The fallback is an unused number, because 0 would mean our own
    // group.
    Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX))
}

pub(super) fn unregister(group: Pid) {
    groups().retain(|known| *known != group);
}

pub(super) fn terminate(group: Pid) {
    // An error means that the group has already ended.
    let _ = killpg(group, Signal::SIGTERM);
}

pub(super) fn kill(group: Pid) {
    let _ = killpg(group, Signal::SIGKILL);
}

pub(super) fn is_alive(group: Pid) -> bool {
    killpg(group, None).is_ok()
}

/// Reaps a child that has ended, because it would otherwise count as alive. Returns whether the
/// group is alive.
fn reap(group: Pid) -> bool {
    let _ = waitpid(group, Some(WaitPidFlag::WNOHANG));
    is_alive(group)
}

fn groups() -> MutexGuard<'static, Vec<Pid>> {
    lock(&GROUPS)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
