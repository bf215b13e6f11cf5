//! The folder with the tools: one folder per tool *and* version, never half of one.

use crate::failure::{Failure, OrFail as _, Result};
use std::{
    env,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process,
};

/// `$DEAL_FORM_TOOLS`, or `deal-form` in the user's folder for caches.
#[derive(Debug)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Finds the folder and makes it.
    pub(crate) fn open() -> Result<Self> {
        let root = root(|name| env::var_os(name).map(PathBuf::from)).ok_or_else(|| {
            Failure::new("there is no folder for the tools: HOME is not set")
                .advise("Say where they may go: export DEAL_FORM_TOOLS=/a/folder")
        })?;
        let cache = Self { root };
        make_folder(&cache.root.join("tools"))?;
        Ok(cache)
    }

    /// The folder of a tool in a version, whether it is there or not.
    pub(crate) fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("tools").join(format!("{name}-{version}"))
    }

    /// A folder or file of ours that is no tool.
    pub(crate) fn other(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Installs a tool: `build` fills a folder under another name, which gets its own when all
    /// went well. So a folder that is there is complete, whatever was interrupted.
    ///
    /// Two installations at once wait for one another; `build` is not called for what is there.
    pub(crate) fn install(
        &self,
        name: &str,
        version: &str,
        build: impl FnOnce(&Path) -> Result,
    ) -> Result<PathBuf> {
        let home = self.tool(name, version);
        let _lock = self.lock()?;
        if home.exists() {
            return Ok(home);
        }
        let unfinished = home.with_file_name(format!(".{name}-{version}-{}", process::id()));
        remove(&unfinished)?;
        make_folder(&unfinished)?;
        let outcome = build(&unfinished).and_then(|()| {
            fs::rename(&unfinished, &home).or_fail(|| format!("cannot write {}", home.display()))
        });
        if outcome.is_err() {
            // What went wrong before is what the person should hear about.
            let _ = remove(&unfinished);
        }
        outcome.map(|()| home)
    }

    /// Held until the file is dropped; the system releases it when a process dies.
    fn lock(&self) -> Result<File> {
        let path = self.root.join("lock");
        let file = File::create(&path).or_fail(|| format!("cannot write {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) => {
                eprintln!("• another `cargo xtask` is installing tools; waiting for it");
            }
            Err(TryLockError::Error(_)) => {}
        }
        file.lock().or_fail(|| format!("cannot lock {}", path.display()))?;
        Ok(file)
    }
}

/// Makes a folder and those it is in.
pub(crate) fn make_folder(path: &Path) -> Result {
    fs::create_dir_all(path).or_fail(|| format!("cannot make the folder {}", path.display()))
}

/// Removes a folder, if it is there.
pub(crate) fn remove(path: &Path) -> Result {
    if path.exists() {
        fs::remove_dir_all(path).or_fail(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// The specification of XDG says to ignore a relative `XDG_CACHE_HOME`.
fn root(variable: impl Fn(&str) -> Option<PathBuf>) -> Option<PathBuf> {
    let set = |name: &str| variable(name).filter(|path| path.is_absolute());
    set("DEAL_FORM_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|caches| caches.join("deal-form")))
        .or_else(|| set("HOME").map(|home| home.join(".cache").join("deal-form")))
}

#[cfg(test)]
mod tests {
    use super::{Cache, root};
    use crate::failure::Failure;
    use std::{env, fs, path::PathBuf, process};

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: Option<&str>) {
        let found = root(|name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some(PathBuf::from(value))
        });
        assert_eq!(found, expected.map(PathBuf::from));
    }

    #[test]
    fn the_tools_go_where_the_person_says_or_to_the_caches() {
        check(&[("HOME", "/home/ada")], Some("/home/ada/.cache/deal-form"));
        check(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/c")], Some("/c/deal-form"));
        check(&[("HOME", "/h"), ("XDG_CACHE_HOME", "c")], Some("/h/.cache/deal-form"));
        check(&[("XDG_CACHE_HOME", "/c"), ("DEAL_FORM_TOOLS", "/t")], Some("/t"));
        check(&[], None);
    }

    #[test]
    fn an_interrupted_installation_is_not_taken_for_a_tool() {
        let cache = Cache { root: env::temp_dir().join(format!("xtask-cache-{}", process::id())) };
        fs::create_dir_all(cache.root.join("tools")).unwrap();

        let failed = cache.install("tool", "1.0.0", |folder| {
            fs::write(folder.join("half"), "").unwrap();
            Err(Failure::new("the network went away"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "the network went away");
        assert_eq!(fs::read_dir(cache.root.join("tools")).unwrap().count(), 0);

        let home = cache.install("tool", "1.0.0", |folder| {
            fs::write(folder.join("whole"), "").unwrap();
            Ok(())
        });
        assert!(home.unwrap().join("whole").exists());
        cache.install("tool", "1.0.0", |_| panic!("it is there already")).unwrap();
        fs::remove_dir_all(cache.root).unwrap();
    }
}
