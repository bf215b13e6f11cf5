//! Files in a folder: on disk, not in memory.
//!
//! Each submission with files has a folder with a random name in the spool; the visitor's names never become file names.
//! A file is synced when it is complete, then its folder, then the spool, so that a loss of power loses none of them.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use tokio::task::spawn_blocking;

use super::error::OpenError;
use super::file_reader::FileReader;
use super::file_writer::LocalWriter;
use super::room::Room;
use crate::settings::clock::{Clock, Moment, millis};
use crate::settings::{faults, random};
use crate::store::engine::{FileStore, FileStream, FileWriter, ReadSeek, Reservation};
use crate::store::submission::FileSetId;

/// The file whose lock says that a proxy uses the folder.
const LOCK: &str = "lock";

/// The spool folder.
#[derive(Debug, Clone)]
pub(in crate::store) struct LocalFiles {
    root: Arc<Path>,
    room: Room,
    clock: Clock,
    /// Held open as long as the spool is in use.
    _lock: Option<Arc<File>>,
}

impl LocalFiles {
    /// Creates the folder, or takes it over from a proxy that has ended. `floor` is the number of bytes that stay free
    /// on its disk.
    pub(super) fn open(root: &Path, floor: u64, clock: Clock) -> Result<Self, OpenError> {
        let shown = || root.display().to_string();
        let failed = |source| OpenError::Folder { path: shown(), source };
        durable_folder(root).map_err(failed)?;
        let lock = private_file(&root.join(LOCK), false).map_err(failed)?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => OpenError::InUse(shown()),
            fs::TryLockError::Error(source) => failed(source),
        })?;
        let lock = Some(Arc::new(lock));
        Ok(Self { root: root.into(), room: Room::new(floor), clock, _lock: lock })
    }

    /// The folder of a proxy that may be running, for its operator.
    pub(in crate::store) fn beside(root: &Path, clock: Clock) -> Self {
        Self { root: root.into(), room: Room::new(0), clock, _lock: None }
    }

    /// Renames a folder so that it is not removed: only the operator knows what it is.
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

    async fn begin(&self) -> io::Result<FileSetId> {
        let name = random::hex::<16>().map_err(|_| io::Error::other("no random numbers"))?;
        faults::at("spool.create")?;
        let set = FileSetId(name);
        private_folder(&self.folder(&set), false)?;
        Ok(set)
    }

    async fn create(&self, set: &FileSetId, file: &str) -> io::Result<Box<dyn FileWriter>> {
        faults::at("spool.open")?;
        let file = private_file(&self.file(set, file), true)?;
        Ok(Box::new(LocalWriter::new(file)))
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

    /// Lists only folders with names as the store chooses them: the spool may have been pointed at a folder with other
    /// things in it. A folder is as old as its last new file.
    async fn older_than(&self, age: Duration) -> io::Result<Vec<FileSetId>> {
        // All of them have this age, whatever the clock shows.
        let all = age.is_zero().then_some(Moment(i64::MAX));
        let before = all.unwrap_or_else(|| self.clock.now().minus(age));
        let root = Arc::clone(&self.root);
        spawn_blocking(move || folders(&root, before)).await?
    }

    fn location(&self, set: &FileSetId, file: &str) -> String {
        self.file(set, file).display().to_string()
    }
}

/// The folders that were last changed before then, or at that time.
fn folders(root: &Path, before: Moment) -> io::Result<Vec<FileSetId>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name().into_string().unwrap_or_default();
        let ours = name.len() == 32
            && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if !ours {
            continue;
        }
        let known = match entry.metadata() {
            // It was removed just now.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            known => known?,
        };
        let modified = known.modified()?.duration_since(SystemTime::UNIX_EPOCH);
        if known.is_dir() && Moment(millis(modified.unwrap_or_default())) <= before {
            folders.push(FileSetId(name));
        }
    }
    Ok(folders)
}

#[cfg(unix)]
async fn sync_folder(path: &Path) -> io::Result<()> {
    tokio::fs::File::open(path).await?.sync_all().await
}

/// Other systems cannot open a folder, and keep names by themselves.
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

/// Creates the folder and its parents, so that their names outlive a loss of power.
fn durable_folder(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    let made: Vec<_> = path.ancestors().take_while(|folder| !folder.exists()).collect();
    private_folder(&path, true)?;
    #[cfg(unix)]
    for folder in made.iter().filter_map(|folder| folder.parent()) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Makes a file unreadable for other users, and creates it if it does not exist. `SQLite` would give a new file the
/// process's default rights, and gives the files beside it the rights of this one.
pub(super) fn keep_private(path: &Path) -> io::Result<()> {
    let file = private_file(path, false)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    drop(file);
    Ok(())
}

/// Opens a file that other users cannot read; `new` refuses a file or a link that exists.
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
    async fn other_users_cannot_read_the_spool() {
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

    #[test]
    fn two_proxies_cannot_share_a_spool() {
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
