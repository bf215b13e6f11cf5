//! HTTP: one request for the form's definition, one for each attempt to send.

pub(crate) mod answer;
pub(crate) mod definition;
pub(crate) mod failure;
mod json;
pub(crate) mod request;
