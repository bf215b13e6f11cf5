//! The proxy's addresses: connections, requests, pages and answers.

mod answer;
mod app;
mod edge;
mod form;
mod health;
mod metrics;
mod named;
mod origin;
mod page;
mod refusal;
mod response_format;
mod router;
mod server;
mod site;
mod status;
mod style;

pub(crate) use self::app::App;
pub(crate) use self::edge::page_policy;
pub(crate) use self::metrics::Metrics;
pub use self::page::snippet;
pub use self::refusal::Refusal;
pub(crate) use self::server::{Live, Server};
pub(crate) use self::site::folder as site_folder;
