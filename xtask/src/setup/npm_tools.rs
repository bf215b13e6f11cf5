//! The packages from npm: wasm-opt and esbuild, which make the release bundle smaller, and files that journeys
//! add to pages.

use super::{cache::Cache, system::System, version::Version};
use crate::{
    failure::{Failure, OrFail as _, Result},
    files,
    run::{self, long},
};
use std::{
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};

/// A package on npm, with the version to use.
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
    /// A part of the output of `--version`
    printed_version: &'static str,
}

const TOOLS: [NpmTool; 2] = [
    NpmTool {
        package: Package { name: "binaryen", version: "132.0.0" },
        program: "wasm-opt",
        printed_version: "version 132",
    },
    NpmTool {
        package: Package { name: "esbuild", version: "0.28.2" },
        program: "esbuild",
        printed_version: "0.28.2",
    },
];

/// The oldest Node.js that esbuild supports. This version has also built a release successfully. Some packages in
/// `bench` ask for version 20, but they run only in browsers.
const OLDEST_NODE: Version = Version(18, 0, 0);

/// A file that journeys add to pages.
#[derive(Debug)]
struct PageFile {
    package: Package,
    /// The path in the package
    path: &'static str,
    /// The environment variable with the path, for the journeys
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

/// Returns the folders of wasm-opt and esbuild in the cache. If the tools are needed, first installs each of them,
/// unless it is in the cache or its right version is on the PATH.
pub(super) fn minifiers(cache: &Cache, needed: bool) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for tool in TOOLS {
        let Package { name, version } = tool.package;
        let home = cache.tool(name, version);
        if !home.exists() {
            if !needed || tool.is_on_path() {
                continue;
            }
            require_npm(&format!("{} {version}", tool.program))?;
            cache.install(name, version, |folder| tool.install(folder))?;
        }
        folders.push(home.join("bin"));
    }
    Ok(folders)
}

/// Returns the files for pages, each with its environment variable. Installs missing files if they are needed.
pub(super) fn page_files(cache: &Cache, needed: bool) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut files = Vec::new();
    for PageFile { package, path, variable } in PAGE_FILES {
        // Replace the slash, because a scope such as `@hotwired/` would become another folder.
        let name = package.name.replace('/', "-");
        let home = cache.tool(&name, package.version);
        if !home.exists() {
            if !needed {
                continue;
            }
            require_npm(package.name)?;
            cache.install(&name, package.version, |folder| package.install(folder))?;
        }
        files.push((variable, home.join("node_modules").join(package.name).join(path)));
    }
    Ok(files)
}

/// # Errors
/// `cannot find npm, which is needed to install esbuild 0.28.2`
pub(super) fn require_npm(to_install: &str) -> Result {
    if run::which("npm").is_some() {
        return Ok(());
    }
    Err(Failure::new(format!("cannot find npm, which is needed to install {to_install}"))
        .advise(node_advice()))
}

/// Checks that Node.js is installed and new enough. Tools from npm need it, and `dist` uses it to compress files.
///
/// # Errors
/// `Node.js v12.22.9 is too old`
pub(super) fn check_node() -> Result {
    if run::which("node").is_none() {
        return Err(Failure::new("cannot find node on the PATH").advise(node_advice()));
    }
    check_node_version(&run::capture(run::command("node").arg("--version"))?)
}

/// Checks the output of `node --version`. Accepts a version that it cannot parse, because a future Node.js may
/// write it differently.
fn check_node_version(printed: &str) -> Result {
    let version = printed.trim_start_matches('v').parse::<Version>();
    if version.is_ok_and(|version| version < OLDEST_NODE) {
        let oldest = OLDEST_NODE.0;
        return Err(Failure::new(format!("Node.js {printed} is too old"))
            .advise(format!("Install {oldest} or newer: https://nodejs.org/en/download")));
    }
    Ok(())
}

impl Package {
    fn install(&self, folder: &Path) -> Result {
        let mut npm = run::command("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--no-save", "--no-package-lock"]);
        // Skip the install scripts: these packages do not need them, and they could do harm.
        npm.args(["--ignore-scripts", "--prefix"]).arg(folder);
        npm.arg(format!("{}@{}", self.name, self.version)).current_dir(folder);
        let title = format!("installing {} {} with npm (takes seconds)", self.name, self.version);
        long::run_long(&title, &mut npm)
    }
}

impl NpmTool {
    fn is_on_path(&self) -> bool {
        run::which(self.program).is_some()
            && run::capture(run::command(self.program).arg("--version"))
                .is_ok_and(|printed| printed.contains(self.printed_version))
    }

    fn install(&self, folder: &Path) -> Result {
        self.package.install(folder)?;
        let bin = folder.join("bin");
        files::create_folder(&bin)?;
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
        Some(command) => format!("Install Node.js {} or newer:\n  {command}", OLDEST_NODE.0),
        None => format!("Install Node.js {} or newer: https://nodejs.org", OLDEST_NODE.0),
    }
}

#[cfg(test)]
mod tests {
    use super::check_node_version;

    #[test]
    fn refuses_an_old_node_and_names_the_required_version() {
        let error = check_node_version("v12.22.9").unwrap_err().to_string();
        assert_eq!(
            error,
            "Node.js v12.22.9 is too old\nInstall 18 or newer: https://nodejs.org/en/download"
        );
        for accepted in ["v18.0.0", "v20.20.2", "v26.10.0", "unreadable"] {
            assert!(check_node_version(accepted).is_ok(), "{accepted}");
        }
    }
}
