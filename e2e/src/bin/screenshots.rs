//! Takes screenshots of the form in its states: `cargo xtask screenshots`.
//!
//! The real proxy serves the page. Values that differ between runs are replaced, so a screenshot
//! changes only if the form changes. A journey compares new screenshots with the stored ones.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a tool for developers panics on failure"
)]

use std::env;
use std::fs;
use std::path::PathBuf;

use e2e::{Example, Tour, screenshots};

fn main() {
    let folder = PathBuf::from(
        env::args_os().nth(1).expect("the first argument is the folder for the screenshots"),
    );
    fs::create_dir_all(&folder).unwrap();
    let save = |name: &str, screenshot: &[u8]| {
        fs::write(folder.join(name), screenshot).unwrap();
        println!("{name}");
    };
    Tour::start(Example::Quote)
        .visit_states(|browser, state| screenshots::take(browser, state, save));
}
