//! Whole journeys through the form, each named by the promise that it proves.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "journeys fail loudly")]

mod accessible;
mod back_button;
mod cancelled;
mod connection_lost;
mod crm_fails;
mod draft;
mod dropped;
mod embedded;
mod every_kind;
mod examples;
mod handed_over;
mod host_pages;
mod hostile_css;
mod integrity;
mod keyboard;
mod killed;
mod languages;
mod large_files;
mod layout_shift;
mod leaving;
mod leaks;
mod looks;
mod main_journey;
mod narrow;
mod offline;
mod page_api;
mod pasted;
mod pointer;
mod policies;
mod proven;
mod refused_by_crm;
mod refused_by_proxy;
mod restored;
mod retried;
mod right_to_left;
mod sent_once;
mod steps;
mod taken_over;
mod timeout;
mod told;
mod two_forms;
mod wcag;

use e2e::answers;
