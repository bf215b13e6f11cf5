//! The modules of a crate and what each of them names, without its tests.

use crate::failure::{OrFail as _, Result};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use syn::visit::{self, Visit};

/// The path of a module below its crate's root: `["journal", "entry"]`.
pub(super) type ModulePath = Vec<String>;

/// A module with a file of its own.
#[derive(Debug)]
pub(super) struct Module {
    pub(super) file: PathBuf,
    /// The paths that its code names, with all their segments.
    pub(super) named: Vec<Named>,
    /// The names that it re-exports, with the paths behind them.
    pub(super) exported: BTreeMap<String, ModulePath>,
}

/// A path such as `crate::journal::Entry`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    /// `["crate", "journal", "Entry"]`. The last one is `*` for a glob.
    pub(super) segments: Vec<String>,
    pub(super) line: usize,
    pub(super) is_exported: bool,
}

pub(super) type Tree = BTreeMap<ModulePath, Module>;

/// Reads the file of a crate's root, and the files of all its modules.
pub(super) fn read(root: &Path) -> Result<Tree> {
    let mut tree = Tree::new();
    let folder = root.parent().unwrap_or(Path::new("")).to_owned();
    read_module(root.to_owned(), folder, Vec::new(), &mut tree)?;
    Ok(tree)
}

/// `folder` is where the files of the module's children are.
fn read_module(file: PathBuf, folder: PathBuf, path: ModulePath, tree: &mut Tree) -> Result {
    let text = fs::read_to_string(&file).or_fail(|| format!("cannot read {}", file.display()))?;
    let parsed = syn::parse_file(&text).or_fail(|| format!("cannot parse {}", file.display()))?;
    let mut reader = Reader::default();
    reader.visit_file(&parsed);
    let Reader { named, exported, children } = reader;
    for child in children {
        let mut path = path.clone();
        path.push(child.clone());
        let inside = folder.join(&child);
        let candidates = [folder.join(format!("{child}.rs")), inside.join("mod.rs")];
        // A file that the build makes has no place in the tree.
        if let Some(file) = candidates.into_iter().find(|file| file.exists()) {
            read_module(file, inside, path, tree)?;
        }
    }
    tree.insert(path, Module { file, named, exported });
    Ok(())
}

#[derive(Default)]
struct Reader {
    named: Vec<Named>,
    exported: BTreeMap<String, ModulePath>,
    children: Vec<String>,
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if module.content.is_none() {
            self.children.push(module.ident.to_string());
        }
        visit::visit_item_mod(self, module);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let line = item.use_token.span.start().line;
        let is_exported = !matches!(item.vis, syn::Visibility::Inherited);
        let mut found = Vec::new();
        flatten(&item.tree, &mut Vec::new(), &mut found);
        for (segments, name) in found {
            if is_exported {
                self.exported.insert(name, segments.clone());
            }
            self.named.push(Named { segments, line, is_exported });
        }
    }

    // `pub(crate)` imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string());
        let line = path.segments.first().map_or(0, |first| first.ident.span().start().line);
        let segments = segments.collect();
        self.named.push(Named { segments, line, is_exported: false });
        visit::visit_path(self, path);
    }
}

/// Every path of a `use`, with the name that it gets.
fn flatten(tree: &syn::UseTree, before: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    let mut add = |last: String, name: String| {
        let mut segments = before.clone();
        if last != "self" {
            segments.push(last);
        }
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

fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Const(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether it is compiled for tests only.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg")
            && attribute.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}
