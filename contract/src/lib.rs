//! The parameters and rules of the CRM's `crm_add_deal` call.
//!
//! The widget and the proxy share these rules: the [table of parameters](parameter), the [value
//! types](values), the [form definition](definition), the [check] of a submission, the [protocol]
//! between page and proxy, the CRM's [reply], the [normalization](normalize) of typed text, and the
//! [texts of a form](messages). The widget compiles this crate to WebAssembly, and the proxy
//! compiles it to native code.
//!
//! This crate does no I/O: it does not access the DOM, the network, files or a clock.
//!
//! ```
//! use deal_contract::check::{Submission, Today, check};
//! use deal_contract::definition::{Field, FieldKind, PublicDefinition};
//!
//! let form = PublicDefinition::new(
//!     "Request a quote",
//!     vec![Field::new("expected_closing_date", FieldKind::DATE, "When do you want to start?")],
//! );
//! let submission = Submission {
//!     values: vec![("expected_closing_date", "2023-02-29")],
//!     files: vec![],
//!     today: Today::exactly("2026-01-31".parse().unwrap()),
//! };
//! let problems = check(&form, &submission);
//! assert_eq!(problems[0].code.as_str(), "date_day");
//! assert_eq!(problems[0].field, "expected_closing_date");
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(clippy::float_arithmetic)]

pub mod attachments;
// Excluded in browsers, because `cargo build` for the whole workspace also turns the feature on for
// the widget.
#[cfg(all(feature = "author", not(target_arch = "wasm32")))]
pub mod author;
mod characters;
pub mod check;
mod code;
pub mod definition;
pub mod input;
pub mod json;
pub mod kind;
#[cfg(feature = "locales")]
pub mod locales;
pub mod messages;
pub mod normalize;
pub mod parameter;
pub mod pattern;
pub mod problem;
pub mod protocol;
pub mod reference;
pub mod reply;
pub mod revision;
pub mod template;
pub mod values;
