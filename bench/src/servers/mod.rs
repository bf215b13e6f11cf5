//! Measures the proxy and its parts, without a browser.

pub(crate) mod native;
mod nginx;
pub(crate) mod proxy;
mod target;
mod uploads;
mod wrk;
