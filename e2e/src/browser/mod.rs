//! The browser of a journey, and its driver, which controls it.
//!
//! Differences between engines are in `chromium.rs`, `firefox.rs` and `webkit.rs`. They use a
//! [`Browser`]'s session; the files that choose between them (`start.rs`, `page.rs`, `input.rs`,
//! `environment.rs`) are above them. Journeys do not know the engine, except for functions that only
//! Chromium has: `devtools.rs`, `measurements.rs`.

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
