//! `create-ticket` from its first look-up on, and a server that answers or fails in any way at any point.
#![no_main]

use libfuzzer_sys::fuzz_target;
use psa_contract::Operation;

fuzz_target!(|data: &[u8]| psa_fuzz::function_with_answers(Operation::CreateTicket, data));
