use super::{Parts, split};
use crate::run;
use std::fs;

/// A module as wasm-bindgen writes it: `widget::mount` calls `widget::tags::make` directly, and a destructor of
/// `widget::tags` through the table.
const WIDGET: &str = r#"(module
    (type $to (func (param i32) (result i32)))
    (import "./glue.js" "log" (func $log (type $to)))
    (table $table 3 3 funcref)
    (elem (i32.const 1) $widget::draw $widget::tags::drop)
    (memory (export "memory") 1)
    (data (i32.const 8) "\2a")
    (global $stack (mut i32) (i32.const 100))
    (func $widget::mount (export "mount") (type $to)
        (call $widget::tags::make (local.get 0)))
    (func $widget::call (export "call") (type $to)
        (call_indirect (type $to) (i32.const 5) (local.get 0)))
    (func $widget::stack (export "stack") (result i32)
        (global.get $stack))
    (func $widget::draw (type $to)
        (call $core::both (local.get 0)))
    (func $core::both (type $to)
        (i32.add (local.get 0) (i32.load8_u (i32.const 8))))
    (func $core::only_tags (type $to)
        (global.set $stack (i32.const 84))
        (call $log (call $core::both (local.get 0))))
    (func $widget::tags::make (type $to)
        (call $core::only_tags (local.get 0)))
    (func $widget::tags::drop (type $to)
        (i32.add (i32.const 1000) (call_indirect (type $to) (local.get 0) (i32.const 1))))
)"#;

const PARTS: Parts<'_> =
    Parts { paths: &["widget::tags"], entries: &["widget::tags::make"], early: &[], late: &[] };

fn widget() -> Vec<u8> {
    wat::parse_str(WIDGET).unwrap()
}

#[track_caller]
fn check_failure(parts: &Parts<'_>, expected: &str) {
    let error = split(&widget(), parts).unwrap_err().to_string();
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn moves_the_listed_functions_and_those_that_only_they_call() {
    let split = split(&widget(), &PARTS).unwrap();
    assert_eq!(split.entries, ["widget::tags::make"]);
    let mut moved: Vec<_> = split.moved.iter().map(|(name, _)| name.as_str()).collect();
    moved.sort_unstable();
    assert_eq!(moved, ["core::only_tags", "widget::tags::drop", "widget::tags::make"]);
    // `log` and `core::both`.
    assert_eq!(split.shared, 2);
}

#[test]
fn the_second_module_adds_its_functions_to_the_first_one() {
    let split = split(&widget(), &PARTS).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("first.wasm"), split.first).unwrap();
    fs::write(folder.path().join("more.wasm"), split.more).unwrap();
    let script = r#"
        const { readFileSync } = await import("node:fs");
        const load = async (name, imports) => {
            const { instance } = await WebAssembly.instantiate(readFileSync(name), imports);
            return instance.exports;
        };
        const logged = [];
        const log = (number) => { logged.push(number); return number * 2; };
        const outcome = (f) => { try { return f(); } catch (error) { return error.constructor.name; } };
        const wasm = await load("first.wasm", { "./glue.js": { log } });
        const before = [outcome(() => wasm.mount(1)), outcome(() => wasm.call(2)), outcome(() => wasm.call(1))];
        await load("more.wasm", { "": wasm });
        const after = [wasm.mount(1), wasm.call(2), wasm.call(1), wasm.stack()];
        console.log(JSON.stringify([before, after, logged]));
    "#;
    let mut node = run::command("node");
    node.current_dir(folder.path()).args(["--input-type=module", "-e", script]);
    let output = run::capture(&mut node).unwrap();
    assert_eq!(output.trim(), r#"[["RuntimeError","RuntimeError",47],[86,1047,47,84],[43]]"#);
}

#[test]
fn a_call_of_a_function_that_is_not_listed_is_a_failure() {
    check_failure(
        &Parts { entries: &[], ..PARTS },
        "the first module calls functions of the second one that are not listed: \n  widget::tags::make",
    );
}

#[test]
fn a_listed_function_that_is_not_called_is_a_failure() {
    check_failure(
        &Parts { entries: &["widget::tags::make", "widget::tags::old"], ..PARTS },
        "the first module does not call: \n  widget::tags::old",
    );
}

#[test]
fn a_path_without_functions_is_a_failure() {
    check_failure(
        &Parts { paths: &["widget::tags", "widget::gone"], ..PARTS },
        "no function of the widget belongs to: \n  widget::gone",
    );
}

#[test]
fn a_call_before_the_second_module_is_loaded_is_a_failure() {
    check_failure(
        &Parts { early: &["widget::mount"], ..PARTS },
        "functions of the second module are called before it is loaded: \n  core::only_tags",
    );
    let late = Parts { early: &["widget"], late: &["widget::mount", "widget::tags"], ..PARTS };
    assert!(split(&widget(), &late).is_ok());
}

#[test]
fn modules_of_different_builds_do_not_fit_together() {
    let other = wat::parse_str(WIDGET.replace("1000", "2000")).unwrap();
    let [this, other] = [&widget(), &other].map(|wasm| split(wasm, &PARTS).unwrap());
    assert_ne!(this.build, other.build);
}
