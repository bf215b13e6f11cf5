//! The files of submissions in a folder.
//!
//! Each submission with files has a folder with a random name in the spool. The visitor's names are never used as file
//! names. A complete file is synced, then its folder, then the spool, so that the file survives a power failure.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use prometheus_client::registry::Registry;
use tokio::task::spawn_blocking;

use super::error::OpenError;
use super::file_reader::FileReader;
use super::file_writer::{Durability, LocalWriter};
use super::room::{self, Room};
use crate::settings::clock::{Clock, Moment, millis};
use crate::settings::{faults, random};
use crate::store::engine::{FileStore, FileStream, FileWriter, ReadSeek, Reservation};
use crate::store::submission::FileSetId;

/// The name of the file that a proxy locks while it uses the folder.
const LOCK: &str = "lock";

/// The spool folder.
#[derive(Debug, Clone)]
pub(in crate::store) struct LocalFiles {
    root: Arc<Path>,
    room: Room,
    clock: Clock,
    durability: Durability,
    /// The locked file. It stays open while the spool is in use.
    _lock: Option<Arc<File>>,
}

impl LocalFiles {
    /// Opens or creates the folder, and locks it. `floor` is the number of bytes that uploads leave free on its disk;
    /// small submissions may use half of them.
    pub(super) fn open(root: &Path, floor: u64, clock: Clock) -> Result<Self, OpenError> {
        let path = || root.display().to_string();
        let failed = |source| OpenError::Folder { path: path(), source };
        durable_folder(root).map_err(failed)?;
        let lock = private_file(&root.join(LOCK), false).map_err(failed)?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => OpenError::InUse(path()),
            fs::TryLockError::Error(source) => failed(source),
        })?;
        Ok(Self::new(root, floor, clock, Some(lock)))
    }

    /// Opens an existing folder without locking it, because a running proxy may have the lock.
    pub(in crate::store) fn open_unlocked(root: &Path, clock: Clock) -> Self {
        Self::new(root, 0, clock, None)
    }

    fn new(root: &Path, floor: u64, clock: Clock, lock: Option<File>) -> Self {
        Self {
            root: root.into(),
            room: Room::new(floor),
            clock,
            durability: Durability::Synced,
            _lock: lock.map(Arc::new),
        }
    }

    /// Opens or creates a folder for files that are only needed until they have been copied to another place, and locks
    /// it. Removes all files that an earlier proxy has left there.
    #[cfg(feature = "shared")]
    pub(in crate::store) fn open_scratch(
        root: &Path,
        floor: u64,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let files = Self::open(root, floor, clock)?;
        let failed = |source| OpenError::Folder { path: root.display().to_string(), source };
        for set in folders(root, Moment(i64::MAX)).map_err(failed)? {
            fs::remove_dir_all(files.folder(&set)).map_err(failed)?;
        }
        Ok(Self { durability: Durability::Scratch, ..files })
    }

    /// Returns the names and the paths of a set's files. There are none if the set does not exist.
    #[cfg(feature = "shared")]
    pub(in crate::store) fn paths(&self, set: &FileSetId) -> io::Result<Vec<(String, PathBuf)>> {
        let entries = match fs::read_dir(self.folder(set)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let path = |entry: io::Result<fs::DirEntry>| {
            let entry = entry?;
            Ok((entry.file_name().to_string_lossy().into_owned(), entry.path()))
        };
        entries.map(path).collect()
    }

    /// Renames a folder so that it is not removed. The operator decides what to do with it.
    pub(super) fn set_aside(&self, set: &FileSetId) -> io::Result<()> {
        let aside = self.root.join(format!("lost-{}", set.0));
        fs::rename(self.folder(set), aside)
    }

    fn folder(&self, set: &FileSetId) -> PathBuf {
        self.root.join(&set.0)
    }

    fn file(&self, set: &FileSetId, file: &str) -> PathBuf {
        self.folder(set).join(file)
    }
}

#[async_trait]
impl FileStore for LocalFiles {
    fn reserve(&self, announced: Option<u64>) -> io::Result<Option<Box<dyn Reservation>>> {
        let reserved = self.room.reserve(&self.root, announced)?;
        Ok(reserved.map(|reserved| -> Box<dyn Reservation> { Box::new(reserved) }))
    }

    fn free_bytes(&self) -> io::Result<u64> {
        room::free(&self.root)
    }

    async fn begin(&self) -> io::Result<FileSetId> {
        let name = random::hex::<16>()
            .map_err(|_| io::Error::other("the system provides no random numbers"))?;
        faults::at("spool.create")?;
        let set = FileSetId(name);
        private_folder(&self.folder(&set), false)?;
        Ok(set)
    }

    async fn create(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn FileWriter>> {
        faults::at("spool.open")?;
        let file = private_file(&self.file(set, file), true)?;
        Ok(Box::new(LocalWriter::new(file, self.durability)))
    }

    async fn seal(&self, set: &FileSetId) -> io::Result<()> {
        faults::at("spool.sync_folder")?;
        sync_folder(&self.folder(set)).await?;
        faults::at("spool.sync_root")?;
        sync_folder(&self.root).await
    }

    async fn inspect(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn ReadSeek>> {
        let path = self.file(set, file);
        let open = tokio::fs::File::open(path).await?;
        Ok(Box::new(open.into_std().await))
    }

    async fn open(&self, set: &FileSetId, file: &str) -> io::Result<FileStream> {
        let open = tokio::fs::File::open(self.file(set, file)).await?;
        Ok(Box::pin(FileReader::new(open.into_std().await)))
    }

    async fn remove(&self, set: &FileSetId) -> io::Result<()> {
        let folder = self.folder(set);
        match spawn_blocking(move || fs::remove_dir_all(folder)).await? {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Lists only folders whose names have the store's format, because the operator may have configured a folder that
    /// contains other things. The age of a folder is the time since a file was last created in it or removed from it.
    async fn older_than(&self, age: Duration) -> io::Result<Vec<FileSetId>> {
        // If `age` is zero, list all folders, even if the clock was set back.
        let all = age.is_zero().then_some(Moment(i64::MAX));
        let before = all.unwrap_or_else(|| self.clock.now().minus(age));
        let root = Arc::clone(&self.root);
        spawn_blocking(move || folders(&root, before)).await?
    }

    async fn check(&self) -> io::Result<()> {
        let set = self.begin().await?;
        self.remove(&set).await
    }

    fn register_metrics(&self, _registry: &mut Registry) {}

    fn location(&self, set: &FileSetId, file: &str) -> String {
        self.file(set, file).display().to_string()
    }
}

/// Returns the folders that were last changed at this time or before.
fn folders(root: &Path, before: Moment) -> io::Result<Vec<FileSetId>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        let is_ours = name.len() == 32
            && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !is_ours {
            continue;
        }
        let metadata = match entry.metadata() {
            // The folder was removed in the meantime.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            metadata => metadata?,
        };
        let modified = metadata.modified()?.duration_since(SystemTime::UNIX_EPOCH);
        if metadata.is_dir() && Moment(millis(modified.unwrap_or_default())) <= before {
            folders.push(FileSetId(name));
        }
    }
    Ok(folders)
}

#[cfg(unix)]
async fn sync_folder(path: &Path) -> io::Result<()> {
    tokio::fs::File::open(path).await?.sync_all().await
}

/// Does nothing on systems other than Unix. There, `File::open` fails for a folder, and the file system stores file names
/// without a sync.
#[cfg(not(unix))]
async fn sync_folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Creates a folder that other users cannot enter.
fn private_folder(path: &Path, with_parents: bool) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(with_parents);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Creates the folder and its parents durably, so that they survive a power failure.
fn durable_folder(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    let created: Vec<_> = path.ancestors().take_while(|folder| !folder.exists()).collect();
    private_folder(&path, true)?;
    #[cfg(unix)]
    for folder in created.iter().filter_map(|folder| folder.parent()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Makes a file unreadable for other users, and creates it if necessary. `SQLite` would create the journal with the
/// process's default permissions. It copies the journal's permissions to its other files.
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    let file = private_file(path, false)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    drop(file);
    Ok(())
}

/// Opens a file that other users cannot read. With `new`, fails if a file or a link with this name exists.
fn private_file(path: &Path, new: bool) -> io::Result<File> {
    let mut options = File::options();
    options.write(true);
    if new {
        options.create_new(true)
    } else {
        options.create(true).truncate(false)
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;

        let no_link = rustix::fs::OFlags::NOFOLLOW.bits();
        options.mode(0o600).custom_flags(i32::try_from(no_link).unwrap_or(0));
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[tokio::test]
    async fn keeps_the_spool_unreadable_for_other_users() {
        use std::os::unix::fs::PermissionsExt;

        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("spool");
        let files = LocalFiles::open(&root, 0, Clock::system()).unwrap();
        let set = files.begin().await.unwrap();
        files.create(&set, "0").await.unwrap().finish().await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let own = root.join(&set.0);
        assert_eq!((mode(&root), mode(&own), mode(&own.join("0"))), (0o700, 0o700, 0o600));
    }

    #[tokio::test]
    async fn lists_only_folders_with_names_that_the_store_chose() {
        let root = tempfile::tempdir().unwrap();
        let files = LocalFiles::open(root.path(), 0, Clock::system()).unwrap();
        let ours = "0123456789abcdef0123456789abcdef";
        fs::create_dir(root.path().join(ours)).unwrap();
        fs::create_dir(root.path().join("theses")).unwrap();
        fs::write(root.path().join("fedcba9876543210fedcba9876543210"), "a file").unwrap();
        let listed = files.older_than(Duration::ZERO).await.unwrap();
        assert_eq!(listed, [FileSetId(ours.to_owned())]);
    }

    #[tokio::test]
    async fn lists_only_folders_that_are_old_enough() {
        let root = tempfile::tempdir().unwrap();
        let files = LocalFiles::open(root.path(), 0, Clock::system()).unwrap();
        let [old, _young] = [files.begin().await.unwrap(), files.begin().await.unwrap()];
        let before = SystemTime::now() - Duration::from_secs(7_200);
        File::open(files.folder(&old)).unwrap().set_modified(before).unwrap();
        let listed = files.older_than(Duration::from_secs(3_600)).await.unwrap();
        assert_eq!(listed, [old]);
    }

    #[cfg(feature = "shared")]
    #[tokio::test]
    async fn removes_only_its_own_folders_when_it_opens_a_scratch_folder() {
        let root = tempfile::tempdir().unwrap();
        let killed = LocalFiles::open_scratch(root.path(), 0, Clock::system()).unwrap();
        let set = killed.begin().await.unwrap();
        killed.create(&set, "0").await.unwrap().finish().await.unwrap();
        fs::create_dir(root.path().join("theses")).unwrap();
        drop(killed);
        let files = LocalFiles::open_scratch(root.path(), 0, Clock::system()).unwrap();
        assert_eq!(files.paths(&set).unwrap(), []);
        assert!(root.path().join("theses").is_dir() && !root.path().join(&set.0).exists());
    }

    #[test]
    fn refuses_to_open_a_spool_that_another_proxy_uses() {
        let root = tempfile::tempdir().unwrap();
        let first = LocalFiles::open(root.path(), 0, Clock::system()).unwrap();
        assert!(matches!(
            LocalFiles::open(root.path(), 0, Clock::system()),
            Err(OpenError::InUse(_))
        ));
        drop(first);
        assert!(LocalFiles::open(root.path(), 0, Clock::system()).is_ok());
    }
}
