//! The relay's intake: JSON of any shape, and whatever is sent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use psa_relay::intake::Dialect;

fuzz_target!(|data: &[u8]| psa_relay_fuzz::request_of_sender(Dialect::Generic, data));
