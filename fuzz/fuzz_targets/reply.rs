//! Reads any bytes as a reply from the CRM and as a definition.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deal_form_fuzz::reply(data));
