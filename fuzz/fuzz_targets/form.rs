//! Any bytes as form files.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deal_form_fuzz::form(data));
