//! Whatever is entered as settings, and where it leads.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| psa_fuzz::settings_of_text(data));
