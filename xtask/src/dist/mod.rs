//! `cargo xtask dist`: builds the release bundle, and prints its sizes.
//!
//! The command writes two folders: one that the proxy serves (`--site`), and next to it the npm package, which the
//! proxy must not serve.

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

/// Builds the bundle, prints the tables, and fails if a budget is exceeded.
pub(crate) fn command(flags: &DistFlags) -> Result {
    make(flags).map(drop)
}

/// Does the same as `command`, and also fails if README.md states a different size.
pub(crate) fn command_and_readme(flags: &DistFlags) -> Result {
    readme::check(&make(flags)?)
}

/// Creates both folders and returns the files that a form loads.
fn make(flags: &DistFlags) -> Result<Vec<File>> {
    setup::add_std_sources()?;
    let tools = setup::tools(Need::DIST)?;
    let site = repo::root().join(&flags.out);
    let npm = npm_folder(&site);
    check_is_ours(&site, "index.html")?;
    check_is_ours(&npm, "package.json")?;

    let bundle = Bundle::build(&tools)?;
    manifest::write(&bundle)?;
    let packed = package::write(&bundle)?;
    let form = bundle.form()?;
    let (showcase, locales) = (bundle.showcase()?, bundle.locales());
    replace(&npm, &packed)?;
    replace(&site, &bundle.folder)?;

    println!("\n{}", table::table("a form", &form));
    println!("{}", table::table("other languages, one for each form", &locales));
    println!("{}", table::table("the showcase, in addition", &showcase));
    let budgets = budget::of(&form);
    for budget in &budgets {
        println!("{budget}");
    }
    println!("bundle: {}", site.display());
    println!("npm package: {}", npm.display());
    budget::check(&budgets)?;
    Ok(form)
}

/// Returns the folder for the npm package: `dist-npm` for `dist`.
fn npm_folder(site: &Path) -> PathBuf {
    let mut name: OsString = site.file_name().unwrap_or_default().to_owned();
    name.push("-npm");
    site.with_file_name(name)
}

/// Checks that a folder may be replaced: it must be missing or empty, or look like an earlier result.
fn check_is_ours(folder: &Path, with: &str) -> Result {
    let empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !folder.exists()
        || folder.join(with).exists() && !folder.join("Cargo.toml").exists()
        || empty()
    {
        return Ok(());
    }
    Err(Failure::new(format!("{} exists, but is not a release bundle", folder.display()))
        .advise("Choose another folder with --out, or remove it yourself."))
}

/// Replaces a folder with a copy of another. The copy is complete before it is renamed. Renaming `by` directly
/// would fail if cargo's target folder were on another file system.
fn replace(folder: &Path, by: &Path) -> Result {
    let mut name = OsString::from(".new-");
    name.push(folder.file_name().unwrap_or_default());
    let copy = folder.with_file_name(name);
    files::remove_folder(&copy)?;
    for file in files::all(by)? {
        let inside = file.strip_prefix(by).unwrap_or(&file);
        files::copy(&file, &copy.join(inside))?;
    }
    files::remove_folder(folder)?;
    fs::rename(&copy, folder).or_fail(|| format!("cannot write {}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::{npm_folder, replace};
    use std::{env, fs, path::Path, process};

    #[test]
    fn puts_the_npm_package_beside_the_site() {
        assert_eq!(npm_folder(Path::new("/repo/dist")), Path::new("/repo/dist-npm"));
        assert_eq!(npm_folder(Path::new("target/test-site")), Path::new("target/test-site-npm"));
    }

    #[test]
    fn replaces_a_folder_after_an_interrupted_run() {
        let folder = env::temp_dir().join(format!("xtask-replace-{}", process::id()));
        let (made, place) = (folder.join("made"), folder.join("out/dist"));
        fs::create_dir_all(made.join("themes")).unwrap();
        fs::write(made.join("themes/a.css"), "new").unwrap();
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("old.js"), "old").unwrap();
        // A folder that an interrupted run has left.
        fs::create_dir_all(folder.join("out/.new-dist")).unwrap();
        fs::write(folder.join("out/.new-dist/half.js"), "").unwrap();

        replace(&place, &made).unwrap();
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
