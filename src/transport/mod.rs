//! HTTP: what a form is made of comes by `GET`, each attempt to send is one `POST`,
//! and a `GET` asks what became of it.

pub(crate) mod answer;
pub(crate) mod failure;
pub(crate) mod get;
pub(crate) mod request;
pub(crate) mod status;
