//! Whole journeys through the form, each named by the promise that it proves.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "journeys fail loudly")]

mod main_journey;
