//! Ctrl-C and SIGTERM end everything that was started here.

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

/// How long a program may take to end in good order. The proxy finishes what it is sending.
const PATIENCE: Duration = Duration::from_secs(8);
/// What shells report for a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());
static FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());
static STOPPING: AtomicBool = AtomicBool::new(false);

/// From here on SIGINT, SIGTERM and SIGHUP stop all groups, then this process.
pub(crate) fn stop_children_on_signals() -> Result {
    ctrlc::set_handler(|| {
        STOPPING.store(true, Ordering::SeqCst);
        // Held to the end: nothing new can start meanwhile.
        let groups = groups();
        for group in groups.iter() {
            ask_to_end(*group);
        }
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE && groups.iter().any(|group| reap_and_look(*group)) {
            thread::sleep(Duration::from_millis(20));
        }
        for group in groups.iter() {
            make_end(*group);
        }
        for file in lock(&FILES).iter() {
            let _ = fs::remove_file(file);
        }
        // Not by `eprintln`: where nobody reads any more, as behind `| head`, it would end this thread, and
        // the process would wait for it for ever.
        let _ = writeln!(io::stderr(), "\nStopped.");
        process::exit(INTERRUPTED);
    })
    .or_fail(|| "cannot listen for Ctrl-C".to_owned())
}

/// A file that must not outlive this process, even when a signal ends it.
pub(crate) fn remove_at_the_end(file: &Path) {
    lock(&FILES).push(file.to_owned());
}

/// Whether a signal came and everything is being stopped: a program that ends now did not fail.
pub(crate) fn stopping() -> bool {
    STOPPING.load(Ordering::SeqCst)
}

/// Never returns once everything is being stopped: the thread of the handler ends the process,
/// and an error message about an interrupted program would only confuse.
pub(crate) fn rest_if_stopping() {
    while stopping() {
        thread::sleep(Duration::from_secs(1));
    }
}

/// Starts a process and notes its group, with no gap in which a signal could miss it.
pub(super) fn register(start: impl FnOnce() -> io::Result<Child>) -> io::Result<Child> {
    let mut groups = groups();
    let child = start()?;
    groups.push(group_of(&child));
    Ok(child)
}

/// A process started at the head of its group gives the group its number.
pub(super) fn group_of(child: &Child) -> Pid {
    // Process numbers are far below 2³¹ everywhere. Should one not be: 0 would be our own
    // group, so rather a number that no group has.
    Pid::from_raw(i32::try_from(child.id()).unwrap_or(i32::MAX))
}

pub(super) fn forget(group: Pid) {
    groups().retain(|known| *known != group);
}

pub(super) fn ask_to_end(group: Pid) {
    // An error means that it has ended already.
    let _ = killpg(group, Signal::SIGTERM);
}

pub(super) fn make_end(group: Pid) {
    let _ = killpg(group, Signal::SIGKILL);
}

pub(super) fn is_alive(group: Pid) -> bool {
    killpg(group, None).is_ok()
}

/// An ended child that nobody has waited for still counts as alive.
fn reap_and_look(group: Pid) -> bool {
    let _ = waitpid(group, Some(WaitPidFlag::WNOHANG));
    is_alive(group)
}

fn groups() -> MutexGuard<'static, Vec<Pid>> {
    lock(&GROUPS)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
