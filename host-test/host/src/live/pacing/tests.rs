//! What is sent when, on a paused clock.

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::{advance, sleep, timeout};

use super::*;

fn pacing(concurrent_requests: Option<u32>, requests: Option<u32>, seconds: Option<u32>) -> Pacing {
    Pacing {
        concurrent_requests,
        requests,
        seconds,
    }
}

/// Longer than anything takes here.
const FOR_EVER: Duration = Duration::from_secs(1_000_000);

const fn milliseconds(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// When each of so many requests is sent, in the order of asking. One asks after another, and each takes a while.
async fn sent(
    pacer: &Arc<Pacer>,
    pacing: &Pacing,
    number: u32,
    gap: Duration,
    takes: Duration,
) -> Vec<Duration> {
    let started = Instant::now();
    let mut requests = JoinSet::new();
    for index in 0..number {
        let (pacer, pacing) = (Arc::clone(pacer), pacing.clone());
        requests.spawn(async move {
            sleep(gap * index).await;
            let _in_flight = pacer.wait(&pacing, started + FOR_EVER).await;
            let sent = started.elapsed();
            sleep(takes).await;
            (index, sent)
        });
    }
    let mut sent = timeout(FOR_EVER, requests.join_all())
        .await
        .expect("nobody waits for ever");
    sent.sort_unstable();
    sent.into_iter().map(|(_, time)| time).collect()
}

/// The most that begin within any span of time of this length.
fn most_within(sent: &[Duration], length: Duration) -> usize {
    let begun_within = |start: &Duration| {
        sent.iter()
            .filter(|time| (*start..*start + length).contains(*time))
            .count()
    };
    sent.iter().map(begun_within).max().unwrap_or_default()
}

/// When each of three times the budget may be sent at the earliest.
fn earliest(pacing: &Pacing, gap: Duration, takes: Duration) -> Vec<Duration> {
    let budget = pacing.requests.expect("a number");
    let window = Duration::from_secs(pacing.seconds.expect("a number").into());
    let at_once = pacing.concurrent_requests.unwrap_or(u32::MAX) as usize;
    let mut times: Vec<Duration> = Vec::new();
    for index in 0..3 * budget as usize {
        let asked = gap * u32::try_from(index).expect("a small number");
        let before = |number: usize, wait: Duration| {
            let earlier = index.checked_sub(number)?;
            Some(times[earlier] + wait)
        };
        let waits = [
            before(budget as usize, window),
            before(at_once, takes),
            before(1, Duration::ZERO),
        ];
        times.push(waits.into_iter().flatten().fold(asked, Duration::max));
    }
    times
}

#[tokio::test(start_paused = true)]
async fn three_times_the_budget_is_never_above_it_in_any_window() {
    let (no_time, second) = (Duration::ZERO, milliseconds(1_000));
    /// Pacing, the time between two that ask, and how long each takes.
    type Case = (Pacing, Duration, Duration);
    let cases: [Case; 7] = [
        // As connectors advise.
        (
            pacing(Some(16), Some(800), Some(60)),
            no_time,
            milliseconds(200),
        ),
        (
            pacing(Some(8), Some(400), Some(180)),
            milliseconds(100),
            second,
        ),
        (
            pacing(Some(2), Some(5_000), Some(3_600)),
            no_time,
            milliseconds(300),
        ),
        // Slowly at first, so that the windows begin at different times.
        (
            pacing(None, Some(10), Some(60)),
            milliseconds(7_300),
            second,
        ),
        (pacing(None, Some(10), Some(60)), milliseconds(900), no_time),
        (
            pacing(Some(3), Some(7), Some(1)),
            milliseconds(31),
            milliseconds(270),
        ),
        (pacing(Some(1), Some(1), Some(1)), no_time, no_time),
    ];
    for (pacing, gap, takes) in cases {
        let budget = pacing.requests.expect("a number");
        let window = Duration::from_secs(pacing.seconds.expect("a number").into());
        let sent = sent(&Arc::default(), &pacing, 3 * budget, gap, takes).await;
        assert!(sent.is_sorted(), "not in the order of asking: {pacing:?}");
        let most = most_within(&sent, window);
        assert!(most <= budget as usize, "{most} in a window: {pacing:?}");
        if let Some(at_once) = pacing.concurrent_requests {
            let most = most_within(&sent, takes);
            assert!(most <= at_once as usize, "{most} at once: {pacing:?}");
        }
        // And hardly later than it may: by a span for each window before it, and by what timers take.
        let span = window / SPANS_OF_A_WINDOW;
        for (index, (sent, may)) in (0..).zip(sent.iter().zip(earliest(&pacing, gap, takes))) {
            let latest = may + span * (index / budget) + milliseconds(u64::from(index) + 1);
            assert!(
                *sent <= latest,
                "{index}: {sent:?} > {latest:?}: {pacing:?}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_nothing_waits_and_none_at_all_counts_as_one() {
    let second = milliseconds(1_000);
    /// Pacing, and when four requests of a second each are sent, in seconds.
    type Case = (Pacing, [u64; 4]);
    let cases: [Case; 7] = [
        (pacing(None, None, None), [0, 0, 0, 0]),
        (pacing(Some(2), None, None), [0, 0, 1, 1]),
        (pacing(Some(0), None, None), [0, 1, 2, 3]),
        (pacing(None, Some(2), Some(10)), [0, 0, 10, 10]),
        (pacing(None, Some(0), Some(10)), [0, 10, 20, 30]),
        (pacing(None, Some(1), Some(0)), [0, 0, 0, 0]),
        (pacing(None, Some(1), None), [0, 0, 0, 0]),
    ];
    for (pacing, expected) in cases {
        let sent = sent(&Arc::default(), &pacing, 4, Duration::ZERO, second).await;
        let seconds: Vec<u64> = sent.iter().map(Duration::as_secs).collect();
        assert_eq!(seconds, expected, "{pacing:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_that_stops_waiting_keeps_nobody_from_being_sent() {
    let pacer: Arc<Pacer> = Arc::default();
    for (pacing, expected) in [
        (pacing(Some(1), None, None), 5),
        (pacing(None, Some(1), Some(10)), 10),
    ] {
        let started = Instant::now();
        let in_flight = pacer.wait(&pacing, started + FOR_EVER).await;
        let (given_up, next, ()) = tokio::join!(
            timeout(milliseconds(1_000), pacer.wait(&pacing, started + FOR_EVER)),
            async {
                let next = pacer.wait(&pacing, started + FOR_EVER).await;
                drop(next.expect("nobody waits for ever"));
                started.elapsed().as_secs()
            },
            async {
                sleep(milliseconds(5_000)).await;
                drop(in_flight);
            }
        );
        assert!(given_up.is_err(), "{pacing:?}");
        assert_eq!(next, expected, "{pacing:?}");
        assert_eq!(pacer.lock().in_flight, 0);
        advance(milliseconds(60_000)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_does_not_wait_counts_all_the_same() {
    let pacer: Arc<Pacer> = Arc::default();
    let pacing = pacing(Some(3), Some(10), Some(60));
    let at_once: Vec<InFlight<'_>> = (0..10).map(|_| pacer.without_waiting(&pacing)).collect();
    assert_eq!(pacer.lock().in_flight, 10);
    drop(at_once);
    let sent = sent(&pacer, &pacing, 1, Duration::ZERO, Duration::ZERO).await;
    assert_eq!(sent[0].as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn what_is_remembered_does_not_grow_with_the_budget() {
    let pacer: Arc<Pacer> = Arc::default();
    let pacing = pacing(None, Some(u32::MAX), Some(60));
    sent(&pacer, &pacing, 2_000, milliseconds(50), Duration::ZERO).await;
    let spans = pacer.lock().sent.len();
    assert!(spans <= SPANS_OF_A_WINDOW as usize + 2, "{spans}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_sent_in_time_learns_it_at_once_or_at_its_deadline() {
    let second = milliseconds(1_000);
    // Pacing of which one request uses the budget, and when another with ten seconds of time is told, in seconds.
    for (pacing, expected) in [
        (pacing(None, Some(1), Some(60)), 0),
        (pacing(Some(1), None, None), 10),
    ] {
        let pacer = Pacer::default();
        let deadline = Instant::now() + second * 10;
        let in_flight = pacer.wait(&pacing, deadline).await;
        assert!(in_flight.is_some(), "{pacing:?}");
        let started = Instant::now();
        assert!(pacer.wait(&pacing, deadline).await.is_none(), "{pacing:?}");
        assert_eq!(started.elapsed().as_secs(), expected, "{pacing:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_has_too_much_is_left_alone_by_all_that_wait() {
    let second = milliseconds(1_000);
    let pacer: Arc<Pacer> = Arc::default();
    let unpaced = Pacing::default();
    let started = Instant::now();
    pacer.hold_until(started + second * 30);
    // Of two that ask for it the later counts.
    pacer.hold_until(started + second * 20);
    let soon = pacer.wait(&unpaced, started + second * 29).await;
    assert!(
        soon.is_none(),
        "it was sent while the server was left alone"
    );
    // The look-up of a write in doubt is sent all the same.
    drop(pacer.without_waiting(&unpaced));
    let sent = sent(&pacer, &unpaced, 3, second, second).await;
    let seconds: Vec<u64> = sent.iter().map(Duration::as_secs).collect();
    assert_eq!(seconds, [30, 30, 30]);
}
