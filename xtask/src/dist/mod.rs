//! `cargo xtask dist`: the widget as it is shipped, and what it weighs.
//!
//! Two folders come of it: the one that the proxy serves (`--site`), and beside it the package for
//! npm, which the proxy must not serve.

mod budget;
mod bundle;
mod compress;
mod manifest;
mod names;
mod package;
mod page;
mod readme;
mod table;

use crate::{
    failure::{Failure, OrFail as _, Result},
    files,
    flags::DistFlags,
    repo,
    setup::{self, Need},
};
use bundle::Bundle;
use compress::File;
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// Builds, prints the tables, and fails when a budget is exceeded.
pub(crate) fn command(flags: &DistFlags) -> Result {
    make(flags).map(drop)
}

/// Does the same, and fails when README states another size.
pub(crate) fn command_and_readme(flags: &DistFlags) -> Result {
    readme::check(&make(flags)?)
}

/// Makes both folders and returns the files that a form loads.
fn make(flags: &DistFlags) -> Result<Vec<File>> {
    setup::add_std_sources()?;
    let tools = setup::tools(Need::DIST)?;
    let site = repo::root().join(&flags.out);
    let npm = beside(&site);
    check_is_ours(&site, "index.html")?;
    check_is_ours(&npm, "package.json")?;

    let bundle = Bundle::build(&tools)?;
    manifest::write(&bundle)?;
    let packed = package::write(&bundle)?;
    let form = bundle.form()?;
    let (showcase, locales) = (bundle.showcase()?, bundle.locales());
    put(&packed, &npm)?;
    put(&bundle.folder, &site)?;

    println!("\n{}", table::table("a form", &form));
    println!("{}", table::table("other languages, one a form", &locales));
    println!("{}", table::table("the showcase, besides", &showcase));
    let budgets = budget::of(&form);
    for budget in &budgets {
        println!("{budget}");
    }
    println!("in {}, with the package for npm in {}", site.display(), npm.display());
    budget::check(&budgets)?;
    Ok(form)
}

/// `dist-npm` for `dist`.
fn beside(site: &Path) -> PathBuf {
    let mut name: OsString = site.file_name().unwrap_or_default().to_owned();
    name.push("-npm");
    site.with_file_name(name)
}

/// A folder is only replaced when it looks like one that was made here.
fn check_is_ours(folder: &Path, with: &str) -> Result {
    let empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !folder.exists()
        || folder.join(with).exists() && !folder.join("Cargo.toml").exists()
        || empty()
    {
        return Ok(());
    }
    Err(Failure::new(format!("{} is there and was not made here", folder.display()))
        .advise("Choose another folder with --out, or remove it yourself."))
}

/// What is complete takes the place of what was there. It is copied beside that first: cargo's
/// target folder may be in another file system, from which nothing can be renamed.
fn put(made: &Path, place: &Path) -> Result {
    let mut name = OsString::from(".new-");
    name.push(place.file_name().unwrap_or_default());
    let beside = place.with_file_name(name);
    files::remove(&beside)?;
    for file in files::all(made)? {
        let inside = file.strip_prefix(made).unwrap_or(&file);
        files::copy(&file, &beside.join(inside))?;
    }
    files::remove(place)?;
    fs::rename(&beside, place).or_fail(|| format!("cannot write {}", place.display()))
}

#[cfg(test)]
mod tests {
    use super::{beside, put};
    use std::{env, fs, path::Path, process};

    #[test]
    fn the_package_lies_beside_the_site_where_nobody_serves_it() {
        assert_eq!(beside(Path::new("/repo/dist")), Path::new("/repo/dist-npm"));
        assert_eq!(beside(Path::new("target/test-site")), Path::new("target/test-site-npm"));
    }

    #[test]
    fn what_was_made_replaces_what_was_there_and_nothing_else() {
        let folder = env::temp_dir().join(format!("xtask-put-{}", process::id()));
        let (made, place) = (folder.join("made"), folder.join("out/dist"));
        fs::create_dir_all(made.join("themes")).unwrap();
        fs::write(made.join("themes/a.css"), "new").unwrap();
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("old.js"), "old").unwrap();
        // As an interrupted one leaves it.
        fs::create_dir_all(folder.join("out/.new-dist")).unwrap();
        fs::write(folder.join("out/.new-dist/half.js"), "").unwrap();

        put(&made, &place).unwrap();
        let names = |folder: &Path| {
            let entries = fs::read_dir(folder).unwrap();
            entries.map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>()
        };
        assert_eq!(names(&place), ["themes"]);
        assert_eq!(names(&folder.join("out")), ["dist"]);
        assert_eq!(fs::read_to_string(place.join("themes/a.css")).unwrap(), "new");
        fs::remove_dir_all(folder).unwrap();
    }
}
