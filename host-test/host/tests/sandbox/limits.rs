//! Each limit stops its guest, and nothing else.

use std::time::Duration;

use psa_host::contract::Setting;
use psa_host::{Call, CallError, Connector, LimitReached, Limits, NoHttp};

use crate::backend::{Backend, response};
use crate::guest::{GET, LOOP, POST, guest};

fn connector(bodies: &[(&str, &str)]) -> Connector {
    Connector::from_bytes(&guest(bodies)).expect("a connector")
}

fn limit_of<T>(outcome: Result<T, CallError>) -> LimitReached {
    match outcome {
        Err(CallError::Stopped { limit, .. }) => limit,
        Err(other) => panic!("not stopped but {other}"),
        Ok(_) => panic!("not stopped"),
    }
}

#[tokio::test]
async fn a_guest_that_computes_without_end_is_stopped() {
    let limits = Limits {
        fuel: 5_000_000,
        ..Limits::default()
    };
    let outcome = connector(&[("verify", LOOP)])
        .call(NoHttp, limits)
        .verify(Vec::new(), Vec::new())
        .await;
    assert_eq!(
        limit_of(outcome),
        LimitReached::Computing { fuel: 5_000_000 }
    );
}

#[tokio::test]
async fn a_guest_that_allocates_without_end_is_stopped() {
    let grow = "(loop (drop (memory.grow (i32.const 16))) (br 0))";
    let limits = Limits {
        memory_bytes: 8 << 20,
        ..Limits::default()
    };
    let outcome = connector(&[("verify", grow)])
        .call(NoHttp, limits.clone())
        .verify(Vec::new(), Vec::new())
        .await;
    assert_eq!(limit_of(outcome), LimitReached::Memory { bytes: 8 << 20 });

    // The memory that the guest starts with counts as well.
    let limits = Limits {
        memory_bytes: 1 << 16,
        ..limits
    };
    let outcome = connector(&[])
        .call(NoHttp, limits)
        .verify(Vec::new(), Vec::new())
        .await;
    assert_eq!(limit_of(outcome), LimitReached::Memory { bytes: 1 << 16 });
}

/// The guest starts with 4 pages of 64 KiB, and may have 16.
#[tokio::test]
async fn memory_is_had_up_to_the_limit_and_no_further() {
    let limits = Limits {
        memory_bytes: 1 << 20,
        ..Limits::default()
    };
    for (pages, is_stopped) in [(12, false), (13, true)] {
        let grow = format!("(drop (memory.grow (i32.const {pages})))");
        let call = connector(&[("verify", &grow)]).call(NoHttp, limits.clone());
        let outcome = call.verify(Vec::new(), Vec::new()).await;
        assert_eq!(outcome.is_err(), is_stopped, "{pages} pages: {outcome:?}");
    }
}

#[tokio::test]
async fn a_guest_that_computes_beyond_the_wall_clock_is_stopped() {
    let wall_clock = Duration::from_millis(300);
    let limits = Limits {
        fuel: u64::MAX,
        wall_clock,
        ..Limits::default()
    };
    let outcome = connector(&[("verify", LOOP)])
        .call(NoHttp, limits)
        .verify(Vec::new(), Vec::new())
        .await;
    assert_eq!(
        limit_of(outcome),
        LimitReached::WallClock { limit: wall_clock }
    );
}

#[tokio::test(start_paused = true)]
async fn waiting_costs_no_computing() {
    let backend = Backend::answering(response(200)).after(Duration::from_secs(60));
    let limits = Limits {
        fuel: 10_000,
        ..Limits::default()
    };
    let call = connector(&[("verify", GET)]).call(backend.clone(), limits);
    assert!(call.verify(Vec::new(), Vec::new()).await.is_ok());
    assert_eq!(backend.asked(), ["GET"]);
}

#[tokio::test(start_paused = true)]
async fn a_request_is_given_up_while_there_is_time_for_a_look_up() {
    let started = tokio::time::Instant::now();
    let backend = Backend::answering(response(200)).after(Duration::from_secs(1_000));
    // A write that hangs, a look-up that hangs, and a write that is not sent any more.
    let body = format!("{POST} {GET} {POST}");
    let call = connector(&[("verify", &body)]).call(backend.clone(), Limits::default());
    assert!(call.verify(Vec::new(), Vec::new()).await.is_ok());
    assert_eq!(backend.asked(), ["POST", "GET"]);
    // 100 s for the work, 18 s for the look-up, and 2 s left for the answer.
    let seconds = started.elapsed().as_secs_f64();
    assert!((118.0..119.0).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn requests_beyond_the_limit_are_not_sent() {
    let backend = Backend::answering(response(200));
    let body = [GET; 5].join(" ");
    let limits = Limits {
        requests: 3,
        ..Limits::default()
    };
    let call = connector(&[("verify", &body)]).call(backend.clone(), limits);
    assert!(call.verify(Vec::new(), Vec::new()).await.is_ok());
    assert_eq!(backend.asked().len(), 3);
}

#[tokio::test]
async fn a_busy_guest_lets_others_run() {
    let connector = connector(&[("verify", LOOP)]);
    let busy = connector.call(
        NoHttp,
        Limits {
            fuel: u64::MAX,
            ..Limits::default()
        },
    );
    let quick = async {
        for _ in 0..10 {
            let call = connector.call(NoHttp, Limits::default());
            call.describe().await.expect("a description");
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        _ = busy.verify(Vec::new(), Vec::new()) => panic!("the busy one cannot end"),
        () = quick => {}
    }
}

#[tokio::test]
async fn nothing_is_kept_between_calls() {
    let trap_if_used = "(if (global.get $calls) (then unreachable)) (global.set $calls (i32.const 1))
        (if (i32.load (i32.const 4096)) (then unreachable)) (i32.store (i32.const 4096) (i32.const 1))";
    let connector = connector(&[("verify", trap_if_used)]);
    for _ in 0..3 {
        let call = connector.call(NoHttp, Limits::default());
        assert!(call.verify(Vec::new(), Vec::new()).await.is_ok());
    }
}

#[test]
fn calls_can_be_driven_by_many_threads() {
    fn is_send<T: Send>(_: T) {}
    fn check(call: Call, settings: Vec<Setting>) {
        is_send(call.verify(settings, Vec::new()));
    }
    let _ = check;
}
