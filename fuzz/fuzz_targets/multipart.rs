//! Reads any bytes as the body of a submission.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deal_form_fuzz::multipart(data));
