//! Whole journeys through the form, each named by the promise that it proves.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "journeys fail loudly")]

mod answers;
mod cancelled;
mod connection_lost;
mod crm_fails;
mod every_kind;
mod main_journey;
mod refused_by_crm;
mod refused_by_proxy;
mod sent_once;
mod timeout;
mod two_forms;
