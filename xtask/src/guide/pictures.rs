//! The pictures that the guide shows. They stand beside its sources, where GitHub finds them, too; the
//! book takes those along that it shows, so that its folder can be served as it is.

use super::document::Document;
use crate::{failure::Result, files};
use std::path::Path;

/// Where a page of the sources finds them.
const BESIDE: &str = "../../screenshots/";
/// Where a page of the book does.
const INSIDE: &str = "screenshots/";

/// Copies the pictures that these pages of the book show, and lets the pages show the copies.
pub(super) fn take_along(pages: &[Document], sources: &Path, book: &Path) -> Result {
    let folder = book.join(INSIDE);
    files::make(&folder)?;
    for page in pages {
        let shown: Vec<&str> =
            page.links.iter().filter_map(|link| link.strip_prefix(BESIDE)).collect();
        for name in &shown {
            files::copy(&sources.join(BESIDE).join(name), &folder.join(name))?;
        }
        if !shown.is_empty() {
            let text = files::read(&page.path)?.replace(BESIDE, INSIDE);
            files::write(&page.path, text)?;
        }
    }
    Ok(())
}
