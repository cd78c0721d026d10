//! Every function and whatever headers a server sends.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| psa_fuzz::function_with_headers(data));
