//! The cache folder with the tools. Each version of a tool has its own folder. This folder is always
//! complete.

use crate::{
    failure::{Failure, OrFail as _, Result},
    files,
};
use std::{
    env,
    fs::{self, File, TryLockError},
    path::{Path, PathBuf},
    process,
};

/// The cache folder: `$DEAL_FORM_TOOLS`, or `deal-form` in the user's cache folder.
#[derive(Debug)]
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// Finds the folder, and creates it if it does not exist.
    pub(crate) fn open() -> Result<Self> {
        let root = root(|name| env::var_os(name).map(PathBuf::from)).ok_or_else(|| {
            Failure::new("cannot choose a folder for the tools: HOME is not set")
                .advise("Set a folder: export DEAL_FORM_TOOLS=/a/folder")
        })?;
        let cache = Self { root };
        files::create_folder(&cache.root.join("tools"))?;
        Ok(cache)
    }

    /// Returns the folder for a version of a tool. The folder may be missing.
    pub(crate) fn tool(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("tools").join(format!("{name}-{version}"))
    }

    /// Returns the path of another file or folder in the cache.
    pub(crate) fn other(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Installs a tool if it is missing. `build` fills a temporary folder. The folder is renamed only
    /// after success, so an interrupted installation never looks complete.
    ///
    /// A lock ensures that only one process installs tools at a time.
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
        files::remove_folder(&unfinished)?;
        files::create_folder(&unfinished)?;
        let outcome = build(&unfinished).and_then(|()| {
            fs::rename(&unfinished, &home).or_fail(|| format!("cannot write {}", home.display()))
        });
        if outcome.is_err() {
            // Ignore this error, because the first failure is the one to report.
            let _ = files::remove_folder(&unfinished);
        }
        outcome.map(|()| home)
    }

    /// Locks the cache until the file is dropped. The system releases the lock if the process dies.
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

/// Returns the cache folder's path, or `None` if no variable contains an absolute path. Ignores relative paths, as the
/// XDG specification requires for `XDG_CACHE_HOME`.
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
    fn uses_the_configured_folder_or_the_cache_folder() {
        check(&[("HOME", "/home/ada")], Some("/home/ada/.cache/deal-form"));
        check(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/c")], Some("/c/deal-form"));
        check(&[("HOME", "/h"), ("XDG_CACHE_HOME", "c")], Some("/h/.cache/deal-form"));
        check(&[("XDG_CACHE_HOME", "/c"), ("DEAL_FORM_TOOLS", "/t")], Some("/t"));
        check(&[], None);
    }

    #[test]
    fn leaves_nothing_after_a_failed_installation() {
        let cache = Cache { root: env::temp_dir().join(format!("xtask-cache-{}", process::id())) };
        fs::create_dir_all(cache.root.join("tools")).unwrap();

        let failed = cache.install("tool", "1.0.0", |folder| {
            fs::write(folder.join("half"), "").unwrap();
            Err(Failure::new("the download failed"))
        });
        assert_eq!(failed.unwrap_err().to_string(), "the download failed");
        assert_eq!(fs::read_dir(cache.root.join("tools")).unwrap().count(), 0);

        let home = cache.install("tool", "1.0.0", |folder| {
            fs::write(folder.join("whole"), "").unwrap();
            Ok(())
        });
        assert!(home.unwrap().join("whole").exists());
        cache.install("tool", "1.0.0", |_| panic!("it is already installed")).unwrap();
        fs::remove_dir_all(cache.root).unwrap();
    }
}
