//! Files on their way to the CRM: on disk, not in memory.
//!
//! Each submission with files has a folder of its own, under a random name; the visitor's names
//! never become file names. A folder goes when its [`SpoolFolder`] does, unless it was
//! [sealed](SpoolFolder::seal) and kept: from then on the journal says how long it stays.
//!
//! What is sealed outlives a loss of power: each file is synced when it is whole, then its folder,
//! then the spool, and only then is it entered in the journal. Removal goes the other way round.

mod room;
mod writer;

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use tracing::warn;

pub(crate) use self::room::Reservation;
use self::room::Room;
pub(crate) use self::writer::{SpoolWriter, Written};
use crate::settings::faults;

/// The file that says that a proxy uses the folder.
const LOCK: &str = "lock";

/// The spool. One proxy has it at a time.
#[derive(Debug, Clone)]
pub(crate) struct Spool {
    root: Arc<Path>,
    room: Room,
    /// Held open as long as the spool is in use.
    _lock: Option<Arc<File>>,
}

/// The name of a submission's folder in the spool.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct FolderName(String);

/// The folder of one submission, removed when dropped.
#[derive(Debug)]
pub(crate) struct SpoolFolder {
    spool: Spool,
    name: FolderName,
    files: usize,
    kept: bool,
}

/// Why there is no spool.
#[derive(Debug, Error)]
pub enum SpoolError {
    /// The folder cannot be made, read or cleared.
    #[error("cannot use the spool folder {path}: {source}")]
    Folder {
        /// The folder.
        path: String,
        /// Why.
        source: io::Error,
    },
    /// Another proxy has it.
    #[error("the spool folder {0} is in use by another proxy; give each its own by --spool")]
    InUse(String),
}

impl Spool {
    /// Makes the folder, or takes it over from a proxy that is gone. `floor` is what stays free on
    /// its disk.
    pub(crate) fn open(root: &Path, floor: u64) -> Result<Self, SpoolError> {
        let shown = || root.display().to_string();
        let failed = |source| SpoolError::Folder { path: shown(), source };
        durable_folder(root).map_err(failed)?;
        let lock = private_file(&root.join(LOCK), false).map_err(failed)?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => SpoolError::InUse(shown()),
            fs::TryLockError::Error(source) => failed(source),
        })?;
        Ok(Self { root: root.into(), room: Room::new(floor), _lock: Some(Arc::new(lock)) })
    }

    /// The spool of a proxy that may be running, for its operator.
    pub(crate) fn beside(root: &Path) -> Self {
        Self { root: root.into(), room: Room::new(0), _lock: None }
    }

    /// Promises room for an upload of so many bytes, where that is known; none when the disk is too
    /// full.
    pub(crate) fn reserve(&self, announced: Option<u64>) -> io::Result<Option<Reservation>> {
        self.room.reserve(&self.root, announced)
    }

    /// A new, empty folder for one submission.
    pub(crate) fn folder(&self) -> io::Result<SpoolFolder> {
        let name = crate::settings::random::hex::<16>()
            .map_err(|_| io::Error::other("no random numbers"))?;
        faults::at("spool.create")?;
        private_folder(&self.root.join(&name), false)?;
        Ok(SpoolFolder { spool: self.clone(), name: FolderName(name), files: 0, kept: false })
    }

    /// Where a file of a kept folder is.
    pub(crate) fn file(&self, folder: &FolderName, file: &str) -> PathBuf {
        self.root.join(&folder.0).join(file)
    }

    /// The folders of submissions, and nothing that has another name than ours: the spool may have
    /// been pointed at somebody's own folder.
    pub(crate) fn folders(&self) -> io::Result<Vec<FolderName>> {
        let mut folders = Vec::new();
        for entry in fs::read_dir(&self.root)? {
            let entry = entry?;
            let name = entry.file_name().into_string().unwrap_or_default();
            let ours = name.len() == 32
                && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
            if ours && entry.file_type()?.is_dir() {
                folders.push(FolderName(name));
            }
        }
        Ok(folders)
    }

    /// Takes a folder out of the spool without removing it: only the operator knows what it is.
    pub(crate) fn set_aside(&self, folder: &FolderName) -> io::Result<()> {
        let aside = self.root.join(format!("lost-{}", folder.0));
        fs::rename(self.root.join(&folder.0), aside)
    }

    /// Removes a folder that the journal no longer knows.
    pub(crate) fn remove(&self, folder: &FolderName) {
        let removed =
            faults::at("spool.remove").and_then(|()| fs::remove_dir_all(self.root.join(&folder.0)));
        match removed {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            // The next start finds it.
            Err(error) => warn!(%error, "cannot remove a submission's files from the spool"),
        }
    }
}

impl SpoolFolder {
    /// Where that file of it is.
    pub(crate) fn path(&self, file: &Written) -> PathBuf {
        self.spool.file(&self.name, &file.name)
    }

    /// A new file.
    pub(crate) fn file(&mut self) -> io::Result<SpoolWriter> {
        let name = self.files.to_string();
        let path = self.spool.file(&self.name, &name);
        self.files += 1;
        faults::at("spool.open")?;
        Ok(SpoolWriter::new(name, private_file(&path, true)?))
    }

    /// Syncs the names of the files, and the folder's own, so that a loss of power loses neither.
    pub(crate) async fn seal(&self) -> io::Result<()> {
        faults::at("spool.sync_folder")?;
        sync_folder(&self.spool.root.join(&self.name.0)).await?;
        faults::at("spool.sync_root")?;
        sync_folder(&self.spool.root).await
    }

    /// The name under which the journal knows it.
    pub(crate) fn name(&self) -> &FolderName {
        &self.name
    }

    /// Leaves the folder to whoever gets its name.
    pub(crate) fn keep(mut self) -> FolderName {
        self.kept = true;
        self.name.clone()
    }
}

impl FolderName {
    /// As the journal writes it.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As the journal wrote it.
    pub(crate) fn known(name: String) -> Self {
        Self(name)
    }
}

impl Drop for SpoolFolder {
    fn drop(&mut self) {
        if !self.kept {
            self.spool.remove(&self.name);
        }
    }
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

/// A folder that nobody else can enter.
fn private_folder(path: &Path, with_parents: bool) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(with_parents);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the folder with those that it is in, so that their names outlive a loss of power.
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

/// Makes the file one that nobody else can read, or begins it so. `SQLite` would give it the rights
/// that the process gives to all its files, and gives its own files beside it those of this one.
pub(crate) fn keep_private(path: &Path) -> io::Result<()> {
    let file = private_file(path, false)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    drop(file);
    Ok(())
}

/// A file that nobody else can read; `new` refuses one that is there, or a link.
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

    fn entries(path: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_submission_s_files_go_with_it_unless_they_are_kept() {
        let root = tempfile::tempdir().unwrap();
        let spool = Spool::open(root.path(), 0).unwrap();
        for kept in [false, true] {
            let mut folder = spool.folder().unwrap();
            let mut writer = folder.file().unwrap();
            writer.write(b"content").await.unwrap();
            let written = writer.finish().await.unwrap();
            folder.seal().await.unwrap();
            let path = spool.file(folder.name(), &written.name);
            assert_eq!(fs::read(&path).unwrap(), b"content");
            assert_eq!(written.digest[..], blake3::hash(b"content").as_bytes()[..]);
            if kept {
                folder.keep();
            } else {
                drop(folder);
            }
            assert_eq!(path.exists(), kept);
        }
        let [kept] = &spool.folders().unwrap()[..] else { panic!("one folder") };
        assert_eq!(fs::read(spool.file(kept, "0")).unwrap(), b"content");
        spool.remove(kept);
        assert_eq!(entries(root.path()), [LOCK]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_read_the_spool() {
        use std::os::unix::fs::PermissionsExt;

        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("spool");
        let mut folder = Spool::open(&root, 0).unwrap().folder().unwrap();
        let file = folder.file().unwrap().finish().await.unwrap().name;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let own = root.join(folder.name().as_str());
        assert_eq!((mode(&root), mode(&own), mode(&own.join(file))), (0o700, 0o700, 0o600));
    }

    #[test]
    fn only_folders_of_ours_are_known() {
        let root = tempfile::tempdir().unwrap();
        let spool = Spool::open(root.path(), 0).unwrap();
        let ours = "0123456789abcdef0123456789abcdef";
        fs::create_dir(root.path().join(ours)).unwrap();
        fs::create_dir(root.path().join("theses")).unwrap();
        fs::write(root.path().join("fedcba9876543210fedcba9876543210"), "a file").unwrap();
        assert_eq!(spool.folders().unwrap(), [FolderName::known(ours.to_owned())]);
    }

    #[test]
    fn two_proxies_do_not_share_a_spool() {
        let root = tempfile::tempdir().unwrap();
        let first = Spool::open(root.path(), 0).unwrap();
        assert!(matches!(Spool::open(root.path(), 0), Err(SpoolError::InUse(_))));
        drop(first);
        assert!(Spool::open(root.path(), 0).is_ok());
    }
}
