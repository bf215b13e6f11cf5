//! The package for npm: the widget's files with what describes them, but no pages.

use super::bundle::Bundle;
use crate::{
    failure::{Failure, OrFail as _, Result},
    files, repo, workspace,
};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What of a bundle belongs to it: files, and folders with a slash.
const PARTS: [&str; 6] = [
    "deal-form.js",
    "deal-form-widget.js",
    "deal-form-widget_bg.wasm",
    "deal-form.d.ts",
    "locales/",
    "themes/",
];
/// What comes from the repository, and where it lies there.
const PAPERS: [(&str, &str); 4] = [
    ("README.md", "embed/README.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
];
const TEMPLATE: &str = "embed/package.json";

/// Makes the package, ready for `npm publish`, and gives its folder.
pub(super) fn write(bundle: &Bundle) -> Result<PathBuf> {
    let folder = workspace::target()?.join("dist-work/npm");
    files::remove(&folder)?;
    files::make(&folder)?;
    for file in bundle.files.iter().filter(|file| belongs(&file.name)) {
        files::copy(&bundle.folder.join(&file.name), &folder.join(&file.name))?;
    }
    for (name, from) in PAPERS {
        files::copy(&repo::root().join(from), &folder.join(name))?;
    }
    let package = package(&files::read(&repo::root().join(TEMPLATE))?);
    check_exports(&package, &folder)?;
    files::write(&folder.join("package.json"), &package)?;
    Ok(folder)
}

fn belongs(name: &str) -> bool {
    PARTS.iter().any(|part| name == *part || part.ends_with('/') && name.starts_with(part))
}

/// The template in the workspace's version. As text: the order of conditions in `exports` counts.
fn package(template: &str) -> String {
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    template.replace("\"version\": \"0.0.0\"", version)
}

/// # Errors
/// An export of a file that is not in the folder.
fn check_exports(package: &str, folder: &Path) -> Result {
    let package: Value =
        serde_json::from_str(package).or_fail(|| format!("cannot read {TEMPLATE}"))?;
    for path in targets(package.get("exports").unwrap_or(&Value::Null)) {
        // `./locales/*` stands for whatever is there.
        let path = path.trim_end_matches('*');
        if path != "./package.json" && !folder.join(path).exists() {
            return Err(Failure::new(format!("{TEMPLATE} exports {path}, which is not there")));
        }
    }
    Ok(())
}

/// All paths in `exports`, whatever the conditions they are under.
fn targets(exports: &Value) -> Vec<&str> {
    match exports {
        Value::String(path) => vec![path],
        Value::Object(members) => members.values().flat_map(targets).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{belongs, check_exports, package, targets};
    use crate::repo;
    use serde_json::{Value, json};
    use std::{env, fs};

    fn text() -> String {
        package(&fs::read_to_string(repo::root().join("embed/package.json")).unwrap())
    }

    fn ours() -> Value {
        serde_json::from_str(&text()).unwrap()
    }

    #[test]
    fn the_package_says_what_the_workspace_says() {
        let package = ours();
        assert_eq!(package["name"], "deal-form");
        assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
        // npm wants parentheses around a choice.
        assert_eq!(package["license"], concat!("(", env!("CARGO_PKG_LICENSE"), ")"));
        let repository = concat!("git+", env!("CARGO_PKG_REPOSITORY"), ".git");
        assert_eq!(package["repository"], json!({"type": "git", "url": repository}));
    }

    #[test]
    fn an_import_finds_the_module_and_its_types_and_is_not_dropped_as_useless() {
        let package = ours();
        assert_eq!(package["type"], "module");
        let module = json!({"types": "./deal-form.d.ts", "default": "./deal-form.js"});
        assert_eq!(package["exports"]["."], module);
        assert_eq!(package["exports"]["./deal-form.js"], module);
        // The first condition that fits is taken, and "default" always fits.
        let ordered = r#"{ "types": "./deal-form.d.ts", "default": "./deal-form.js" }"#;
        assert_eq!(text().matches(ordered).count(), 2);
        assert_eq!(package["exports"]["./themes/*"], "./themes/*");
        assert_eq!(package["types"], "./deal-form.d.ts");
        assert_eq!(package["sideEffects"], json!(["./deal-form.js", "./themes/*"]));
    }

    #[test]
    fn all_that_is_exported_is_packed() {
        let package = ours();
        let packed = package["files"].as_array().unwrap();
        for path in targets(&package["exports"]) {
            let path = path.trim_start_matches("./").trim_end_matches("/*");
            assert!(path == "package.json" || packed.contains(&path.into()), "{path}");
        }
    }

    #[test]
    fn an_export_of_nothing_is_an_error() {
        let package = r#"{"exports": {".": {"default": "./gone.js"}}}"#;
        let said = check_exports(package, &env::temp_dir()).unwrap_err().to_string();
        assert_eq!(said, "embed/package.json exports ./gone.js, which is not there");
    }

    #[test]
    fn pages_and_what_is_only_for_servers_stay_out() {
        for name in ["index.html", "page.css", "showcase/showcase.js", "deal-form.js.br"] {
            assert!(!belongs(name), "{name}");
        }
        assert!(belongs("locales/de.json"));
    }
}
