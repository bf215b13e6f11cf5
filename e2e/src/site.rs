use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::programs;

/// A folder with the built widget and pages of a test's own beside it.
#[derive(Debug)]
pub struct Site(TempDir);

impl Site {
    /// A folder without the widget.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Copies the built widget.
    pub fn new() -> Self {
        let site = Self::empty();
        copy(&programs::site(), site.path());
        site
    }

    /// Adds a page of that head and body.
    pub fn page(&self, name: &str, head: &str, body: &str) {
        self.file(name, &page(name, head, body));
    }

    /// Adds any file.
    pub fn file(&self, name: &str, content: &str) {
        fs::write(self.path().join(name), content).unwrap();
    }

    /// Adds Turbo, as `turbo.js`, where `DEAL_FORM_TURBO` names it.
    pub fn turbo(&self) -> bool {
        let turbo = programs::turbo();
        turbo.is_some_and(|turbo| fs::copy(turbo, self.path().join("turbo.js")).is_ok())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// A page of that title, head and body.
pub(crate) fn page(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n{head}\n<body>{body}</body>\n</html>\n"
    )
}

/// Copies what is in a folder, and in those in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}
