//! Small scripts, first on the PATH, so that commands typed by hand do what is meant here.

use super::{
    cache::{Cache, make_folder},
    debian_rust::write_script,
    wasm::WasmRust,
};
use crate::{
    failure::{OrFail as _, Result},
    run,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process,
};

/// The tools that call cargo themselves.
const CALL_CARGO: [&str; 2] = ["trunk", "wasm-pack"];

/// Writes the scripts for the tools that are in `folders`, where they need any, and gives the
/// folder with them.
pub(super) fn write(cache: &Cache, rust: &WasmRust, folders: &[PathBuf]) -> Result<PathBuf> {
    let home = cache.other(match rust {
        WasmRust::Own => "bin",
        WasmRust::Debian { .. } => "bin-debian-rust",
    });
    make_folder(&home)?;
    for name in CALL_CARGO {
        let found = folders.iter().map(|folder| folder.join(name)).find(|p| run::executable(p));
        let Some(tool) = found.or_else(|| elsewhere(name, &home)) else { continue };
        if let Some(script) = script(name, &tool, rust) {
            let path = home.join(name);
            // Another shell may be running it: only write what is new, and never halfway.
            if fs::read_to_string(&path).ok().as_deref() != Some(&script) {
                let new = home.join(format!(".{name}-{}", process::id()));
                write_script(&new, &script)?;
                fs::rename(&new, &path).or_fail(|| format!("cannot write {}", path.display()))?;
            }
        }
    }
    Ok(home)
}

/// A tool of the user's own, on the PATH behind our scripts.
fn elsewhere(name: &str, home: &Path) -> Option<PathBuf> {
    run::all_on_path(name).find(|path| path.parent() != Some(home))
}

fn script(name: &str, tool: &Path, rust: &WasmRust) -> Option<String> {
    let path = match rust {
        WasmRust::Debian { home } => {
            format!("PATH={}:$PATH\nexport PATH\n", quoted(&home.join("bin")))
        }
        WasmRust::Own => String::new(),
    };
    let package = if name == "wasm-pack" { NAME_THE_WIDGET } else { "" };
    if path.is_empty() && package.is_empty() {
        return None;
    }
    let tool = quoted(tool);
    Some(format!("#!/bin/sh\n# Written by `cargo xtask`.\n{path}{package}exec {tool} \"$@\"\n"))
}

/// wasm-pack tests what cargo takes for the default, and that is all native crates here: say
/// which one is the widget, unless the person names a package.
const NAME_THE_WIDGET: &str = r#"if [ "$1" = test ]; then
  case " $* " in
    *" -p "* | *" --package "* | *" -- "*) ;;
    *) set -- "$@" -p deal-form ;;
  esac
fi
"#;

/// A path as a shell reads it back.
pub(crate) fn quoted(path: &Path) -> String {
    format!("'{}'", path.display().to_string().replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{WasmRust, quoted, script};
    use std::path::{Path, PathBuf};

    #[test]
    fn a_shell_reads_back_any_path() {
        assert_eq!(quoted(Path::new("/a b/it's")), r"'/a b/it'\''s'");
    }

    #[test]
    fn only_what_calls_another_rust_or_needs_a_package_is_wrapped() {
        let debian = WasmRust::Debian { home: PathBuf::from("/t/rust-wasm-1.96.0") };
        let trunk = Path::new("/t/trunk");
        assert_eq!(script("trunk", trunk, &WasmRust::Own), None);
        let wrapped = script("trunk", trunk, &debian).unwrap();
        assert!(wrapped.contains("PATH='/t/rust-wasm-1.96.0/bin':$PATH\n"), "{wrapped}");
        assert!(wrapped.ends_with("exec '/t/trunk' \"$@\"\n"), "{wrapped}");
        assert!(script("wasm-pack", trunk, &WasmRust::Own).unwrap().contains("-p deal-form"));
    }
}
