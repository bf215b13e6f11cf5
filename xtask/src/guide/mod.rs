//! `cargo xtask guide`: the guide as HTML, and whether all links lead somewhere.

mod document;
mod links;
mod markdown;
mod pictures;

use crate::{
    documents,
    failure::{Failure, OrFail as _, Result},
    files, repo, run,
    setup::{self, Need, Tools},
    workspace,
};
use document::Document;
use std::path::{Path, PathBuf};

const BOOK: &str = "docs/guide";

/// Its links are relative to wherever the guide is served.
const NOT_FOUND: &str = "404.html";

/// Builds the guide and says where it is.
pub(crate) fn command() -> Result {
    build_and_check(&setup::tools(&[Need::MdBook])?)?;
    println!("{}", built()?.join("index.html").display());
    Ok(())
}

/// Builds the guide and follows every link of it, and of the Markdown files around it, but for
/// those that lead to the web.
pub(crate) fn build_and_check(tools: &Tools) -> Result {
    let mut mdbook = tools.command("mdbook")?;
    mdbook.current_dir(repo::root()).args(["build", BOOK, "--dest-dir"]).arg(built()?);
    run::run(&mut mdbook)?;

    // Cargo's folder may be a symbolic link, which is nobody's mistake here.
    let book = built()?.canonicalize().or_fail(|| "cannot find the book".to_owned())?;
    pictures::take_along(&pages(&book)?, &repo::root().join(BOOK).join("src"), &book)?;
    let mut read_by_people = pages(&book)?;
    for path in documents::all()? {
        read_by_people.push(Document::from_html(&markdown::to_html(&files::read(&path)?), path));
    }
    let (count, mistakes) = links::follow(&read_by_people, repo::root());
    if mistakes.is_empty() {
        eprintln!("{count} links lead somewhere");
        return Ok(());
    }
    Err(Failure::new(mistakes.join("\n")))
}

fn built() -> Result<PathBuf> {
    Ok(workspace::target()?.join("guide"))
}

/// The book's own pages.
fn pages(book: &Path) -> Result<Vec<Document>> {
    let files = files::all(book)?.into_iter();
    let pages = files.filter(|path| files::extension(path) == "html" && !path.ends_with(NOT_FOUND));
    pages.map(|path| Ok(Document::from_html(&files::read(&path)?, path))).collect()
}
