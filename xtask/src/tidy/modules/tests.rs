//! Tests imports and cycles in small crates. Each test writes its crate to a temporary folder.

use super::{cycles, imports, tree};
use std::{collections::BTreeSet, fs};
use tempfile::TempDir;

/// Writes a crate with these files, each given by its name and content.
fn write(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

/// Compares a crate's imports with the expected ones, written as `from -> to: name`, with `crate`
/// for the root.
#[track_caller]
fn check_imports(files: &[(&str, &str)], expected: &[&str]) {
    let folder = write(files);
    let tree = tree::read(&folder.path().join("lib.rs")).unwrap();
    let name = |path: &[String]| if path.is_empty() { "crate".to_owned() } else { path.join("::") };
    let found: BTreeSet<String> = imports::of(&tree)
        .iter()
        .map(|import| format!("{} -> {}: {}", name(&import.from), name(&import.to), import.name))
        .collect();
    let expected: BTreeSet<String> = expected.iter().map(|&import| import.to_owned()).collect();
    assert_eq!(found, expected);
}

/// Compares a crate's cycles with the expected ones, with paths relative to the crate's folder.
#[track_caller]
fn check_cycles(files: &[(&str, &str)], expected: &[&str]) {
    let folder = write(files);
    let tree = tree::read(&folder.path().join("lib.rs")).unwrap();
    let root = format!("{}/", folder.path().display());
    let found = cycles::mistakes(&imports::of(&tree));
    let found: Vec<String> = found.iter().map(|cycle| cycle.replace(&root, "")).collect();
    assert_eq!(found, expected);
}

#[test]
fn reports_two_modules_that_import_each_other() {
    check_cycles(
        &[
            ("lib.rs", "mod a;\nmod b;\nmod c;"),
            ("a.rs", "//! A.\n\nuse crate::b::B;\npub struct A(B);"),
            ("b.rs", "use crate::{a::A, c::C};\npub struct B(Box<A>, C);"),
            ("c.rs", "pub struct C;"),
        ],
        &["2 modules import each other in a cycle:\n  a.rs:3: B from b\n  b.rs:1: A from a"],
    );
}

#[test]
fn reports_each_cycle_with_all_its_modules() {
    check_cycles(
        &[
            ("lib.rs", "mod a; mod b; mod c; mod d; mod e;"),
            ("a.rs", "use crate::b::B;"),
            ("b.rs", "use crate::c::C;"),
            ("c.rs", "use crate::a::A;"),
            ("d.rs", "use crate::{a::A, e::E};"),
            ("e.rs", "use crate::d::D;"),
        ],
        &[
            "3 modules import each other in a cycle:\
             \n  a.rs:1: B from b\n  b.rs:1: C from c\n  c.rs:1: A from a",
            "2 modules import each other in a cycle:\n  d.rs:1: E from e\n  e.rs:1: D from d",
        ],
    );
}

#[test]
fn allows_a_module_to_reexport_children_that_use_it() {
    check_cycles(
        &[
            ("lib.rs", "mod shop;"),
            ("shop/mod.rs", "mod cart;\npub use cart::Cart;\npub struct Price;"),
            ("shop/cart.rs", "use super::Price;\npub struct Cart(Price);"),
        ],
        &[],
    );
}

#[test]
fn reports_a_module_and_a_child_that_use_each_other() {
    let cart = ("shop/cart.rs", "use super::Price;\npub struct Cart(Price);");
    let sentence = "2 modules import each other in a cycle:\
                    \n  shop/mod.rs:3: Cart from shop::cart\n  shop/cart.rs:1: Price from shop";
    for shop in [
        "mod cart;\npub struct Price;\nuse cart::Cart;",
        "mod cart;\npub struct Price;\npub fn fill() -> cart::Cart { loop {} }",
        // The module uses an item that it also re-exports.
        "mod cart; pub use cart::Cart;\npub struct Price;\npub fn fill() -> Cart { loop {} }",
    ] {
        check_cycles(&[("lib.rs", "mod shop;"), ("shop/mod.rs", shop), cart], &[sentence]);
    }
}

#[test]
fn ignores_test_code() {
    check_imports(
        &[
            ("lib.rs", "mod a;\nmod b;\n#[cfg(test)]\nmod support;"),
            (
                "a.rs",
                "#[cfg(test)] use crate::b::Before;
                 pub struct A;
                 impl A {
                     #[cfg(test)] fn sample() -> crate::b::Sample { loop {} }
                 }
                 #[cfg(test)] mod tests {
                     use crate::b::B;
                     #[test] fn works() { crate::b::check(); }
                 }",
            ),
            ("b.rs", "#[cfg(test)] enum Seen { A(crate::a::A) }"),
            ("support.rs", "use crate::a::A;"),
        ],
        &[],
    );
}

#[test]
fn splits_grouped_and_nested_imports() {
    check_imports(
        &[
            ("lib.rs", "mod a; mod b; mod shop;"),
            ("a.rs", "use crate::{b::{self, B}, shop::{cart::{Cart, Line}, Price}};\nuse std::fs;"),
            ("b.rs", "pub struct B;"),
            ("shop/mod.rs", "mod cart; pub struct Price;"),
            ("shop/cart.rs", ""),
        ],
        &[
            "a -> b: ",
            "a -> b: B",
            "a -> shop::cart: Cart",
            "a -> shop::cart: Line",
            "a -> shop: Price",
        ],
    );
}

#[test]
fn resolves_relative_paths() {
    check_imports(
        &[
            ("lib.rs", "mod a; mod shop; struct Root;"),
            ("a.rs", ""),
            ("shop/mod.rs", "mod cart; mod price; use self::price::Price;"),
            ("shop/cart/mod.rs", "mod line;"),
            (
                "shop/cart/line.rs",
                "use super::super::price::Price;
                 use super::super::super::a::A;
                 use super::Cart;
                 fn root() -> super::super::super::Root { loop {} }",
            ),
            ("shop/price.rs", ""),
        ],
        &[
            "shop -> shop::price: Price",
            "shop::cart::line -> shop::price: Price",
            "shop::cart::line -> a: A",
            "shop::cart::line -> shop::cart: Cart",
            "shop::cart::line -> crate: Root",
        ],
    );
}

#[test]
fn resolves_a_reexported_name_to_the_module_that_defines_it() {
    check_imports(
        &[
            ("lib.rs", "mod a; mod shop; pub use shop::Cart as Basket;"),
            ("a.rs", "use crate::shop::Cart;\nuse crate::{Basket as Mine, shop::Value};"),
            ("shop/mod.rs", "mod cart; pub use cart::Cart; pub(crate) use serde_json::Value;"),
            ("shop/cart/mod.rs", "mod inner; pub use inner::Inner as Cart;"),
            ("shop/cart/inner.rs", "pub struct Inner;"),
        ],
        &["a -> shop::cart::inner: Inner", "a -> shop: Value"],
    );
}

#[test]
fn reports_a_renamed_import_by_its_original_name() {
    check_imports(
        &[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "use crate::b as other;\nuse crate::b::B as Renamed;\nuse crate::b::Speak as _;",
            ),
            ("b.rs", ""),
        ],
        &["a -> b: ", "a -> b: B", "a -> b: Speak"],
    );
}

#[test]
fn reports_a_glob_import_of_the_module() {
    check_imports(
        &[("lib.rs", "mod a; mod b;"), ("a.rs", "use crate::b::*;"), ("b.rs", "")],
        &["a -> b: *"],
    );
}

#[test]
fn stops_at_modules_that_reexport_each_other() {
    check_imports(
        &[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "pub use crate::b::Name;"),
            ("b.rs", "pub use crate::a::Name;"),
            ("c.rs", "use crate::a::Name;"),
        ],
        &["b -> a: Name", "a -> b: Name", "c -> a: Name"],
    );
}

#[test]
fn finds_paths_in_macro_arguments() {
    check_imports(
        &[
            ("lib.rs", "mod a; mod b; mod c;"),
            (
                "a.rs",
                "fn a() { println!(\"{}\", vec![crate::b::one(), f(crate::c::Two { x: 1 })]); }",
            ),
            ("b.rs", "macro_rules! new { ($x:expr) => { $crate::c::C::new($x, super::a::A) } }"),
            ("c.rs", ""),
        ],
        &["a -> b: one", "a -> c: Two", "b -> c: C"],
    );
}

#[test]
fn treats_an_inline_module_as_part_of_its_file() {
    check_imports(
        &[
            ("lib.rs", "mod a; mod b;"),
            (
                "a.rs",
                "pub struct A;
                 mod inside {
                     pub use super::A;
                     use super::super::b::B;
                     mod deeper { use super::super::A; use super::super::super::b::C; }
                 }",
            ),
            ("b.rs", ""),
        ],
        &["a -> b: B", "a -> b: C"],
    );
}
