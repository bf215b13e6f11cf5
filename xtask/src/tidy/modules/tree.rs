//! A crate's modules, and the paths in the code of each module, without tests.

use crate::{
    failure::{OrFail as _, Result},
    files,
};
use proc_macro2::{TokenStream, TokenTree};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};
use syn::visit::{self, Visit};

/// A module's path below the crate's root: `["journal", "entry"]`.
pub(super) type ModulePath = Vec<String>;

/// The modules in a crate that have their own files.
pub(super) type Tree = BTreeMap<ModulePath, Module>;

/// A module with its own file, including the inline modules in that file.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) file: PathBuf,
    /// The paths in the module's code.
    pub(super) paths: Vec<NamedPath>,
    /// The names that the module re-exports, with their original paths.
    pub(super) reexports: BTreeMap<String, Vec<String>>,
}

/// A path in the code, such as `crate::journal::Entry`.
#[derive(Debug)]
pub(super) struct NamedPath {
    /// `["crate", "journal", "Entry"]`. The last segment of a glob is `*`.
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    pub(super) is_reexport: bool,
}

/// Reads a crate's root file, and the files of all its modules.
pub(super) fn read(root: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    let folder = root.parent().unwrap_or(Path::new("")).to_owned();
    read_module(root.to_owned(), folder, Vec::new(), &mut tree)?;
    Ok(tree)
}

/// Reads a module and its child modules. `folder` contains the child modules' files.
fn read_module(file: PathBuf, folder: PathBuf, path: ModulePath, tree: &mut Tree) -> Result {
    let text = files::read(&file)?;
    let parsed = syn::parse_file(&text).or_fail(|| format!("cannot parse {}", file.display()))?;
    let mut reader = Reader::default();
    reader.visit_file(&parsed);
    let Reader { paths, reexports, children, .. } = reader;
    for child in children {
        let mut path = path.clone();
        path.push(child.clone());
        let inside = folder.join(&child);
        let candidates = [folder.join(format!("{child}.rs")), inside.join("mod.rs")];
        // A build script may write the file elsewhere.
        if let Some(file) = candidates.into_iter().find(|file| file.exists()) {
            read_module(file, inside, path, tree)?;
        }
    }
    tree.insert(path, Module { file, paths, reexports });
    Ok(())
}

/// Collects the paths and child modules of one file.
#[derive(Default)]
struct Reader {
    paths: Vec<NamedPath>,
    reexports: BTreeMap<String, Vec<String>>,
    /// The child modules that have their own files.
    children: Vec<String>,
    /// How many inline modules surround the code.
    depth: usize,
}

impl Reader {
    fn add(&mut self, segments: Vec<String>, line: usize, is_reexport: bool) {
        if let Some(segments) = self.seen_from_file(segments) {
            self.paths.push(NamedPath { segments, line, is_reexport });
        }
    }

    /// Converts a path to one that is relative to the file's own module. Returns `None` if the path
    /// stays in an inline module.
    fn seen_from_file(&self, mut segments: Vec<String>) -> Option<Vec<String>> {
        if self.depth == 0 || segments.first()? == "crate" {
            return Some(segments);
        }
        let supers = segments.iter().take_while(|segment| *segment == "super").count();
        if supers < self.depth {
            return None;
        }
        segments.drain(..self.depth);
        if supers == self.depth {
            segments.insert(0, "self".to_owned());
        }
        Some(segments)
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_none() {
            self.children.push(module.ident.to_string());
            return;
        }
        self.depth = self.depth.saturating_add(1);
        visit::visit_item_mod(self, module);
        self.depth = self.depth.saturating_sub(1);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let line = item.use_token.span.start().line;
        let is_reexport = self.depth == 0 && !matches!(item.vis, syn::Visibility::Inherited);
        let mut found = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut found);
        for (segments, name) in found {
            if is_reexport {
                self.reexports.insert(name, segments.clone());
            }
            self.add(segments, line, is_reexport);
        }
    }

    // The path in `pub(in crate::journal)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let line = path.segments.first().map_or(0, |first| first.ident.span().start().line);
        self.add(segments, line, false);
        visit::visit_path(self, path);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if !item.mac.path.is_ident("macro_rules") {
            return self.visit_macro(&item.mac);
        }
        for (segments, line) in paths_in(item.mac.tokens.clone()) {
            // Relative paths are resolved where the macro is used.
            if segments.first().is_some_and(|first| first == "crate") {
                self.add(segments, line, false);
            }
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        for (segments, line) in paths_in(call.tokens.clone()) {
            self.add(segments, line, false);
        }
        visit::visit_macro(self, call);
    }
}

/// Collects all paths in a `use` item, with the names under which they are imported.
fn flatten(tree: &syn::UseTree, before: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    let mut add = |last: String, name: String| {
        let mut segments = before.clone();
        if last != "self" || segments.is_empty() {
            segments.push(last);
        }
        let name = if name == "self" { segments.last().cloned().unwrap_or(name) } else { name };
        found.push((segments, name));
    };
    match tree {
        syn::UseTree::Path(path) => {
            before.push(path.ident.to_string());
            flatten(&path.tree, before, found);
            before.pop();
        }
        syn::UseTree::Name(name) => add(name.ident.to_string(), name.ident.to_string()),
        syn::UseTree::Rename(rename) => add(rename.ident.to_string(), rename.rename.to_string()),
        syn::UseTree::Glob(_) => add("*".to_owned(), "*".to_owned()),
        syn::UseTree::Group(group) => {
            group.items.iter().for_each(|tree| flatten(tree, before, found));
        }
    }
}

/// Returns the paths with at least two segments in a macro's tokens, with their lines. `syn` does not
/// parse these tokens.
fn paths_in(tokens: TokenStream) -> Vec<(Vec<String>, usize)> {
    let mut paths = Vec::new();
    let mut path = (Vec::new(), 0);
    let mut colons = 0_usize;
    for token in tokens {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == ':' => {
                colons = colons.saturating_add(1);
                continue;
            }
            TokenTree::Ident(ident) if colons == 2 && !path.0.is_empty() => {
                path.0.push(ident.to_string());
            }
            TokenTree::Ident(ident) => {
                let line = ident.span().start().line;
                paths.push(std::mem::replace(&mut path, (vec![ident.to_string()], line)));
            }
            TokenTree::Group(group) => {
                paths.push(std::mem::take(&mut path));
                paths.extend(paths_in(group.stream()));
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => paths.push(std::mem::take(&mut path)),
        }
        colons = 0;
    }
    paths.push(path);
    paths.retain(|(segments, _)| segments.len() > 1);
    paths
}

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// Returns whether the item is compiled only for tests.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}
