//! What is reported of a guest that does not come to its end after a write may have left.

use std::time::Duration;

use psa_host::contract::{ErrorCode, FailureKind, TicketDraft};
use psa_host::{Answer, CallError, Connector, Limits};

use crate::backend::{Backend, failure, response};
use crate::guest::{BOTH, GET, LOOP, POST, TOKEN, TRAP, guest};

/// The code that is reported, or none where the guest's own end is.
async fn reported(
    body: &str,
    answer: Answer,
    draft: TicketDraft,
) -> Option<psa_host::contract::ConnectorError> {
    let connector = Connector::from_bytes(&guest(&[("create-ticket", body)])).expect("a connector");
    let limits = Limits {
        fuel: 5_000_000,
        ..Limits::default()
    };
    let call = connector.call(Backend::answering(answer), limits);
    match call.create_ticket(Vec::new(), draft).await {
        Ok(_) => panic!("the guest came to its end"),
        Err(CallError::Connector(error)) => Some(*error),
        Err(_) => None,
    }
}

#[tokio::test]
async fn a_guest_that_ends_after_a_write_leaves_the_outcome_unknown() {
    let cases = [
        (format!("{POST} {TRAP}"), response(201), true),
        (format!("{POST} {LOOP}"), response(201), true),
        (format!("{BOTH} {TRAP}"), response(201), true),
        (format!("{POST} {GET} {TRAP}"), response(201), true),
        (
            format!("{POST} {TRAP}"),
            failure(FailureKind::TimedOut, true),
            true,
        ),
        (
            format!("{POST} {TRAP}"),
            failure(FailureKind::Unreachable, false),
            false,
        ),
        (
            format!("{BOTH} {TRAP}"),
            failure(FailureKind::Denied, false),
            false,
        ),
        (format!("{GET} {TRAP}"), response(200), false),
        (format!("{TOKEN} {TRAP}"), response(200), false),
        (
            format!("{TOKEN} {LOOP}"),
            failure(FailureKind::TimedOut, true),
            false,
        ),
        (format!("{TOKEN} {POST} {TRAP}"), response(200), true),
        (
            format!("{GET} {TRAP}"),
            failure(FailureKind::TimedOut, true),
            false,
        ),
        (TRAP.to_owned(), response(200), false),
        (LOOP.to_owned(), response(200), false),
    ];
    for (body, answer, is_unknown) in cases {
        let error = reported(&body, answer.clone(), TicketDraft::default()).await;
        let code = error.map(|error| error.code);
        assert_eq!(
            code,
            is_unknown.then_some(ErrorCode::OutcomeUnknown),
            "{body} with {answer:?}"
        );
    }
}

#[tokio::test]
async fn the_hint_depends_on_the_reference() {
    for (reference, hint) in [
        (None, "Look in the PSA first"),
        (Some("r"), "Repeat the same call"),
    ] {
        let draft = TicketDraft {
            reference: reference.map(str::to_owned),
            ..TicketDraft::default()
        };
        let error = reported(&format!("{POST} {TRAP}"), response(201), draft)
            .await
            .expect("unknown");
        assert!(error.hint.is_some_and(|text| text.contains(hint)));
        assert_eq!(error.retry_after_seconds, Some(60));
    }
}

#[tokio::test(start_paused = true)]
async fn a_guest_that_is_stopped_while_the_write_is_under_way_leaves_the_outcome_unknown() {
    let connector = Connector::from_bytes(&guest(&[("create-ticket", POST)])).expect("a connector");
    // So short that the end of the call comes before the backend, which ignores its deadline, is given up.
    let limits = Limits {
        wall_clock: Duration::from_millis(100),
        ..Limits::default()
    };
    let backend = Backend::answering(response(201)).after(Duration::from_secs(1_000));
    let call = connector.call(backend, limits);
    let outcome = call.create_ticket(Vec::new(), TicketDraft::default()).await;
    let Err(CallError::Connector(error)) = outcome else {
        panic!("not the connector's error");
    };
    assert_eq!(error.code, ErrorCode::OutcomeUnknown);
    assert!(error.message.contains("0.1 seconds"), "{}", error.message);
}

#[tokio::test]
async fn a_trap_of_another_function_is_a_trap() {
    let body = format!("{POST} {TRAP}");
    let connector = Connector::from_bytes(&guest(&[("verify", &body)])).expect("a connector");
    let call = connector.call(Backend::answering(response(200)), Limits::default());
    let Err(CallError::Trapped {
        function, message, ..
    }) = call.verify(Vec::new(), Vec::new()).await
    else {
        panic!("not a trap");
    };
    assert_eq!(function, "verify");
    assert!(message.contains("unreachable"), "{message}");
}
