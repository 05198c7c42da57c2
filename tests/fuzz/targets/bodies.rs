#![no_main]
libfuzzer_sys::fuzz_target!(|data: &[u8]| ringlet_fuzz::bodies(data));
