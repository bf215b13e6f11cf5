//! The HTTP server: connections, addresses, pages and responses.

mod app;
mod edge;
mod form;
mod health;
mod language;
mod metrics;
mod origin;
mod page;
mod path_params;
mod preferences;
mod refusal;
mod response;
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
pub(crate) use self::server::{Reloadable, Server};
pub(crate) use self::site::site_folder;
