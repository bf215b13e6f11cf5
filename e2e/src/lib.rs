//! Support for journeys through the form: a browser, the two servers, and the form as a visitor
//! sees it. These are test helpers: a call that fails panics with the reason.
#![doc = include_str!("../README.md")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::missing_panics_doc,
    reason = "test helpers panic on failure"
)]

mod axe;
mod browser;
mod files;
pub mod fill_in;
mod form_page;
mod freeze;
mod http;
pub mod image_diff;
mod leptos_server;
mod process;
mod programs;
mod reverse_proxy;
pub mod screenshots;
mod servers;
mod site;
mod stub_server;
mod tour;
mod wait;
mod world;

pub use axe::{Axe, Node, Violation};
pub use browser::{
    Browser, ColorScheme, Engine, NO_FILE_STORAGE, Network, Scripts, report_missing_tool, runs_in,
    runs_in_another_engine, runs_outside,
};
pub use files::{Sample, Samples};
pub use form_page::{Failure, Field, FormPage};
pub use freeze::{freeze_timers, hold_responses};
pub use leptos_server::LeptosServer;
pub use reverse_proxy::ReverseProxy;
pub use servers::{KEY, Proxy, Sandbox, Settings};
pub use site::Site;
pub use stub_server::StubServer;
pub use thirtyfour::WebElement;
pub use tour::{Example, State, Tour};
pub use wait::{wait_for, wait_until};
pub use world::{LandingPage, World};
