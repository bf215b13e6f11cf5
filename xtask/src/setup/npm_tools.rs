//! What npm has ready-made: wasm-opt and esbuild, which only make the release bundle smaller (a
//! development build does without), and axe-core, by which the journeys judge pages.

use super::{cache::Cache, system::System};
use crate::{
    failure::{Failure, OrFail as _, Result},
    flags::Purpose,
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

/// Only a script, for pages.
const AXE: Package = Package { name: "axe-core", version: "4.14.1" };

/// The folders in which the tools are, installed if they are missing.
pub(super) fn find_or_install(cache: &Cache, purpose: Purpose) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for tool in TOOLS {
        let Package { name, version } = tool.package;
        let home = cache.tool(name, version);
        if home.exists() {
            folders.push(home.join("bin"));
        } else if tool.is_on_path() {
            // Nothing to add.
        } else if run::which("npm").is_some() {
            cache.install(name, version, |folder| tool.install(folder))?;
            folders.push(home.join("bin"));
        } else if purpose == Purpose::Serve {
            eprintln!("• no npm, so no {}; only release builds need it", tool.program);
        } else {
            return Err(no_npm(&format!("{} {version}", tool.program)));
        }
    }
    // What npm installs runs on node, and dist compresses with it.
    if purpose != Purpose::Serve && run::which("node").is_none() {
        return Err(Failure::new("there is no node on the PATH").advise(node_advice()));
    }
    Ok(folders)
}

/// The script of axe-core, installed if it is missing.
pub(super) fn axe(cache: &Cache) -> Result<PathBuf> {
    let home = cache.tool(AXE.name, AXE.version);
    if !home.exists() {
        if run::which("npm").is_none() {
            return Err(no_npm(AXE.name));
        }
        cache.install(AXE.name, AXE.version, |folder| AXE.install(folder))?;
    }
    Ok(home.join("node_modules").join(AXE.name).join("axe.min.js"))
}

/// Makes sure that there is npm, for what has more packages than a tool.
pub(super) fn need_npm(what_for: &str) -> Result {
    if run::which("npm").is_some() {
        return Ok(());
    }
    Err(Failure::new(format!("there is no npm, which {what_for} needs")).advise(node_advice()))
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

fn no_npm(missing: &str) -> Failure {
    Failure::new(format!("there is neither npm nor {missing}")).advise(node_advice())
}

fn node_advice() -> String {
    match System::here() {
        System::Debian => "Install Node.js:\n  sudo apt-get install nodejs npm",
        System::Fedora => "Install Node.js:\n  sudo dnf install nodejs",
        System::Arch => "Install Node.js:\n  sudo pacman -S nodejs npm",
        System::MacOs => "Install Node.js:\n  brew install node",
        System::Other => "Install Node.js 20 or newer, see https://nodejs.org",
    }
    .to_owned()
}
