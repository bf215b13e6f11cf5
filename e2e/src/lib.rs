//! What journeys through the form need: a browser, the two servers, and the form as its visitor
//! sees it. A call that fails panics and says why: these are helpers of tests.
#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::missing_panics_doc,
    reason = "helpers of tests fail loudly"
)]

pub mod answers;
mod axe;
mod browser;
pub mod camera;
mod clock;
mod files;
mod form_page;
mod hop;
mod http;
pub mod picture;
mod process;
mod programs;
mod servers;
mod site;
mod stand_in;
mod tour;
mod wait;
mod world;

pub use axe::{Axe, Node, Violation};
pub use browser::{
    Browser, Engine, Line, PRIVATE, Scheme, Scripts, in_another_engine, lack, not_in, only_in,
};
pub use clock::{hold_answers, stop_clock};
pub use files::{Sample, Samples};
pub use form_page::{Failure, Field, FormPage};
pub use hop::Hop;
pub use servers::{KEY, Proxy, Sandbox, Settings};
pub use site::Site;
pub use stand_in::StandIn;
pub use thirtyfour::WebElement;
pub use tour::{Example, State, Tour};
pub use wait::eventually;
pub use world::{Landing, World};
