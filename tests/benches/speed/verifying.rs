//! What a sandbox of its own costs each call: `verify`, replayed, in a fresh store and instance against the same in an
//! instance that is there already.

use std::hint::black_box;

use criterion::Criterion;
use psa_host::{Call, Limits};
use psa_recording::{Input, Replay};
use psa_tests::CONNECTWISE;
use tokio::runtime::Runtime;

use crate::goal::Goal;
use crate::in_turn::in_turn;
use crate::{at_most, noted};

const CALLS_OF_AN_INSTANCE: usize = 100;

pub(crate) fn goals(criterion: &mut Criterion, runtime: &Runtime) -> Vec<Goal> {
    let connector = CONNECTWISE.connector().expect("the component");
    let case = CONNECTWISE.case("verify/ok").expect("the case");
    let Input::Verify(needed) = &case.input else {
        panic!("verify/ok calls another function");
    };
    let call = || {
        let http = Replay::of_exchanges(case.exchanges.clone(), &case.settings);
        connector.call(http, Limits::default())
    };
    let verify = |call: Call| {
        let verification = runtime.block_on(call.verify(case.settings.clone(), needed.clone()));
        black_box(verification.expect("a verification"));
    };
    let mut kept = psa_host::KeptGuest::default();
    let mut calls: usize = 0;
    let times = in_turn(
        criterion,
        "verify, replayed",
        &mut [&mut || verify(call()), &mut || {
            // An instance frees nothing, so it cannot serve calls for ever. One fresh one in so many moves no median.
            if calls.is_multiple_of(CALLS_OF_AN_INSTANCE) {
                kept = psa_host::KeptGuest::default();
            }
            calls += 1;
            verify(call().in_kept_guest(&kept));
        }],
    );
    vec![
        at_most(
            "A fresh store and instance, above a warm call",
            times.difference(0, 1) * 1e6,
            12.0,
            "µs",
        ),
        noted("verify, replayed", times.seconds(0) * 1e6, "µs"),
    ]
}
