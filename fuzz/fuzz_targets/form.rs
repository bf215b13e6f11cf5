//! Reads any bytes as a form file.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deal_form_fuzz::form(data));
