//! `cargo xtask guide`: builds the guide as HTML, and checks all links.

mod document;
mod links;
mod markdown;
mod pictures;

use crate::{
    failure::{Failure, OrFail as _, Result},
    files, repo, run,
    setup::{self, Need, Tools},
    tracked, workspace,
};
use document::Document;
use std::path::{Path, PathBuf};

const BOOK: &str = "docs/guide";

/// The page that is not checked, because its links are relative to the address that serves the
/// guide.
const NOT_FOUND: &str = "404.html";

/// Builds and checks the guide, and prints its path.
pub(crate) fn command() -> Result {
    build_and_check(&setup::tools(&[Need::MdBook])?)?;
    println!("{}", built()?.join("index.html").display());
    Ok(())
}

/// Builds the guide, and checks all links in the guide and in the Markdown files, except links to
/// the web.
pub(crate) fn build_and_check(tools: &Tools) -> Result {
    let mut mdbook = tools.command("mdbook")?;
    mdbook.current_dir(repo::root()).args(["build", BOOK, "--dest-dir"]).arg(built()?);
    run::run(&mut mdbook)?;

    // Cargo's target folder may be a symbolic link, but the check must report only symbolic links
    // in the repository.
    let book = built()?.canonicalize().or_fail(|| "cannot find the built guide".to_owned())?;
    pictures::copy_shown(&pages(&book)?, &repo::root().join(BOOK).join("src"), &book)?;
    let mut documents = pages(&book)?;
    for path in tracked::files("*.md")? {
        documents.push(Document::from_html(&markdown::to_html(&files::read(&path)?), path));
    }
    let (count, mistakes) = links::check(&documents, repo::root());
    if mistakes.is_empty() {
        eprintln!("all {count} links are valid");
        return Ok(());
    }
    Err(Failure::new(mistakes.join("\n")))
}

fn built() -> Result<PathBuf> {
    Ok(workspace::target()?.join("guide"))
}

/// Returns the pages in the book.
fn pages(book: &Path) -> Result<Vec<Document>> {
    let files = files::all(book)?.into_iter();
    let pages = files.filter(|path| files::extension(path) == "html" && !path.ends_with(NOT_FOUND));
    pages.map(|path| Ok(Document::from_html(&files::read(&path)?, path))).collect()
}
