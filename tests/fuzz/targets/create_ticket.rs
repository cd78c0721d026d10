//! `create-ticket` and whatever a server answers to the write.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| psa_fuzz::write_with_answers(data));
