//! Shortens the names of the imports and exports that the WebAssembly module and its glue share. In
//! both files, wasm-bindgen gives each of these functions a long name with a hash. Hashes do not
//! compress well, so short names save 3.5 kB for each visitor.

use crate::failure::{Failure, Result};
use std::{collections::HashMap, convert::Infallible};
use wasm_encoder::{
    ExportSection, ImportSection, Module,
    reencode::{Error, Reencode, utils},
};
use wasmparser::{Export, Import, Imports, Parser};

/// A module and its glue.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Joined {
    pub(super) wasm: Vec<u8>,
    pub(super) glue: String,
}

/// Replaces the names in both files. Keeps a name if the glue does not contain it in the expected form.
///
/// `module` is the glue's name in the module's imports. Imports from other scripts stay as they are.
pub(super) fn shorten(joined: &Joined, module: &str) -> Result<Joined> {
    let mut names = Names { module, glue: &joined.glue, short: HashMap::new() };
    let mut wasm = Module::new();
    names
        .parse_core_module(&mut wasm, Parser::new(0), &joined.wasm)
        .map_err(|error| Failure::new(format!("cannot read the module: {error}")))?;
    let glue = names.write_glue();
    Ok(Joined { wasm: wasm.finish(), glue })
}

/// The short names so far, with the long names in the glue as keys.
struct Names<'a> {
    module: &'a str,
    glue: &'a str,
    short: HashMap<String, String>,
}

impl Names<'_> {
    /// Returns the short name for `name`, which follows `before` in the glue. Returns `name` itself if the glue does
    /// not contain it.
    fn shorten(&mut self, before: &str, name: &str) -> String {
        let long = format!("{before}{name}");
        if let Some(known) = self.short.get(&long) {
            return known.clone();
        }
        if !words(self.glue).any(|word| word == long) {
            return name.to_owned();
        }
        let short = nth(self.short.len());
        self.short.insert(long, short.clone());
        short
    }

    fn write_glue(&self) -> String {
        let mut glue = String::with_capacity(self.glue.len());
        for word in words(self.glue) {
            match self.short.get(word) {
                Some(short) if word.starts_with(EXPORTS) => {
                    glue.push_str(EXPORTS);
                    glue.push_str(short);
                }
                Some(short) => glue.push_str(short),
                None => glue.push_str(word),
            }
        }
        glue
    }
}

/// The object in the glue that contains the module's exports.
const EXPORTS: &str = "wasm.";

impl Reencode for Names<'_> {
    type Error = Infallible;

    fn parse_imports(
        &mut self,
        section: &mut ImportSection,
        imports: Imports<'_>,
    ) -> std::result::Result<(), Error> {
        match imports {
            Imports::Single(at, import) if import.module == self.module => {
                // The glue contains a member of an object: `name: function`.
                let name = &self.shorten("", import.name);
                let imports = Imports::Single(at, Import { name, ..import });
                utils::parse_imports(self, section, imports)
            }
            others => utils::parse_imports(self, section, others),
        }
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: Export<'_>,
    ) -> std::result::Result<(), Error> {
        // Keep this name: tools that measure a page look for an export called `memory`.
        if export.name == "memory" {
            return utils::parse_export(self, exports, export);
        }
        let short = self.shorten(EXPORTS, export.name);
        utils::parse_export(self, exports, Export { name: &short, ..export })
    }
}

/// Splits the script into names and the text between them. If `wasm.` precedes a name, it is part of the name.
fn words(script: &str) -> impl Iterator<Item = &str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '$');
    let mut rest = script;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let named = is_name(first);
        let exported = rest.strip_prefix(EXPORTS).filter(|name| name.starts_with(is_name));
        let skipped = if exported.is_some() { EXPORTS.len() } else { 0 };
        let (_, from) = rest.split_at_checked(skipped)?;
        let end = skipped + from.find(|c| is_name(c) != named).unwrap_or(from.len());
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(word)
    })
}

/// Returns the name with this number: a, b … z, aa, ab …
fn nth(mut number: usize) -> String {
    let mut name = Vec::new();
    loop {
        name.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or_default()));
        number /= 26;
        if number == 0 {
            return name.into_iter().rev().collect();
        }
        number -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Joined, nth, shorten};
    use wasm_encoder::{EntityType, ExportKind, ExportSection, ImportSection, Module, TypeSection};

    fn module(imports: &[(&str, &str)], exports: &[&str]) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut import = ImportSection::new();
        for (module, name) in imports {
            import.import(module, name, EntityType::Function(0));
        }
        let mut export = ExportSection::new();
        for name in exports {
            export.export(name, ExportKind::Func, 0);
        }
        let mut module = Module::new();
        module.section(&types).section(&import).section(&export);
        module.finish()
    }

    #[test]
    fn gives_module_and_glue_the_same_short_names() {
        let joined = Joined {
            wasm: module(&[("./glue.js", "__wbg_get_12ab"), ("./own.js", "draw")], &["mount", "seen"]),
            glue: "const i = { __wbg_get_12ab: function() {} }; export function mount() { wasm.mount(); } draw".to_owned(),
        };
        let short = shorten(&joined, "./glue.js").unwrap();
        assert_eq!(short.wasm, module(&[("./glue.js", "a"), ("./own.js", "draw")], &["b", "seen"]));
        assert_eq!(
            short.glue,
            "const i = { a: function() {} }; export function mount() { wasm.b(); } draw"
        );
    }

    #[test]
    fn refuses_a_file_that_is_not_a_module() {
        let joined = Joined { wasm: b"<!doctype html>".to_vec(), glue: String::new() };
        assert!(shorten(&joined, "./glue.js").is_err());
    }

    #[test]
    fn continues_with_two_letter_names_after_z() {
        let names: Vec<_> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(nth).collect();
        assert_eq!(names, ["a", "z", "aa", "az", "ba", "zz", "aaa"]);
    }
}
