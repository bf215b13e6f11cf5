//! `cargo xtask release`: puts everything that a release publishes into one folder.
//!
//! The folder contains an archive with the bundle and the program, a Debian package, the container image,
//! the SBOM (a list of all crates in the program), and the checksums of these files. The command needs
//! Linux tools: GNU tar and sha256sum.

use crate::{
    dist,
    failure::{Failure, OrFail as _, Result},
    files,
    flags::{DistFlags, ReleaseFlags},
    repo,
    run::{self, cargo},
    setup::{self, Need, Tools},
    workspace,
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};

const PROXY: &str = "deal-proxy";

/// The features of the program in a release.
const FEATURES: &str = "shared";

/// The files in the archive, besides the program.
const ARCHIVED: [&str; 9] = [
    "README.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "deal-proxy.example.toml",
    "deploy",
    "examples/forms",
    "dist",
    "docs/guide/src",
];

/// A release, and the folder for its files.
struct Release {
    out: PathBuf,
    version: String,
}

/// Creates the release, or only checks that its parts exist.
pub(crate) fn command(flags: &ReleaseFlags) -> Result {
    check()?;
    let release = Release { out: repo::root().join(&flags.out), version: version()? };
    if flags.dry_run {
        for name in release.names() {
            println!("{}", release.out.join(name).display());
        }
        return Ok(());
    }
    let mut needs = Need::DIST.to_vec();
    needs.extend([Need::CargoDeb, Need::CargoCycloneDx]);
    let tools = setup::tools(&needs)?;
    dist::command(&DistFlags { out: PathBuf::from("dist") })?;
    let build = ["build", "--release", "--locked", "-p", PROXY, "--features", FEATURES];
    run::run(&mut cargo(&build))?;
    files::remove_folder(&release.out)?;
    files::create_folder(&release.out)?;
    release.archive()?;
    release.debian(&tools)?;
    release.sbom(&tools)?;
    release.image()?;
    release.checksums()?;
    for file in files::all(&release.out)? {
        println!("{}", file.display());
    }
    Ok(())
}

impl Release {
    /// Returns the names of the files, except the container image, because not every machine can build it.
    fn names(&self) -> [String; 4] {
        let Self { version, .. } = self;
        [
            self.archive_name(),
            self.debian_name(),
            format!("{PROXY}-{version}.cdx.json"),
            "SHA256SUMS".to_owned(),
        ]
    }

    fn archive_name(&self) -> String {
        format!("{PROXY}-{}-{}-linux.tar.gz", self.version, std::env::consts::ARCH)
    }

    fn debian_name(&self) -> String {
        let architecture = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        format!("{PROXY}_{}_{architecture}.deb", self.version)
    }

    /// Creates the archive with the program, the bundle, the guide, and the files to install them by
    /// hand.
    fn archive(&self) -> Result {
        let program = workspace::released(PROXY)?;
        let mut tar = run::command("tar");
        tar.current_dir(repo::root()).arg("-czf").arg(self.out.join(self.archive_name()));
        tar.args(["--owner=0", "--group=0", "--sort=name"]);
        let top = format!("s,^,{PROXY}-{}/,", self.version);
        tar.arg(format!("--transform={top}")).args(ARCHIVED);
        tar.arg("-C").arg(program.parent().unwrap_or(Path::new("."))).arg(PROXY);
        run::run(&mut tar)
    }

    /// Creates the Debian package. Its metadata is in `proxy/Cargo.toml`.
    fn debian(&self, tools: &Tools) -> Result {
        let settings = files::read(&repo::root().join("deploy/deal-proxy.toml"))?;
        // A Debian package must not install files in /usr/local.
        let settings = settings.replace("/usr/local/share/", "/usr/share/");
        let folder = workspace::target()?.join("release/debian");
        files::create_folder(&folder)?;
        files::write(&folder.join("deal-proxy.toml"), settings)?;
        let mut deb = tools.command("cargo-deb")?;
        deb.current_dir(repo::root()).args(["deb", "--no-build", "--locked", "-p", PROXY]);
        run::run(deb.arg("--output").arg(self.out.join(self.debian_name())))
    }

    /// Creates the program's SBOM, as JSON in the format `CycloneDX`.
    fn sbom(&self, tools: &Tools) -> Result {
        let mut cyclonedx = tools.command("cargo-cyclonedx")?;
        cyclonedx.current_dir(repo::root());
        cyclonedx.args(["cyclonedx", "--manifest-path", "proxy/Cargo.toml", "--format", "json"]);
        cyclonedx.args(["--features", FEATURES]);
        let name = "release-sbom";
        run::run(cyclonedx.args(["--override-filename", name]))?;
        // The tool writes a file beside the manifest of each workspace crate.
        let written = repo::root().join(format!("proxy/{name}.json"));
        let [_, _, sbom, _] = self.names();
        // The references to workspace crates contain this clone's path.
        let root = repo::root().display().to_string();
        files::write(&self.out.join(sbom), files::read(&written)?.replace(&root, ""))?;
        for folder in workspace_folders()? {
            let file = folder.join(format!("{name}.json"));
            if file.exists() {
                fs::remove_file(&file).or_fail(|| format!("cannot remove {}", file.display()))?;
            }
        }
        Ok(())
    }

    /// Creates the container image, as an archive for `podman load` or `docker load`. If neither program works, creates
    /// no image.
    fn image(&self) -> Result {
        let works = |engine: &&str| run::succeeds(run::command(engine).arg("info"));
        let Some(engine) = ["podman", "docker"].into_iter().find(works) else {
            eprintln!("no container image: neither podman nor docker works on this machine");
            return Ok(());
        };
        let tag = format!("{PROXY}:{}", self.version);
        let mut build = run::command(engine);
        build.current_dir(repo::root());
        run::run(build.args(["build", "-f", "deploy/Containerfile", "-t", &tag, "."]))?;
        let file = self.out.join(format!("{PROXY}-{}-image.tar", self.version));
        run::run(run::command(engine).args(["save", "-o"]).arg(file).arg(&tag))
    }

    /// Creates `SHA256SUMS`, which `sha256sum --check` reads.
    fn checksums(&self) -> Result {
        let mut names = Vec::new();
        for file in files::all(&self.out)? {
            names.extend(file.file_name().map(ToOwned::to_owned));
        }
        names.sort();
        let mut sums = run::command("sha256sum");
        let sums = run::capture(sums.current_dir(&self.out).args(&names))?;
        files::write(&self.out.join("SHA256SUMS"), format!("{sums}\n"))
    }
}

/// Returns the workspace's version.
fn version() -> Result<String> {
    let version = package()?.get("version").and_then(Value::as_str).map(ToOwned::to_owned);
    version.ok_or_else(|| Failure::new("`cargo metadata` does not name the version of the proxy"))
}

fn package() -> Result<Value> {
    let mut metadata = workspace::metadata()?;
    let packages = metadata.get_mut("packages").and_then(Value::as_array_mut);
    let packages = packages.map(std::mem::take).unwrap_or_default();
    let proxy = packages.into_iter().find(|package| package.get("name") == Some(&PROXY.into()));
    proxy.ok_or_else(|| Failure::new(format!("the workspace has no package {PROXY}")))
}

fn workspace_folders() -> Result<Vec<PathBuf>> {
    let metadata = workspace::metadata()?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let manifests = packages.into_iter().flatten().filter_map(|package| {
        Path::new(package.get("manifest_path")?.as_str()?).parent().map(Path::to_owned)
    });
    Ok(manifests.collect())
}

/// Checks that all files that a release takes from the repository exist. CI runs only this check, because
/// building a release takes many minutes.
fn check() -> Result {
    let deb = package()?;
    let deb = deb.pointer("/metadata/deb").cloned().unwrap_or_default();
    let assets = deb.get("assets").and_then(Value::as_array).cloned().unwrap_or_default();
    if assets.is_empty() {
        return Err(Failure::new("proxy/Cargo.toml lists no assets of the Debian package"));
    }
    let sources = assets.iter().filter_map(|asset| asset.get(0)?.as_str());
    // Leave out the files in `target` and `dist`, because the release creates them.
    let sources = sources.filter_map(|source| source.strip_prefix("../"));
    let sources = sources.filter(|source| !source.starts_with("dist/"));
    // A pattern stands for a folder.
    let sources = sources.map(|source| source.split("/*").next().unwrap_or(source));
    let scripts = ["deploy/deal-proxy.service", "deploy/debian/postinst", "deploy/Containerfile"];
    let archived = ARCHIVED.into_iter().filter(|name| *name != "dist");
    let missing: Vec<&str> = sources
        .chain(scripts)
        .chain(archived)
        .filter(|name| !repo::root().join(name).exists())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("a release needs files that do not exist: {}", missing.join(", "))))
}

#[cfg(test)]
mod tests {
    use super::{Release, check, version};
    use std::path::PathBuf;

    #[test]
    fn the_files_of_a_release_exist() {
        check().unwrap();
    }

    #[test]
    fn the_names_contain_the_version() {
        let release = Release { out: PathBuf::new(), version: version().unwrap() };
        for name in release.names().iter().filter(|name| *name != "SHA256SUMS") {
            assert!(name.contains(env!("CARGO_PKG_VERSION")), "{name}");
        }
    }
}
