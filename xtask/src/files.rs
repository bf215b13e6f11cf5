//! Reads and writes files and folders. Each failure names the path.

use crate::failure::{OrFail as _, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

pub(crate) fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).or_fail(|| format!("cannot read {}", path.display()))
}

pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).or_fail(|| format!("cannot read {}", path.display()))
}

pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> Result {
    fs::write(path, content).or_fail(|| format!("cannot write {}", path.display()))
}

/// Creates a folder and its parents.
pub(crate) fn create_folder(folder: &Path) -> Result {
    fs::create_dir_all(folder).or_fail(|| format!("cannot create {}", folder.display()))
}

/// Removes a folder, if it exists.
pub(crate) fn remove_folder(folder: &Path) -> Result {
    if folder.exists() {
        fs::remove_dir_all(folder).or_fail(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}

/// Copies a file, and creates missing folders.
pub(crate) fn copy(from: &Path, to: &Path) -> Result {
    if let Some(folder) = to.parent() {
        create_folder(folder)?;
    }
    fs::copy(from, to).map(drop).or_fail(|| format!("cannot copy {}", from.display()))
}

/// Returns all files in a folder and its subfolders, sorted.
pub(crate) fn all(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).or_fail(|| format!("cannot read {}", folder.display()))?;
        for entry in entries {
            let path = entry.or_fail(|| format!("cannot read {}", folder.display()))?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

pub(crate) fn extension(path: &Path) -> &str {
    path.extension().and_then(|e| e.to_str()).unwrap_or_default()
}

pub(crate) fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
