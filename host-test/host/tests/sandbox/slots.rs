//! Slots are used again and again: nothing of one guest is there for the next, and no call is turned away for want of one.

use std::time::Duration;

use psa_host::{Connector, Limits, NoHttp};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::backend::{Backend, response};
use crate::guest::{GET, component, guest, module};

/// More than there are slots.
const AT_ONCE: usize = 1_100;

/// Held by a test that takes all slots: another's clock would jump ahead while it waits for one.
static ALL_SLOTS: Mutex<()> = Mutex::const_new(());

/// Traps where it finds what it leaves: in the memory that it starts with, in what it grows by, and in a global.
const LEAVES_A_TRACE: &str = "
    (if (i32.eq (memory.grow (i32.const 64)) (i32.const -1)) (then unreachable))
    (if (i32.load (i32.const 100000)) (then unreachable))
    (if (i32.load (i32.const 600000)) (then unreachable))
    (if (i32.load (i32.const 4000000)) (then unreachable))
    (if (global.get $calls) (then unreachable))
    (i32.store (i32.const 100000) (i32.const 1))
    (i32.store (i32.const 600000) (i32.const 1))
    (i32.store (i32.const 4000000) (i32.const 1))
    (global.set $calls (i32.const 1))";

#[tokio::test]
async fn a_guest_finds_nothing_of_the_one_before() {
    let connector = Connector::from_bytes(&guest(&[("verify", LEAVES_A_TRACE)]));
    let connector = connector.expect("a connector");
    assert!(connector.is_pooled());
    for _ in 0..100 {
        let call = connector.call(NoHttp, Limits::default());
        call.verify(Vec::new(), Vec::new()).await.expect("no trace");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_beyond_the_slots_wait_for_their_turn() {
    let _alone = ALL_SLOTS.lock().await;
    let connector = Connector::from_bytes(&guest(&[("verify", GET)])).expect("a connector");
    let mut calls = JoinSet::new();
    for _ in 0..AT_ONCE {
        let http = Backend::answering(response(200)).after(Duration::from_secs(1));
        // Less than the last ones wait and take together.
        let limits = Limits {
            wall_clock: Duration::from_millis(1_500),
            reserve_for_lookup: Duration::ZERO,
            ..Limits::default()
        };
        calls.spawn(connector.call(http, limits).verify(Vec::new(), Vec::new()));
    }
    for outcome in calls.join_all().await {
        outcome.expect("a verification");
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_come_to_its_end_gives_its_slot_back() {
    let _alone = ALL_SLOTS.lock().await;
    let traps = Connector::from_bytes(&guest(&[("verify", "unreachable")])).expect("a connector");
    let waits = Connector::from_bytes(&guest(&[("verify", GET)])).expect("a connector");
    let waiting = |limits| {
        let http = Backend::answering(response(200)).after(Duration::from_secs(1));
        waits.call(http, limits).verify(Vec::new(), Vec::new())
    };
    let soon = Duration::from_millis(10);
    let short = Limits {
        wall_clock: soon,
        ..Limits::default()
    };
    let calls = async {
        for _ in 0..AT_ONCE {
            let trapping = traps
                .call(NoHttp, Limits::default())
                .verify(Vec::new(), Vec::new());
            trapping.await.expect_err("a trap");
            waiting(short.clone()).await.expect_err("the wall clock");
            let dropped = timeout(soon, waiting(Limits::default())).await;
            dropped.expect_err("dropped while it waits");
        }
        waiting(Limits::default()).await.expect("a verification");
    };
    // Without a slot a call waits for ever, and the clock, which nobody waits for then, jumps to the end.
    timeout(Duration::from_secs(3_600), calls)
        .await
        .expect("slots");
}

/// A slot has room for two tables.
#[tokio::test]
async fn a_component_that_is_too_large_for_a_slot_runs_all_the_same() {
    let more = "(table 1 funcref) (table 1 funcref) (table 1 funcref)";
    let bytes = component(&module(&[], more), psa_host::contract::CONNECTOR_WIT);
    let connector = Connector::from_bytes(&bytes).expect("a connector");
    assert!(!connector.is_pooled());
    let call = connector.call(NoHttp, Limits::default());
    call.verify(Vec::new(), Vec::new())
        .await
        .expect("a verification");
}
