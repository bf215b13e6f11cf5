//! What npm has ready-made: wasm-opt and esbuild, which only make the release bundle smaller (a
//! development build does without), and files that the journeys bring into pages.

use super::{cache::Cache, system::System, version::Version};
use crate::{
    failure::{Failure, OrFail as _, Result},
    run::{self, long},
};
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

/// A package on npm, in the one version that is used here.
#[derive(Debug)]
struct Package {
    name: &'static str,
    version: &'static str,
}

/// A package with a program.
#[derive(Debug)]
struct NpmTool {
    package: Package,
    program: &'static str,
    /// What `--version` prints, in part
    says: &'static str,
}

const TOOLS: [NpmTool; 2] = [
    NpmTool {
        package: Package { name: "binaryen", version: "132.0.0" },
        program: "wasm-opt",
        says: "version 132",
    },
    NpmTool {
        package: Package { name: "esbuild", version: "0.28.2" },
        program: "esbuild",
        says: "0.28.2",
    },
];

/// What esbuild says it needs, and with which a release was built to try it. Of the peers in `bench`
/// some say 20, but they are for browsers: nothing runs them here.
const NODE: Version = Version(18, 0, 0);

/// A file that the journeys bring into pages.
#[derive(Debug)]
struct PageFile {
    package: Package,
    /// Where it is in the package
    path: &'static str,
    /// The variable that names it to the journeys
    variable: &'static str,
}

const PAGE_FILES: [PageFile; 3] = [
    PageFile {
        package: Package { name: "axe-core", version: "4.14.1" },
        path: "axe.min.js",
        variable: "DEAL_FORM_AXE",
    },
    PageFile {
        package: Package { name: "@hotwired/turbo", version: "8.0.23" },
        path: "dist/turbo.es2017-umd.js",
        variable: "DEAL_FORM_TURBO",
    },
    PageFile {
        package: Package { name: "@fontsource-variable/inter", version: "5.3.0" },
        path: "files/inter-latin-wght-normal.woff2",
        variable: "DEAL_FORM_FONT",
    },
];

/// The folders in which wasm-opt and esbuild are; installed, if they are missing and needed.
pub(super) fn minifiers(cache: &Cache, needed: bool) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for tool in TOOLS {
        let Package { name, version } = tool.package;
        let home = cache.tool(name, version);
        if !home.exists() {
            if !needed || tool.is_on_path() {
                continue;
            }
            need_npm(&format!("{} {version}", tool.program))?;
            cache.install(name, version, |folder| tool.install(folder))?;
        }
        folders.push(home.join("bin"));
    }
    Ok(folders)
}

/// The files for pages, each with the variable that names it. Installs missing ones if they are
/// needed.
pub(super) fn page_files(cache: &Cache, needed: bool) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut files = Vec::new();
    for PageFile { package, path, variable } in PAGE_FILES {
        // The scope of a package would be a folder of its own; here each tool is one folder.
        let name = package.name.replace('/', "-");
        let home = cache.tool(&name, package.version);
        if !home.exists() {
            if !needed {
                continue;
            }
            need_npm(package.name)?;
            cache.install(&name, package.version, |folder| package.install(folder))?;
        }
        files.push((variable, home.join("node_modules").join(package.name).join(path)));
    }
    Ok(files)
}

/// # Errors
/// `there is no npm, by which esbuild 0.28.2 is installed`
pub(super) fn need_npm(what_for: &str) -> Result {
    if run::which("npm").is_some() {
        return Ok(());
    }
    Err(Failure::new(format!("there is no npm, by which {what_for} is installed"))
        .advise(node_advice()))
}

/// What npm installs runs on Node.js, and `dist` compresses with it.
///
/// # Errors
/// `Node.js v12.22.9 is too old`
pub(super) fn check_node() -> Result {
    if run::which("node").is_none() {
        return Err(Failure::new("there is no node on the PATH").advise(node_advice()));
    }
    new_enough(&run::capture(run::command("node").arg("--version"))?)
}

/// Judges what `node --version` says. What cannot be read is let pass: nobody should be kept from work
/// by a new spelling.
fn new_enough(said: &str) -> Result {
    let version = said.trim_start_matches('v').parse::<Version>();
    if version.is_ok_and(|version| version < NODE) {
        return Err(Failure::new(format!("Node.js {said} is too old"))
            .advise(format!("Install {} or newer, see https://nodejs.org/en/download", NODE.0)));
    }
    Ok(())
}

impl Package {
    fn install(&self, folder: &Path) -> Result {
        let mut npm = run::command("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--no-package-lock"]);
        // No package here needs its scripts, and what is not run can do no harm.
        npm.args(["--ignore-scripts", "--prefix"]).arg(folder);
        npm.arg(format!("{}@{}", self.name, self.version)).current_dir(folder);
        let title = format!("{} {}: fetching it with npm (some seconds)", self.name, self.version);
        long::run_long(&title, &mut npm)
    }
}

impl NpmTool {
    fn is_on_path(&self) -> bool {
        run::which(self.program).is_some()
            && run::capture(run::command(self.program).arg("--version"))
                .is_ok_and(|said| said.contains(self.says))
    }

    fn install(&self, folder: &Path) -> Result {
        self.package.install(folder)?;
        let bin = folder.join("bin");
        fs::create_dir(&bin).or_fail(|| format!("cannot make {}", bin.display()))?;
        symlink(Path::new("../node_modules/.bin").join(self.program), bin.join(self.program))
            .or_fail(|| format!("cannot write {}", bin.display()))
    }
}

fn node_advice() -> String {
    let system = System::here();
    let packages: &[&str] = match system {
        System::Debian | System::Ubuntu | System::Arch => &["nodejs", "npm"],
        System::Fedora => &["nodejs"],
        System::MacOs => &["node"],
        System::Other => &[],
    };
    match system.install_command(packages) {
        Some(command) => format!("Install Node.js {} or newer:\n  {command}", NODE.0),
        None => format!("Install Node.js {} or newer, see https://nodejs.org", NODE.0),
    }
}

#[cfg(test)]
mod tests {
    use super::new_enough;

    #[test]
    fn a_node_that_is_too_old_is_named_with_the_one_that_is_needed() {
        let said = new_enough("v12.22.9").unwrap_err().to_string();
        assert_eq!(
            said,
            "Node.js v12.22.9 is too old\nInstall 18 or newer, see https://nodejs.org/en/download"
        );
        for fine in ["v18.0.0", "v20.20.2", "v26.10.0", "nobody knows"] {
            assert!(new_enough(fine).is_ok(), "{fine}");
        }
    }
}
