//! Files on their way to the CRM: on disk, not in memory.
//!
//! Each submission with files has a folder of its own, under a random name; the visitor's names
//! never become file names. A folder goes when its [`SpoolFolder`] does, whatever happens to the
//! submission; what a killed proxy leaves is removed at the next start.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;
use tokio::io::AsyncWriteExt;
use tracing::{info, warn};

/// The file that says that a proxy uses the folder.
const LOCK: &str = "lock";

/// What is written at a time: few system calls, and little memory for many uploads at once.
const WRITE_BYTES: usize = 128 * 1024;

/// The spool. One proxy has it at a time.
#[derive(Debug, Clone)]
pub(crate) struct Spool {
    root: Arc<Path>,
    /// Held open as long as the spool is in use.
    _lock: Arc<File>,
}

/// The folder of one submission, removed when dropped.
#[derive(Debug)]
pub(crate) struct SpoolFolder {
    path: PathBuf,
    files: usize,
}

/// A file that is being written.
#[derive(Debug)]
pub(crate) struct SpoolWriter {
    path: PathBuf,
    file: tokio::fs::File,
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
    /// Makes the folder, or takes it over from a proxy that is gone.
    pub(crate) fn open(root: &Path) -> Result<Self, SpoolError> {
        let shown = || root.display().to_string();
        let failed = |source| SpoolError::Folder { path: shown(), source };
        private_folder(root, true).map_err(failed)?;
        let lock = private_file(&root.join(LOCK), false).map_err(failed)?;
        lock.try_lock().map_err(|error| match error {
            fs::TryLockError::WouldBlock => SpoolError::InUse(shown()),
            fs::TryLockError::Error(source) => failed(source),
        })?;
        let left = clear(root).map_err(failed)?;
        if left > 0 {
            info!(submissions = left, "removed what an earlier run left in the spool");
        }
        Ok(Self { root: root.into(), _lock: Arc::new(lock) })
    }

    /// A new, empty folder for one submission.
    pub(crate) fn folder(&self) -> io::Result<SpoolFolder> {
        let path = self.root.join(random_name()?);
        private_folder(&path, false)?;
        Ok(SpoolFolder { path, files: 0 })
    }
}

impl SpoolFolder {
    /// A new file.
    pub(crate) fn file(&mut self) -> io::Result<SpoolWriter> {
        let path = self.path.join(self.files.to_string());
        self.files += 1;
        let mut file = tokio::fs::File::from_std(private_file(&path, true)?);
        file.set_max_buf_size(WRITE_BYTES);
        Ok(SpoolWriter { path, file })
    }
}

impl SpoolWriter {
    pub(crate) async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await
    }

    /// Where the file is, once all of it is written.
    pub(crate) async fn finish(mut self) -> io::Result<PathBuf> {
        self.file.flush().await?;
        Ok(self.path)
    }
}

impl Drop for SpoolFolder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.path) {
            warn!(%error, "cannot remove a submission's files from the spool");
        }
    }
}

/// Removes the folders of submissions, and nothing that has another name than ours: the spool may
/// have been pointed at somebody's own folder.
fn clear(root: &Path) -> io::Result<usize> {
    let mut removed = 0;
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| {
            name.len() == 32
                && name.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        });
        if ours && entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn random_name() -> io::Result<String> {
    crate::random::hex::<16>().map_err(|_| io::Error::other("no random numbers"))
}

/// A folder that nobody else can enter.
fn private_folder(path: &Path, with_parents: bool) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(with_parents);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
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
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
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
    async fn a_submission_s_files_go_with_it() {
        let root = tempfile::tempdir().unwrap();
        let spool = Spool::open(root.path()).unwrap();
        let mut folder = spool.folder().unwrap();
        let mut writer = folder.file().unwrap();
        writer.write(b"content").await.unwrap();
        let path = writer.finish().await.unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"content");
        drop(folder);
        assert_eq!(entries(root.path()), [LOCK]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_read_the_spool() {
        use std::os::unix::fs::PermissionsExt;

        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("spool");
        let mut folder = Spool::open(&root).unwrap().folder().unwrap();
        let file = folder.file().unwrap().finish().await.unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&root), mode(&folder.path), mode(&file)), (0o700, 0o700, 0o600));
    }

    #[test]
    fn a_start_clears_what_a_crash_left_and_nothing_else() {
        let root = tempfile::tempdir().unwrap();
        let left = root.path().join("0123456789abcdef0123456789abcdef");
        fs::create_dir(&left).unwrap();
        fs::write(left.join("0"), "half a file").unwrap();
        fs::write(root.path().join("thesis.pdf"), "not ours").unwrap();
        let _spool = Spool::open(root.path()).unwrap();
        assert_eq!(entries(root.path()), [LOCK, "thesis.pdf"]);
    }

    #[test]
    fn two_proxies_do_not_share_a_spool() {
        let root = tempfile::tempdir().unwrap();
        let first = Spool::open(root.path()).unwrap();
        assert!(matches!(Spool::open(root.path()), Err(SpoolError::InUse(_))));
        drop(first);
        assert!(Spool::open(root.path()).is_ok());
    }
}
