//! The pictures in the guide. The sources link to docs/screenshots, so that GitHub also shows them. The
//! book's folder gets copies of the pictures that the book shows, so that this folder is complete.

use super::document::Document;
use crate::{failure::Result, files};
use std::path::Path;

/// The path of the pictures in the links of the source files.
const IN_SOURCES: &str = "../../screenshots/";
/// The path of the pictures in the book's links.
const IN_BOOK: &str = "screenshots/";

/// Copies the pictures that these pages show, and changes the pages to show the copies.
pub(super) fn copy_shown(pages: &[Document], sources: &Path, book: &Path) -> Result {
    let folder = book.join(IN_BOOK);
    files::create_folder(&folder)?;
    for page in pages {
        let shown: Vec<&str> =
            page.links.iter().filter_map(|link| link.strip_prefix(IN_SOURCES)).collect();
        for name in &shown {
            files::copy(&sources.join(IN_SOURCES).join(name), &folder.join(name))?;
        }
        if !shown.is_empty() {
            let text = files::read(&page.path)?.replace(IN_SOURCES, IN_BOOK);
            files::write(&page.path, text)?;
        }
    }
    Ok(())
}
