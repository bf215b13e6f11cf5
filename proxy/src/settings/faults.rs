//! Fault points: named places where a test can kill the process or make the disk fail.
//!
//! Only tests enable the feature `faults`. Without it, a fault point does nothing.
//!
//! `DEAL_PROXY_FAULT` sets the fault: `journal.commit=kill`, `spool.sync_file=eio`, `spool.room=enospc*2` for
//! the first two times only, or `#7=kill` at the seventh point of the run.
//! `DEAL_PROXY_TRACE` sets a file to which the name of each reached point is appended.

/// Reaches a fault point.
///
/// # Errors
/// The fault that a test has set.
#[cfg(not(feature = "faults"))]
#[expect(clippy::unnecessary_wraps, reason = "with the feature, it can fail")]
pub(crate) fn at(_point: &'static str) -> std::io::Result<()> {
    Ok(())
}

#[cfg(feature = "faults")]
pub(crate) use self::on::at;

#[cfg(feature = "faults")]
mod on {
    use std::fs::File;
    use std::io::{self, Write};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{LazyLock, Mutex, PoisonError};

    /// What a fault point does: kill the process, or fail with this OS error code.
    #[derive(Debug, Clone, Copy)]
    enum Fault {
        Kill,
        Fail(i32),
    }

    /// The fault points at which the fault happens.
    #[derive(Debug)]
    enum Target {
        Name(String),
        Number(usize),
    }

    static FAULT: LazyLock<Option<(Target, Fault)>> = LazyLock::new(|| {
        let text = std::env::var("DEAL_PROXY_FAULT").ok()?;
        let (target, fault) = text.split_once('=')?;
        let (fault, times) = fault.split_once('*').unwrap_or((fault, "1000000"));
        LEFT.store(times.parse().ok()?, Ordering::SeqCst);
        let target = match target.strip_prefix('#').map(str::parse) {
            Some(number) => Target::Number(number.ok()?),
            None => Target::Name(target.to_owned()),
        };
        let fault = match fault {
            "kill" => Fault::Kill,
            "eio" => Fault::Fail(rustix::io::Errno::IO.raw_os_error()),
            "enospc" => Fault::Fail(rustix::io::Errno::NOSPC.raw_os_error()),
            _ => return None,
        };
        Some((target, fault))
    });

    static TRACE: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
        let path = std::env::var_os("DEAL_PROXY_TRACE")?;
        File::options().append(true).create(true).open(path).ok().map(Mutex::new)
    });

    static REACHED: AtomicUsize = AtomicUsize::new(0);

    /// How many times the fault will still happen.
    static LEFT: AtomicUsize = AtomicUsize::new(0);

    /// Reaches a fault point.
    pub(crate) fn at(point: &'static str) -> io::Result<()> {
        let number = REACHED.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some(trace) = &*TRACE {
            writeln!(trace.lock().unwrap_or_else(PoisonError::into_inner), "{point}")?;
        }
        let here = |target: &Target| match target {
            Target::Name(name) => name == point,
            Target::Number(wanted) => *wanted == number,
        };
        let Some((_, fault)) = FAULT.as_ref().filter(|(target, _)| here(target)) else {
            return Ok(());
        };
        if LEFT
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
            .is_err()
        {
            return Ok(());
        }
        match fault {
            Fault::Kill => kill(),
            Fault::Fail(code) => Err(io::Error::from_raw_os_error(*code)),
        }
    }

    /// Kills the process as the kernel does when memory runs out: without unwinding or flushing.
    fn kill() -> ! {
        let _ =
            rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        std::process::abort()
    }
}
