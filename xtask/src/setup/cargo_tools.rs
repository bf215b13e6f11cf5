//! The tools from crates.io: trunk, wasm-bindgen, wasm-pack, mdbook, cargo-deny, typos, cargo-deb,
//! cargo-cyclonedx, geckodriver.

use super::{cache::Cache, need::Need, system, version::first_version};
use crate::{
    failure::{Failure, Result},
    files, repo,
    run::{self, long},
};
use std::path::{Path, PathBuf};

/// A package on crates.io, with the version to use.
#[derive(Debug)]
struct CargoTool {
    need: Need,
    package: &'static str,
    version: String,
    /// The package's programs; the first one has the flag `--version`
    programs: &'static [&'static str],
    /// Flags for `cargo install`
    flags: &'static [&'static str],
    /// The package's purpose, and how long it takes to compile
    about: &'static str,
}

fn all() -> Result<[CargoTool; 8]> {
    Ok([
        CargoTool {
            need: Need::WasmBindgen,
            package: "wasm-bindgen-cli",
            // The tool accepts only the output from the same version of the library.
            version: repo::locked_version("wasm-bindgen")?,
            programs: &["wasm-bindgen", "wasm-bindgen-test-runner"],
            // The default features add TLS for browsers on other machines, and would double the compile
            // time. Do not use `--locked`: the lock file names webpki-roots 1.0.11, which is not in the
            // registry.
            flags: &["--no-default-features"],
            about: "joins Rust and JavaScript; about 2 minutes",
        },
        CargoTool {
            need: Need::Trunk,
            package: "trunk",
            version: "0.21.14".to_owned(),
            programs: &["trunk"],
            // Without `--locked`, cargo would use the newest CSS crates, which are incompatible and do
            // not compile.
            flags: &["--locked"],
            about: "bundles and serves the widget; about 6 minutes",
        },
        CargoTool {
            need: Need::WasmPack,
            package: "wasm-pack",
            version: "0.15.1".to_owned(),
            programs: &["wasm-pack"],
            flags: &["--locked"],
            about: "runs the widget's tests in browsers; about 2 minutes",
        },
        CargoTool {
            need: Need::MdBook,
            package: "mdbook",
            version: "0.5.4".to_owned(),
            programs: &["mdbook"],
            // Leave out mdbook's own server, which is not used here.
            flags: &["--locked", "--no-default-features", "--features", "search"],
            about: "builds the guide; about 2 minutes",
        },
        CargoTool {
            need: Need::CargoDeny,
            package: "cargo-deny",
            version: "0.20.2".to_owned(),
            programs: &["cargo-deny"],
            flags: &["--locked"],
            about: "checks the licences of dependencies; about 4 minutes",
        },
        CargoTool {
            need: Need::Typos,
            package: "typos-cli",
            // The newest version that compiles with the workspace's oldest Rust.
            version: "1.42.3".to_owned(),
            programs: &["typos"],
            flags: &["--locked"],
            about: "checks the spelling; about 3 minutes",
        },
        CargoTool {
            need: Need::CargoDeb,
            package: "cargo-deb",
            version: "3.8.0".to_owned(),
            programs: &["cargo-deb"],
            flags: &["--locked"],
            about: "builds the Debian package; about 3 minutes",
        },
        CargoTool {
            need: Need::CargoCycloneDx,
            package: "cargo-cyclonedx",
            version: "0.5.9".to_owned(),
            programs: &["cargo-cyclonedx"],
            flags: &["--locked"],
            about: "writes the SBOM; about 4 minutes",
        },
    ])
}

/// Returns the package with Firefox's driver. Debian has no package for this driver.
fn geckodriver_tool() -> CargoTool {
    CargoTool {
        need: Need::Browsers,
        package: "geckodriver",
        version: "0.37.1".to_owned(),
        programs: &["geckodriver"],
        flags: &["--locked"],
        about: "drives Firefox; about 2 minutes",
    }
}

/// Returns the path of Firefox's driver in the cache, or `None` if the cache does not contain it.
pub(super) fn geckodriver(cache: &Cache) -> Option<PathBuf> {
    let tool = geckodriver_tool();
    let program = cache.tool(tool.package, &tool.version).join("bin").join(tool.package);
    Some(program).filter(|path| run::is_executable(path))
}

/// Installs Firefox's driver, unless it is in the cache or on the PATH.
pub(super) fn install_geckodriver(cache: &Cache) -> Result {
    let tool = geckodriver_tool();
    if system::which_no_snap(tool.package).is_none() {
        cache.install(tool.package, &tool.version, |folder| tool.install(cache, folder))?;
    }
    Ok(())
}

/// Returns the folders of the tools in the cache. First installs each needed tool, unless it is in the cache or its
/// right version is on the PATH.
pub(super) fn find_or_install(cache: &Cache, needs: &[Need]) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for tool in all()? {
        let home = cache.tool(tool.package, &tool.version);
        let home = if home.exists() {
            home
        } else if !needs.contains(&tool.need) || tool.is_on_path() {
            continue;
        } else {
            cache.install(tool.package, &tool.version, |folder| tool.install(cache, folder))?
        };
        let bin = home.join("bin");
        for program in tool.programs {
            if !run::is_executable(&bin.join(program)) {
                return Err(Failure::new(format!("{} does not contain {program}", bin.display()))
                    .advise(format!("Remove {} and try again.", home.display())));
            }
        }
        folders.push(bin);
    }
    Ok(folders)
}

impl CargoTool {
    fn is_on_path(&self) -> bool {
        let [first, ..] = self.programs else { return false };
        self.programs.iter().all(|program| run::which(program).is_some())
            && run::capture(run::command(first).arg("--version"))
                .is_ok_and(|printed| first_version(&printed) == Some(self.version.as_str()))
    }

    fn install(&self, cache: &Cache, folder: &Path) -> Result {
        let Self { package, version, about, .. } = self;
        let named = format!("{package}@{version}");
        if run::which("cargo-binstall").is_some() {
            let mut binstall = run::command("cargo");
            binstall.args(["binstall", "--no-confirm", "--disable-strategies", "compile"]);
            binstall.arg(&named).arg("--root").arg(folder);
            let title = format!("downloading {package} {version} with cargo binstall");
            if long::run_long(&title, &mut binstall).is_ok() {
                return Ok(());
            }
            eprintln!("  no binary is available; compiling it instead");
        }
        // Build outside the temporary folder, so that an interrupted build can continue.
        let work = cache.other("build").join(format!("{package}-{version}"));
        let mut cargo = run::command("cargo");
        cargo.arg("install").args(self.flags).arg(&named).arg("--root").arg(folder);
        cargo.arg("--target-dir").arg(&work);
        for (setting, value) in QUICK_BUILD {
            cargo.env(format!("CARGO_PROFILE_RELEASE_{setting}"), value);
        }
        let title = format!("compiling {package} {version}, once ({about} on two cores)");
        // Remove the developer's target and flags, which are not meant for these tools.
        cargo.env_remove("CARGO_BUILD_TARGET").env_remove("RUSTFLAGS");
        long::run_long(&title, &mut cargo)?;
        files::remove_folder(&work)
    }
}

/// Settings for a fast build. The tools do not have to be fast, because they mostly wait for disks and
/// compilers.
const QUICK_BUILD: [(&str, &str); 4] =
    [("LTO", "off"), ("CODEGEN_UNITS", "16"), ("OPT_LEVEL", "1"), ("DEBUG", "0")];
