//! The pictures that the guide shows. They stand beside its sources, where GitHub finds them, too; the
//! book takes those along that it shows, so that its folder can be served as it is.

use super::document::Document;
use crate::failure::{OrFail as _, Result};
use std::{fs, path::Path};

/// Where a page of the sources finds them.
const BESIDE: &str = "../../screenshots/";
/// Where a page of the book does.
const INSIDE: &str = "screenshots/";

/// Copies the pictures that these pages of the book show, and lets the pages show the copies.
pub(super) fn take_along(pages: &[Document], sources: &Path, book: &Path) -> Result {
    let folder = book.join(INSIDE);
    fs::create_dir_all(&folder).or_fail(|| format!("cannot make {}", folder.display()))?;
    for page in pages {
        let shown: Vec<&str> =
            page.links.iter().filter_map(|link| link.strip_prefix(BESIDE)).collect();
        for name in &shown {
            let (from, to) = (sources.join(BESIDE).join(name), folder.join(name));
            fs::copy(&from, to).or_fail(|| format!("cannot copy {}", from.display()))?;
        }
        if !shown.is_empty() {
            let text = super::read(&page.path)?.replace(BESIDE, INSIDE);
            fs::write(&page.path, text)
                .or_fail(|| format!("cannot write {}", page.path.display()))?;
        }
    }
    Ok(())
}
