use std::fs;
use std::path::Path;

use tempfile::TempDir;

use crate::programs;

/// A folder with the built widget and a test's pages.
#[derive(Debug)]
pub struct Site(TempDir);

impl Site {
    /// The HTML that loads the widget.
    pub const LOADER: &str = "<script type=\"module\" src=\"/deal-form.js\"></script>";

    /// Creates a folder without the widget.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// Creates a folder with a copy of the built widget.
    pub fn new() -> Self {
        let site = Self::empty();
        copy(&programs::site(), site.path());
        site
    }

    /// Adds a page. `head` and `body` are HTML.
    pub fn add_page(&self, name: &str, head: &str, body: &str) {
        self.add_file(name, &page(name, head, body));
    }

    /// Adds a file.
    pub fn add_file(&self, name: &str, content: &str) {
        fs::write(self.path().join(name), content).unwrap();
    }

    /// Adds the Turbo script as `turbo.js`. Returns false if `DEAL_FORM_TURBO` does not name the
    /// script.
    pub fn add_turbo(&self) -> bool {
        let turbo = programs::turbo();
        turbo.is_some_and(|turbo| fs::copy(turbo, self.path().join("turbo.js")).is_ok())
    }

    /// Returns the folder's path.
    pub fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Returns the HTML of a page.
pub(crate) fn page(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n{head}\n<body>{body}</body>\n</html>\n"
    )
}

/// Copies all files of a folder and its subfolders.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}
