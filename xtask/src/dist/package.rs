//! The npm package: the widget's files and documents, without pages.

use super::bundle::Bundle;
use crate::{
    failure::{Failure, OrFail as _, Result},
    files, repo, workspace,
};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The files of a bundle that the package contains; folders end with a slash.
const PARTS: [&str; 6] = [
    "deal-form.js",
    "deal-form-widget.js",
    "deal-form-widget_bg.wasm",
    "deal-form.d.ts",
    "locales/",
    "themes/",
];
/// The package's documents, with their paths in the repository.
const DOCUMENTS: [(&str, &str); 4] = [
    ("README.md", "embed/README.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
];
const TEMPLATE: &str = "embed/package.json";

/// Writes the package, ready for `npm publish`, and returns its folder.
pub(super) fn write(bundle: &Bundle) -> Result<PathBuf> {
    let folder = workspace::target()?.join("dist-work/npm");
    files::remove_folder(&folder)?;
    files::create_folder(&folder)?;
    for file in bundle.files.iter().filter(|file| is_packed(&file.name)) {
        files::copy(&bundle.folder.join(&file.name), &folder.join(&file.name))?;
    }
    for (name, from) in DOCUMENTS {
        files::copy(&repo::root().join(from), &folder.join(name))?;
    }
    let package = package(&files::read(&repo::root().join(TEMPLATE))?);
    check_exports(&package, &folder)?;
    files::write(&folder.join("package.json"), &package)?;
    Ok(folder)
}

fn is_packed(name: &str) -> bool {
    PARTS.iter().any(|part| name == *part || part.ends_with('/') && name.starts_with(part))
}

/// Fills in the workspace's version. Does not parse the JSON, because the order of the conditions in `exports`
/// must not change.
fn package(template: &str) -> String {
    let version = concat!("\"version\": \"", env!("CARGO_PKG_VERSION"), "\"");
    template.replace("\"version\": \"0.0.0\"", version)
}

/// # Errors
/// If an exported file is not in the folder.
fn check_exports(package: &str, folder: &Path) -> Result {
    let package: Value =
        serde_json::from_str(package).or_fail(|| format!("cannot read {TEMPLATE}"))?;
    for path in targets(package.get("exports").unwrap_or(&Value::Null)) {
        // `./locales/*` stands for every file in the folder.
        let path = path.trim_end_matches('*');
        if path != "./package.json" && !folder.join(path).exists() {
            return Err(Failure::new(format!("{TEMPLATE} exports {path}, which does not exist")));
        }
    }
    Ok(())
}

/// Returns all paths in `exports`, for all conditions.
fn targets(exports: &Value) -> Vec<&str> {
    match exports {
        Value::String(path) => vec![path],
        Value::Object(members) => members.values().flat_map(targets).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::{check_exports, is_packed, package, targets};
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
    fn has_the_version_and_licence_of_the_workspace() {
        let package = ours();
        assert_eq!(package["name"], "deal-form");
        assert_eq!(package["version"], env!("CARGO_PKG_VERSION"));
        // npm requires parentheses around a choice.
        assert_eq!(package["license"], concat!("(", env!("CARGO_PKG_LICENSE"), ")"));
        let repository = concat!("git+", env!("CARGO_PKG_REPOSITORY"), ".git");
        assert_eq!(package["repository"], json!({"type": "git", "url": repository}));
    }

    #[test]
    fn exports_the_module_with_its_types_and_side_effects() {
        let package = ours();
        assert_eq!(package["type"], "module");
        let module = json!({"types": "./deal-form.d.ts", "default": "./deal-form.js"});
        assert_eq!(package["exports"]["."], module);
        assert_eq!(package["exports"]["./deal-form.js"], module);
        // The first matching condition is used, and "default" always matches.
        let ordered = r#"{ "types": "./deal-form.d.ts", "default": "./deal-form.js" }"#;
        assert_eq!(text().matches(ordered).count(), 2);
        assert_eq!(package["exports"]["./themes/*"], "./themes/*");
        assert_eq!(package["types"], "./deal-form.d.ts");
        assert_eq!(package["sideEffects"], json!(["./deal-form.js", "./themes/*"]));
    }

    #[test]
    fn packs_all_exported_files() {
        let package = ours();
        let packed = package["files"].as_array().unwrap();
        for path in targets(&package["exports"]) {
            let path = path.trim_start_matches("./").trim_end_matches("/*");
            assert!(path == "package.json" || packed.contains(&path.into()), "{path}");
        }
    }

    #[test]
    fn refuses_to_export_a_missing_file() {
        let package = r#"{"exports": {".": {"default": "./gone.js"}}}"#;
        let error = check_exports(package, &env::temp_dir()).unwrap_err().to_string();
        assert_eq!(error, "embed/package.json exports ./gone.js, which does not exist");
    }

    #[test]
    fn omits_pages_and_compressed_files() {
        for name in
            ["index.html", "page.css", "editor.css", "showcase/showcase.js", "deal-form.js.br"]
        {
            assert!(!is_packed(name), "{name}");
        }
        assert!(is_packed("locales/de.json"));
    }
}
