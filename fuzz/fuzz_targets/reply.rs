//! Any bytes as answers of the CRM and definitions.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deal_form_fuzz::reply(data));
