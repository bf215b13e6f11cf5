//! `manifest.json`: the sizes and hashes of a bundle's files.

use super::bundle::Bundle;
use crate::{failure::Result, files};
use serde_json::{Value, json};

/// Writes the manifest to the bundle's folder.
pub(super) fn write(bundle: &Bundle) -> Result {
    let text = format!("{:#}\n", manifest(bundle));
    files::write(&bundle.folder.join("manifest.json"), &text)
}

fn manifest(bundle: &Bundle) -> Value {
    let files = bundle.files.iter().map(|file| {
        let facts = json!({
            "raw": file.raw,
            "gzip": file.gzip,
            "brotli": file.brotli,
            "sha256": file.sha256,
            "integrity": file.integrity,
        });
        (file.name.clone(), facts)
    });
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "files": Value::Object(files.collect()),
    })
}

#[cfg(test)]
mod tests {
    use super::manifest;
    use crate::dist::{bundle::Bundle, compress};
    use serde_json::json;
    use std::{env, fs, process};

    #[test]
    fn lists_the_sizes_and_hashes_of_each_file() {
        let folder = env::temp_dir().join(format!("xtask-manifest-{}", process::id()));
        fs::create_dir_all(folder.join("themes")).unwrap();
        fs::write(folder.join("themes/a.css"), "a{}".repeat(1000)).unwrap();
        fs::write(folder.join("a.d.ts"), "").unwrap();
        let files = compress::compress(&folder).unwrap();
        let bundle = Bundle { folder, files };
        let written = manifest(&bundle);
        assert_eq!(written["version"], env!("CARGO_PKG_VERSION"));
        // `openssl dgst -sha384 -binary /dev/null | base64`, and `sha256sum /dev/null`.
        assert_eq!(
            written["files"]["a.d.ts"],
            json!({
                "raw": 0, "gzip": 0, "brotli": 0,
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "integrity":
                    "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb",
            })
        );
        let css = &written["files"]["themes/a.css"];
        assert_eq!(css["raw"], 3000);
        let brotli = bundle.folder.join("themes/a.css.br").metadata().unwrap().len();
        assert_eq!(css["brotli"], brotli);
        assert!(brotli < 100);
        fs::remove_dir_all(&bundle.folder).unwrap();
    }
}
