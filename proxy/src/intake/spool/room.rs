//! How much the disk still takes.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::faults;

/// What is promised to uploads, beside a floor that stays free for the journal, so that delivery
/// goes on when nothing more can be taken.
#[derive(Debug, Clone)]
pub(super) struct Room {
    floor: u64,
    promised: Arc<AtomicU64>,
}

/// Bytes promised to one upload. Given back when dropped.
///
/// They count in full until then, also those that are on disk already: an upload near the floor is
/// rather asked to come back than broken off.
#[derive(Debug)]
pub(crate) struct Reservation {
    bytes: u64,
    promised: Arc<AtomicU64>,
}

impl Room {
    pub(super) fn new(floor: u64) -> Self {
        Self { floor, promised: Arc::default() }
    }

    /// Promises the bytes; none when they would not leave the floor free.
    pub(super) fn reserve(&self, disk: &Path, bytes: u64) -> io::Result<Option<Reservation>> {
        let free = match faults::at("spool.room") {
            Ok(()) => free(disk)?,
            Err(error) if error.kind() == io::ErrorKind::StorageFull => 0,
            Err(error) => return Err(error),
        };
        Ok(self.promise(free, bytes))
    }

    fn promise(&self, free: u64, bytes: u64) -> Option<Reservation> {
        let most = free.checked_sub(self.floor)?.checked_sub(bytes)?;
        let promise = |promised| (promised <= most).then(|| promised + bytes);
        self.promised.fetch_update(Ordering::SeqCst, Ordering::SeqCst, promise).ok()?;
        Some(Reservation { bytes, promised: Arc::clone(&self.promised) })
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.promised.fetch_sub(self.bytes, Ordering::SeqCst);
    }
}

/// What somebody without privileges may still write.
#[cfg(unix)]
fn free(disk: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(disk)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Not known: the write itself tells.
#[cfg(not(unix))]
fn free(_disk: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_promised_to_one_is_not_promised_to_another() {
        let room = Room::new(100);
        assert!(room.promise(99, 0).is_none(), "below the floor");
        let first = room.promise(1_000, 600).expect("room");
        assert!(room.promise(1_000, 301).is_none());
        let second = room.promise(1_000, 300).expect("room to the floor");
        drop(first);
        assert!(room.promise(1_000, 601).is_none());
        let third = room.promise(1_000, 600).expect("what was given back");
        drop((second, third));
        assert_eq!(room.promised.load(Ordering::SeqCst), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_real_disk_has_some_room() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Room::new(0).reserve(folder.path(), 1).unwrap().is_some());
        assert!(Room::new(u64::MAX).reserve(folder.path(), 1).unwrap().is_none());
    }
}
