//! The browser that journeys run in, and the driver that remote-controls it.
//!
//! What differs from engine to engine is in a file for each: `chromium.rs`, `firefox.rs`, `webkit.rs`.
//! They know a [`Browser`]'s session; the files that choose between them (`start.rs`, `page.rs`,
//! `hands.rs`, `around.rs`) are above them. Journeys need not know the engine, except for what only
//! Chromium can do: `devtools.rs`, `gauges.rs`.

mod around;
mod chromium;
mod devtools;
mod dragged;
mod driver;
mod engine;
mod firefox;
mod gauges;
mod hands;
mod line;
mod page;
mod processes;
mod session;
mod settings;
mod start;
mod webkit;

pub use around::PRIVATE;
pub use devtools::Line;
pub use engine::{Engine, in_another_engine, lack, not_in, only_in};
pub use session::Browser;
pub use settings::{Scheme, Scripts};
