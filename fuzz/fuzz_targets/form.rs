//! Any bytes as form files.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deal_proxy::fuzz::form(data));
