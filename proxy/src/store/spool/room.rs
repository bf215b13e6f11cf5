//! How much the disk still takes.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::settings::faults;

/// What is promised to one upload at a time. All that is announced would let announcements alone
/// fill any disk; this is what may be under way between two looks at the disk.
const WINDOW: u64 = 1_000_000;

/// What is promised to uploads, beside a floor that stays free for the journal, so that delivery
/// goes on when nothing more can be taken. Half of the floor is for submissions without large files:
/// what strangers fill the disk with must not keep out a name and a number.
#[derive(Debug, Clone)]
pub(super) struct Room {
    floor: u64,
    promised: Arc<AtomicU64>,
}

/// Bytes promised to one upload: those that come next. Given back when dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    room: Room,
    disk: Arc<Path>,
    bytes: u64,
    floor: u64,
    /// When so many have come, the disk is looked at again.
    until: u64,
}

impl Room {
    pub(super) fn new(floor: u64) -> Self {
        Self { floor, promised: Arc::default() }
    }

    /// Promises room for an upload; none when what is announced would not leave the floor free, or
    /// the beginning of what is not.
    pub(super) fn reserve(
        &self,
        disk: &Arc<Path>,
        announced: Option<u64>,
    ) -> io::Result<Option<Reservation>> {
        let whole = announced.unwrap_or(WINDOW);
        let bytes = whole.min(WINDOW);
        let is_small = announced.is_some_and(|bytes| bytes <= WINDOW);
        let floor = if is_small { self.floor / 2 } else { self.floor };
        let promised = self.promise(Self::free(disk, floor)?, whole, bytes);
        let (room, disk) = (self.clone(), Arc::clone(disk));
        let reservation = || Reservation { room, disk, bytes, floor, until: bytes };
        Ok(promised.then(reservation))
    }

    /// What is free above a floor, promises not counted.
    fn free(disk: &Path, floor: u64) -> io::Result<u64> {
        let free = match faults::at("spool.room") {
            Ok(()) => free(disk)?,
            Err(error) if error.kind() == io::ErrorKind::StorageFull => 0,
            Err(error) => return Err(error),
        };
        Ok(free.saturating_sub(floor))
    }

    /// Promises `bytes` of a whole that has to fit.
    fn promise(&self, free: u64, whole: u64, bytes: u64) -> bool {
        let Some(most) = free.checked_sub(whole) else { return false };
        let promise = |promised| (promised <= most).then(|| promised + bytes);
        self.promised.fetch_update(Ordering::SeqCst, Ordering::SeqCst, promise).is_ok()
    }
}

impl Reservation {
    /// So many bytes have come by now: makes sure of room for the next.
    ///
    /// # Errors
    /// [`StorageFull`](io::ErrorKind::StorageFull), when there is none.
    pub(crate) fn extend(&mut self, received: u64) -> io::Result<()> {
        if received < self.until {
            return Ok(());
        }
        self.until = received.saturating_add(WINDOW);
        let promised = self.room.promised.load(Ordering::SeqCst);
        let full = Room::free(&self.disk, self.floor)? < promised;
        if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.room.promised.fetch_sub(self.bytes, Ordering::SeqCst);
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
    fn who_has_no_files_gets_in_where_files_have_filled_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        let free = free(&disk).unwrap();
        let room = Room::new(free / 2 * 3);
        assert!(room.reserve(&disk, Some(1_000)).unwrap().is_some());
        assert!(room.reserve(&disk, Some(WINDOW + 1)).unwrap().is_none());
        assert!(room.reserve(&disk, None).unwrap().is_none());
    }

    #[test]
    fn what_is_promised_to_one_is_not_promised_to_another() {
        let room = Room::new(0);
        let promise = |bytes| room.promise(900, bytes, bytes);
        assert!(promise(600));
        assert!(!promise(301));
        assert!(promise(300));
        room.promised.fetch_sub(600, Ordering::SeqCst);
        assert!(!promise(601));
        assert!(promise(600));
    }

    #[test]
    fn announcements_alone_fill_no_disk() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        let room = Room::new(0);
        let half = Room::free(&disk, 0).unwrap() / 2;
        let promised: Vec<_> =
            (0..10).map(|_| room.reserve(&disk, Some(half)).unwrap().expect("room")).collect();
        assert_eq!(room.promised.load(Ordering::SeqCst), 10 * WINDOW);
        assert!(room.reserve(&disk, Some(half * 3)).unwrap().is_none(), "what can never fit");
        drop(promised);
        assert_eq!(room.promised.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn an_upload_is_broken_off_above_the_floor() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        let room = Room::new(0);
        let mut upload = room.reserve(&disk, None).unwrap().expect("room");
        assert!(upload.extend(WINDOW * 3).is_ok());
        upload.floor = u64::MAX;
        assert!(upload.extend(WINDOW * 4 - 1).is_ok(), "not looked at yet");
        let full = upload.extend(WINDOW * 4).unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
    }

    #[cfg(unix)]
    #[test]
    fn the_floor_stays_free() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        assert!(Room::new(0).reserve(&disk, Some(1)).unwrap().is_some());
        assert!(Room::new(u64::MAX).reserve(&disk, Some(1)).unwrap().is_none());
    }
}
