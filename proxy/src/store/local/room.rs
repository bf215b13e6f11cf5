//! The free space of the disk, and its reservation for uploads.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::settings::faults;
use crate::store::engine::Reservation;

/// The maximum number of bytes that are reserved for one upload at a time, and that may arrive between two checks of
/// the disk. If the whole announced length were reserved, announcements alone could block the disk.
const WINDOW: u64 = 1_000_000;

/// The room that is reserved for uploads. A minimum (the floor) stays free for the journal, so that deliveries continue
/// when no submission can be admitted. Small submissions may use half of the floor: a submission with only a name and a
/// phone number must be accepted even if strangers fill the disk with files.
#[derive(Debug, Clone)]
pub(super) struct Room {
    floor: u64,
    reserved: Arc<AtomicU64>,
}

/// Room for the next bytes of one upload, until this value is dropped.
#[derive(Debug)]
pub(super) struct UploadRoom {
    room: Room,
    disk: Arc<Path>,
    bytes: u64,
    floor: u64,
    /// The number of received bytes at which to check the disk again.
    until: u64,
}

impl Room {
    pub(super) fn new(floor: u64) -> Self {
        Self { floor, reserved: Arc::default() }
    }

    /// Reserves room for an upload. Returns `None` if the announced bytes would use space that has to stay free. If no
    /// length is announced, only the first bytes are checked.
    pub(super) fn reserve(
        &self,
        disk: &Arc<Path>,
        announced: Option<u64>,
    ) -> io::Result<Option<UploadRoom>> {
        let whole = announced.unwrap_or(WINDOW);
        let bytes = whole.min(WINDOW);
        let is_small = announced.is_some_and(|bytes| bytes <= WINDOW);
        let floor = if is_small { self.floor / 2 } else { self.floor };
        let has_room = self.add(Self::free(disk, floor)?, whole, bytes);
        let (room, disk) = (self.clone(), Arc::clone(disk));
        let reserved = || UploadRoom { room, disk, bytes, floor, until: bytes };
        Ok(has_room.then(reserved))
    }

    /// Returns the free bytes above a floor, including reserved ones.
    fn free(disk: &Path, floor: u64) -> io::Result<u64> {
        let free = match faults::at("spool.room") {
            Ok(()) => free(disk)?,
            Err(error) if error.kind() == io::ErrorKind::StorageFull => 0,
            Err(error) => return Err(error),
        };
        Ok(free.saturating_sub(floor))
    }

    /// Reserves `bytes` if the whole upload fits.
    fn add(&self, free: u64, whole: u64, bytes: u64) -> bool {
        let Some(most) = free.checked_sub(whole) else { return false };
        let add = |reserved| (reserved <= most).then(|| reserved + bytes);
        self.reserved.fetch_update(Ordering::SeqCst, Ordering::SeqCst, add).is_ok()
    }
}

impl Reservation for UploadRoom {
    fn extend(&mut self, received: u64) -> io::Result<()> {
        if received < self.until {
            return Ok(());
        }
        self.until = received.saturating_add(WINDOW);
        let reserved = self.room.reserved.load(Ordering::SeqCst);
        let full = Room::free(&self.disk, self.floor)? < reserved;
        if full { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
    }
}

impl Drop for UploadRoom {
    fn drop(&mut self) {
        self.room.reserved.fetch_sub(self.bytes, Ordering::SeqCst);
    }
}

/// Returns the number of bytes that an unprivileged process can still write.
#[cfg(unix)]
pub(super) fn free(disk: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(disk)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Returns the maximum on systems other than Unix, where the free space is unknown and a write fails if the disk is
/// full.
#[cfg(not(unix))]
pub(super) fn free(_disk: &Path) -> io::Result<u64> {
    Ok(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserves_room_for_a_small_submission_on_a_disk_that_files_have_filled() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        let free = free(&disk).unwrap();
        let room = Room::new(free / 2 * 3);
        assert!(room.reserve(&disk, Some(1_000)).unwrap().is_some());
        assert!(room.reserve(&disk, Some(WINDOW + 1)).unwrap().is_none());
        assert!(room.reserve(&disk, None).unwrap().is_none());
    }

    #[test]
    fn reserves_the_same_room_only_once() {
        let room = Room::new(0);
        let reserve = |bytes| room.add(900, bytes, bytes);
        assert!(reserve(600));
        assert!(!reserve(301));
        assert!(reserve(300));
        room.reserved.fetch_sub(600, Ordering::SeqCst);
        assert!(!reserve(601));
        assert!(reserve(600));
    }

    #[test]
    fn does_not_reserve_the_whole_announced_length() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        let room = Room::new(0);
        let half = Room::free(&disk, 0).unwrap() / 2;
        let reserved: Vec<_> =
            (0..10).map(|_| room.reserve(&disk, Some(half)).unwrap().expect("room")).collect();
        assert_eq!(room.reserved.load(Ordering::SeqCst), 10 * WINDOW);
        assert!(room.reserve(&disk, Some(half * 3)).unwrap().is_none(), "it can never fit");
        drop(reserved);
        assert_eq!(room.reserved.load(Ordering::SeqCst), 0);
    }

    #[test]
    fn aborts_an_upload_that_would_use_the_minimum_free_space() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        let room = Room::new(0);
        let mut upload = room.reserve(&disk, None).unwrap().expect("room");
        assert!(upload.extend(WINDOW * 3).is_ok());
        upload.floor = u64::MAX;
        assert!(upload.extend(WINDOW * 4 - 1).is_ok(), "the disk was checked too early");
        let full = upload.extend(WINDOW * 4).unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
    }

    #[cfg(unix)]
    #[test]
    fn reserves_no_room_on_a_disk_below_the_minimum_free_space() {
        let folder = tempfile::tempdir().unwrap();
        let disk: Arc<Path> = folder.path().into();
        assert!(Room::new(0).reserve(&disk, Some(1)).unwrap().is_some());
        assert!(Room::new(u64::MAX).reserve(&disk, Some(1)).unwrap().is_none());
    }
}
