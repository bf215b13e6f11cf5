//! Any bytes as bodies of submissions.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| deal_form_fuzz::multipart(data));
