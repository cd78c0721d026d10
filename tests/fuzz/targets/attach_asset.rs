//! `attach-asset` and whatever a server answers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use psa_contract::Operation;

fuzz_target!(|data: &[u8]| psa_fuzz::function_with_answers(Operation::AttachAsset, data));
