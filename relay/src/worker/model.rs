//! The whole worker against a PSA that goes wrong in every way of the contract, on a clock that is not waited for: alerts,
//! repeats and recoveries at any time, and the end of the process at every await. After each run everything is left alone
//! until nothing is due; then what the promise says must hold.

mod drain; // Many cases, once the PSA is back.
mod psa; // The PSA, and what it saw.
mod run; // One run.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// What happens in a run, in order.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    /// An alert of one of a few keys is received.
    Alert { key: u8, what: What },
    /// Time passes.
    Seconds(u32),
    /// The process ends after so many more turns of the executor, and another one begins.
    Crash { turns: u8 },
    /// The PSA does this with the next calls.
    Psa(Vec<Fault>),
    /// A technician closes, or opens again, the newest ticket of a key.
    Technician { key: u8, closes: bool },
    /// A person retries what is parked.
    Retry,
    /// A person switches tickets off, or on.
    Enabled(bool),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// A new event.
    Fires,
    /// The last event again.
    FiresAsBefore,
    Recovers,
    Acknowledged,
}

/// What the PSA does with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Nothing wrong, after a while.
    Slow,
    Unavailable,
    RateLimited,
    /// The write is done, and nobody hears of it.
    DoneUnheard,
    /// The write is done so many seconds after the caller was told that nobody knows.
    DoneLater(u8),
    /// The write is not done, and the caller cannot know.
    NotDoneUnheard,
    Unauthorized,
    Rejected,
    NotUnderstood,
}

fn happening() -> impl Strategy<Value = Happening> {
    use Fault::{
        DoneLater, DoneUnheard, NotDoneUnheard, NotUnderstood, RateLimited, Rejected, Slow,
        Unauthorized, Unavailable,
    };
    let what = prop_oneof![
        4 => Just(What::Fires),
        2 => Just(What::FiresAsBefore),
        3 => Just(What::Recovers),
        1 => Just(What::Acknowledged),
    ];
    let fault = prop_oneof![
        3 => Just(Slow),
        2 => Just(Unavailable),
        1 => Just(RateLimited),
        3 => Just(DoneUnheard),
        3 => (1_u8..59).prop_map(DoneLater),
        2 => Just(NotDoneUnheard),
        1 => Just(Unauthorized),
        1 => Just(Rejected),
        1 => Just(NotUnderstood),
    ];
    let seconds = prop_oneof![
        12 => 0_u32..5,
        8 => 5_u32..120,
        4 => 120_u32..4_000,
        1 => 80_000_u32..100_000,
    ];
    prop_oneof![
        8 => (0_u8..3, what).prop_map(|(key, what)| Happening::Alert { key, what }),
        6 => seconds.prop_map(Happening::Seconds),
        3 => (0_u8..60).prop_map(|turns| Happening::Crash { turns }),
        4 => prop::collection::vec(fault, 1..4).prop_map(Happening::Psa),
        1 => (0_u8..3, any::<bool>()).prop_map(|(key, closes)| Happening::Technician { key, closes }),
        1 => Just(Happening::Retry),
        1 => any::<bool>().prop_map(Happening::Enabled),
    ]
}

/// The same runs each time. With `PSA_FULL_SIZE` set ten times as many, and others each time.
fn runs(few: u32) -> Config {
    let is_full_size = std::env::var_os("PSA_FULL_SIZE").is_some();
    let (cases, rng_seed) = if is_full_size {
        (few * 10, RngSeed::Random)
    } else {
        (few, RngSeed::Fixed(1))
    };
    Config {
        cases,
        rng_seed,
        failure_persistence: None,
        ..Config::default()
    }
}

/// 100,000 steps and more at full size.
#[test]
fn whatever_happens_each_case_gets_one_ticket_and_no_calls_overlap() {
    let strategy = prop::collection::vec(happening(), 40..60);
    let mut steps = 0;
    let mut tickets = 0;
    let mut crashes = 0;
    let steps_of = std::cell::RefCell::new((&mut steps, &mut tickets, &mut crashes));
    let result = TestRunner::new(runs(210)).run(&strategy, |happenings| {
        let seen = run::run(&happenings).map_err(TestCaseError::fail)?;
        let mut counts = steps_of.borrow_mut();
        *counts.0 += happenings.len();
        *counts.1 += seen.tickets;
        *counts.2 += seen.crashes;
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    // A run in which nothing happens proves nothing.
    assert!(
        steps >= 8_000 && tickets >= 200 && crashes >= 300,
        "{steps} steps, {tickets} tickets, {crashes} crashes"
    );
    println!("{steps} steps, {tickets} tickets, {crashes} crashes");
}
