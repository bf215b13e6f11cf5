//! Short names between the module and its glue. wasm-bindgen gives each function that passes from
//! one to the other a long name with a hash, twice, and hashes cannot be compressed: 3.5 kB of
//! what a visitor loads.

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

/// Gives both sides short names for the same things. A name that the glue does not spell as
/// expected stays as it is.
///
/// `module` is what the glue calls itself in the module's imports; those of other scripts stay.
pub(super) fn shorten(joined: &Joined, module: &str) -> Result<Joined> {
    let mut names = Names { module, glue: &joined.glue, short: HashMap::new() };
    let mut wasm = Module::new();
    names
        .parse_core_module(&mut wasm, Parser::new(0), &joined.wasm)
        .map_err(|error| Failure::new(format!("cannot read the module: {error}")))?;
    let glue = names.write_glue();
    Ok(Joined { wasm: wasm.finish(), glue })
}

/// The names that were given so far, by how the glue spells the long ones.
struct Names<'a> {
    module: &'a str,
    glue: &'a str,
    short: HashMap<String, String>,
}

impl Names<'_> {
    /// A short name for what the glue spells as `before` and the name.
    fn shorten(&mut self, before: &str, name: &str) -> String {
        let spelt = format!("{before}{name}");
        if let Some(known) = self.short.get(&spelt) {
            return known.clone();
        }
        if !words(self.glue).any(|word| word == spelt) {
            return name.to_owned();
        }
        let short = nth(self.short.len());
        self.short.insert(spelt, short.clone());
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

/// How the glue reaches what the module exports.
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
                // A member of an object: `name: function`.
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
        // Tools that measure a page look for its memory.
        if export.name == "memory" {
            return utils::parse_export(self, exports, export);
        }
        let short = self.shorten(EXPORTS, export.name);
        utils::parse_export(self, exports, Export { name: &short, ..export })
    }
}

/// The script in pieces: names, each with the `wasm.` before it, and what stands between them.
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

/// a, b … z, aa, ab …
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
    fn both_sides_get_the_same_short_names() {
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
    fn what_is_no_module_is_an_error() {
        let joined = Joined { wasm: b"<!doctype html>".to_vec(), glue: String::new() };
        assert!(shorten(&joined, "./glue.js").is_err());
    }

    #[test]
    fn names_go_on_after_z() {
        let names: Vec<_> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(nth).collect();
        assert_eq!(names, ["a", "z", "aa", "az", "ba", "zz", "aaa"]);
    }
}
