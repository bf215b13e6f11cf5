//! Takes pictures of the form in its states: `cargo xtask screenshots`.
//!
//! The page is the proxy's own, in front of the real servers. What would differ from time to time
//! is made the same, so that a picture changes only when the form does; a journey compares them.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a camera fails loudly"
)]

use std::env;
use std::fs;
use std::path::PathBuf;

use e2e::{Example, Tour, camera};

fn main() {
    let folder = PathBuf::from(env::args_os().nth(1).expect("the folder for the pictures"));
    fs::create_dir_all(&folder).unwrap();
    let keep = |name: &str, picture: &[u8]| {
        fs::write(folder.join(name), picture).unwrap();
        println!("{name}");
    };
    Tour::start(Example::Quote).go(|browser, state| camera::pictures(browser, state, keep));
}
