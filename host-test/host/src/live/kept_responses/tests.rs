//! What is kept for how long, and who of several is sent, on a paused clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use psa_contract::{Body, Failure, FailureKind};
use tokio::task::JoinSet;
use tokio::time::{advance, sleep, timeout};

use super::*;

fn request(name: &str) -> Fingerprint {
    let request = psa_contract::Request {
        url: name.to_owned(),
        ..psa_contract::Request::default()
    };
    Fingerprint::of_tenant(&[0; 32], &[])
        .expect("randomness")
        .of_request(&request)
}

fn response(status: u16, body: &str) -> Answer {
    Ok(Response {
        status,
        headers: Vec::new(),
        body: body.into(),
        age_seconds: None,
    })
}

fn failure() -> Answer {
    Err(Failure {
        kind: FailureKind::Unreachable,
        message: String::new(),
        may_have_acted: false,
    })
}

/// What a request is answered with if it takes the server so long to answer like this, and whether it was sent.
async fn ask(
    responses: &KeptResponses,
    name: &str,
    reuse_seconds: u32,
    takes: Duration,
    answer: Answer,
) -> (Answer, bool) {
    match responses.turn(request(name), reuse_seconds).await {
        Turn::Kept(response) => (Ok(response), false),
        Turn::Send(sending) => {
            let asked = Instant::now();
            sleep(takes).await;
            sending.end(&answer, asked);
            (answer, true)
        }
    }
}

/// Asks a server that answers at once. None: sent. Some: the age of the kept response.
async fn age(
    responses: &KeptResponses,
    name: &str,
    reuse_seconds: u32,
    answer: Answer,
) -> Option<u32> {
    let (answer, is_sent) = ask(responses, name, reuse_seconds, Duration::ZERO, answer).await;
    let age = answer.ok().and_then(|response| response.age_seconds);
    assert_eq!(age.is_none(), is_sent);
    age
}

#[tokio::test(start_paused = true)]
async fn a_response_is_reused_while_it_is_young_enough_and_renewed_on_demand() {
    const FAILURE: u16 = 0;
    /// Seconds to wait before, `reuse-seconds`, the status that the server would answer, the age of the kept response.
    type Step = (u64, u32, u16, Option<u32>);
    let mut cases: Vec<(&str, Vec<Step>)> = vec![
        (
            "is reused until it is too old, then asked for again",
            vec![
                (0, 60, 200, None),
                (0, 60, FAILURE, Some(0)),
                (60, 60, FAILURE, Some(60)),
                (1, 60, 200, None),
                (0, 60, FAILURE, Some(0)),
            ],
        ),
        (
            "of two that ask, each says how old it may be",
            vec![
                (0, 60, 200, None),
                (10, 60, FAILURE, Some(10)),
                (0, 10, FAILURE, Some(10)),
                (0, 9, 200, None),
                (0, 9, FAILURE, Some(0)),
            ],
        ),
        (
            "stays if it was too old for one that then failed",
            vec![
                (0, 60, 200, None),
                (10, 5, 500, None),
                (0, 60, FAILURE, Some(10)),
            ],
        ),
        (
            "is replaced by one that is asked for anew",
            vec![
                (0, 60, 200, None),
                (5, 0, 200, None),
                (5, 60, FAILURE, Some(5)),
            ],
        ),
        (
            "all 2xx are kept",
            vec![(0, 60, 204, None), (0, 60, 200, Some(0))],
        ),
        (
            "and the last of them",
            vec![(0, 60, 299, None), (0, 60, 200, Some(0))],
        ),
    ];
    for status in [FAILURE, 300, 304, 400, 401, 429, 500, 503] {
        cases.push((
            "goes if a new one is asked for and does not come",
            vec![(0, 60, 200, None), (0, 0, status, None), (0, 60, 200, None)],
        ));
        cases.push((
            "is never anything but a 2xx",
            vec![(0, 60, status, None), (0, 60, 200, None)],
        ));
    }
    for (name, steps) in cases {
        let responses = KeptResponses::default();
        for (index, (wait, reuse_seconds, status, expected)) in steps.iter().enumerate() {
            advance(Duration::from_secs(*wait)).await;
            let answer = match *status {
                FAILURE => failure(),
                status => response(status, ""),
            };
            let found = age(&responses, "a", *reuse_seconds, answer).await;
            assert_eq!(found, *expected, "{name}: step {index} of {steps:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_age_counts_from_when_the_request_left() {
    let responses = KeptResponses::default();
    let takes = Duration::from_secs(7);
    let (sent, _) = ask(&responses, "a", 60, takes, response(200, "")).await;
    assert!(sent.is_ok());
    assert_eq!(age(&responses, "a", 60, failure()).await, Some(7));
}

#[tokio::test(start_paused = true)]
async fn another_request_has_a_response_of_its_own() {
    let responses = KeptResponses::default();
    for name in ["a", "b"] {
        assert_eq!(age(&responses, name, 60, response(200, name)).await, None);
    }
    for name in ["a", "b"] {
        let (answer, _) = ask(&responses, name, 60, Duration::ZERO, failure()).await;
        assert_eq!(answer.expect("a response").body, name.into());
    }
}

#[tokio::test(start_paused = true)]
async fn number_and_bytes_are_bounded_and_what_was_used_longest_ago_goes() {
    let names: Vec<String> = (0..=MOST_RESPONSES).map(|name| name.to_string()).collect();
    let (last, first) = names.split_last().expect("names");
    let responses = KeptResponses::default();
    for name in first {
        age(&responses, name, 60, response(200, "")).await;
    }
    assert_eq!(age(&responses, "0", 60, failure()).await, Some(0));
    age(&responses, last, 60, response(200, "")).await;
    assert_eq!(responses.lock().kept.len(), MOST_RESPONSES);
    assert_eq!(age(&responses, "0", 60, failure()).await, Some(0));
    assert_eq!(age(&responses, "1", 60, failure()).await, None);

    let of_size = |bytes: usize| response(200, &"x".repeat(bytes));
    let half = MOST_BYTES / 2;
    for (sizes, kept) in [
        (&[half, half][..], &[true, true][..]),
        (&[half, half + 1], &[false, true]),
        (&[half, half, 1], &[false, true, true]),
        (&[1, MOST_BYTES], &[false, true]),
        // Too large for all: the others stay.
        (&[1, MOST_BYTES + 1], &[true, false]),
    ] {
        let responses = KeptResponses::default();
        for (index, bytes) in sizes.iter().enumerate() {
            age(&responses, &index.to_string(), 60, of_size(*bytes)).await;
            let state = responses.lock();
            let sum: usize = state.kept.iter().map(|(_, kept)| kept.bytes).sum();
            assert_eq!(state.bytes, sum, "{sizes:?}");
            assert!(sum <= MOST_BYTES, "{sizes:?}");
        }
        for (index, is_kept) in kept.iter().enumerate() {
            let found = age(&responses, &index.to_string(), 60, failure()).await;
            assert_eq!(found.is_some(), *is_kept, "{sizes:?}: {index}");
        }
    }
    // Headers count, and what is too large does not leave an older one in its place.
    let responses = KeptResponses::default();
    age(&responses, "a", 60, response(200, "")).await;
    let long_header = Response {
        status: 200,
        headers: vec![("x".repeat(half), "y".repeat(half + 1))],
        body: Body::default(),
        age_seconds: None,
    };
    age(&responses, "a", 0, Ok(long_header)).await;
    assert_eq!(age(&responses, "a", 60, failure()).await, None);
}

const AT_ONCE: usize = 16;

/// So many ask for the same at once, and the server takes a second. How many are sent, and the ages of all.
async fn ask_at_once(
    responses: &Arc<KeptResponses>,
    reuse_seconds: u32,
    answer: fn() -> Answer,
) -> (usize, Vec<Option<u32>>) {
    let sent = Arc::new(AtomicUsize::new(0));
    let mut asking = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (responses, sent) = (Arc::clone(responses), Arc::clone(&sent));
        asking.spawn(async move {
            let second = Duration::from_secs(1);
            let (answer, is_sent) = ask(&responses, "a", reuse_seconds, second, answer()).await;
            sent.fetch_add(usize::from(is_sent), Ordering::Relaxed);
            answer.ok().and_then(|response| response.age_seconds)
        });
    }
    let ages = asking.join_all().await;
    (sent.load(Ordering::Relaxed), ages)
}

#[tokio::test(start_paused = true)]
async fn of_the_same_requests_at_once_one_is_sent_and_its_response_answers_all() {
    let responses = Arc::new(KeptResponses::default());
    let (sent, ages) = ask_at_once(&responses, 60, || response(200, "")).await;
    assert_eq!(sent, 1);
    assert_eq!(ages.iter().filter(|age| age.is_none()).count(), 1);
    assert!(ages.iter().flatten().all(|age| *age == 1), "{ages:?}");
    assert!(responses.lock().under_way.is_empty());
}

#[tokio::test(start_paused = true)]
async fn each_request_for_a_new_response_is_sent_at_once() {
    let started = Instant::now();
    let responses = Arc::new(KeptResponses::default());
    let (sent, ages) = ask_at_once(&responses, 0, || response(200, "")).await;
    assert_eq!(sent, AT_ONCE);
    assert_eq!(ages, [None; AT_ONCE]);
    assert_eq!(started.elapsed().as_secs(), 1);
}

#[tokio::test(start_paused = true)]
async fn after_one_that_failed_those_that_waited_are_sent_all_at_once() {
    let started = Instant::now();
    let responses = Arc::new(KeptResponses::default());
    let (sent, _) = ask_at_once(&responses, 60, || response(500, "")).await;
    assert_eq!(sent, AT_ONCE);
    assert_eq!(started.elapsed().as_secs(), 2);
    assert!(responses.lock().under_way.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_cut_off_leaves_nobody_hanging() {
    let responses = Arc::new(KeptResponses::default());
    let cut_off = {
        let responses = Arc::clone(&responses);
        tokio::spawn(async move {
            let never = ask(&responses, "a", 60, Duration::from_secs(3_600), failure());
            timeout(Duration::from_millis(500), never).await.is_err()
        })
    };
    tokio::task::yield_now().await;
    let waiting = ask_at_once(&responses, 60, || response(200, ""));
    let (_, ages) = timeout(Duration::from_secs(10), waiting)
        .await
        .expect("nobody waits for what was cut off");
    assert!(cut_off.await.expect("no panic"));
    assert_eq!(ages.len(), AT_ONCE);
    assert!(responses.lock().under_way.is_empty());
    assert_eq!(age(&responses, "a", 60, failure()).await, Some(1));
}

#[tokio::test(start_paused = true)]
async fn whoever_asks_during_a_renewal_gets_the_renewed_response() {
    let responses = KeptResponses::default();
    let (none, second) = (Duration::ZERO, Duration::from_secs(1));
    let (sent, _) = ask(&responses, "a", 60, none, response(200, "refused")).await;
    assert!(sent.is_ok());
    let (_, (answer, is_sent)) = tokio::join!(
        ask(&responses, "a", 0, second, response(200, "renewed")),
        ask(&responses, "a", 60, none, failure()),
    );
    assert!(!is_sent);
    assert_eq!(answer.expect("a response").body, "renewed".into());
}

#[tokio::test(start_paused = true)]
async fn of_two_renewals_the_one_that_fails_last_leaves_nothing() {
    let responses = KeptResponses::default();
    let second = Duration::from_secs(1);
    let ((first, _), (last, _)) = tokio::join!(
        ask(&responses, "a", 0, second, response(200, "")),
        ask(&responses, "a", 0, 2 * second, failure()),
    );
    assert!(first.is_ok() && last.is_err());
    assert_eq!(age(&responses, "a", 60, failure()).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_is_cut_off_does_not_bring_the_refused_response_back() {
    let responses = KeptResponses::default();
    age(&responses, "a", 60, response(200, "")).await;
    let never = ask(&responses, "a", 0, Duration::from_secs(3_600), failure());
    assert!(timeout(Duration::from_secs(1), never).await.is_err());
    assert_eq!(age(&responses, "a", 60, failure()).await, None);
}
