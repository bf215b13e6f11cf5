//! Files that a visitor attaches.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The content of a large PDF repeats after this many bytes.
const PERIOD: usize = 100_000;

/// A folder with the visitor's files.
#[derive(Debug)]
pub struct Samples(TempDir);

/// One of the visitor's files.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The file's path.
    pub path: PathBuf,
    /// The file's name.
    pub name: String,
    /// The file's size in bytes.
    pub bytes: usize,
    /// The SHA-256 of the file's content, in hexadecimal digits.
    pub sha256: String,
}

impl Samples {
    /// Creates an empty folder.
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Writes a file.
    pub fn file(&self, name: &str, content: &[u8]) -> Sample {
        let path = self.0.path().join(name);
        fs::write(&path, content).unwrap();
        Sample { path, name: name.to_owned(), bytes: content.len(), sha256: sha256(content) }
    }

    /// Writes a sparse file of this size: a ZIP signature, then zeros. Does not hash the content.
    pub fn sparse_zip(&self, name: &str, bytes: u32) -> Sample {
        let path = self.0.path().join(name);
        let mut file = fs::File::create(&path).unwrap();
        file.write_all(b"PK\x03\x04").unwrap();
        file.set_len(bytes.into()).unwrap();
        let bytes = usize::try_from(bytes).unwrap();
        Sample { path, name: name.to_owned(), bytes, sha256: String::new() }
    }

    /// Writes a file with a PDF signature, followed by bytes of all values.
    pub fn pdf(&self, name: &str, bytes: usize) -> Sample {
        let mut noise = Vec::new();
        let mut block = Sha256::digest(name);
        while noise.len() < PERIOD {
            noise.extend_from_slice(&block);
            block = Sha256::digest(block);
        }
        let mut content = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
        while content.len() < bytes {
            content.extend_from_slice(&noise);
        }
        content.truncate(bytes);
        self.file(name, &content)
    }
}

impl Default for Samples {
    fn default() -> Self {
        Self::new()
    }
}

impl Sample {
    /// Returns the name under which the form lists and sends the file: with `-` in place of each
    /// character that some systems do not allow.
    pub fn sent_name(&self) -> String {
        self.name.replace(['"', ':', '?', '<', '>', '*', '|'], "-")
    }
}

impl AsRef<Path> for Sample {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

/// Returns the SHA-256 in hexadecimal digits.
pub(crate) fn sha256(content: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for byte in Sha256::digest(content) {
        write!(text, "{byte:02x}").unwrap();
    }
    text
}
