//! HTTP: what a form is made of comes by `GET`, each attempt to send is one `POST`.

pub(crate) mod answer;
pub(crate) mod failure;
pub(crate) mod get;
pub(crate) mod request;
