//! A journey's browser, and the driver that controls the browser.
//!
//! Most code that differs between engines is in `chromium.rs`, `firefox.rs` and `webkit.rs`. The
//! files `start.rs`, `page.rs`, `input.rs` and `environment.rs` choose the engine's code. Journeys
//! do not depend on the engine, unless they call functions that only Chromium supports. Most of
//! these functions are in `devtools.rs` and `measurements.rs`.

mod accessibility_tree;
mod chromium;
mod color_scheme;
mod devtools;
mod driver;
mod drop_by_script;
mod engine;
mod environment;
mod firefox;
mod input;
mod launch_mode;
mod measurements;
mod page;
mod processes;
mod session;
mod socks_proxy;
mod start;
mod webkit;

pub use color_scheme::ColorScheme;
pub use devtools::Network;
pub use engine::{Engine, report_missing_tool, runs_in, runs_in_another_engine, runs_outside};
pub use environment::NO_FILE_STORAGE;
pub use launch_mode::Scripts;
pub use session::Browser;
