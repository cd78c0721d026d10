//! What holds of `create-ticket`, whatever the server did: one write at most, none after a look-up that failed or found, no
//! doubt that is hidden, and none that is made up.

use psa_contract::{CreatedTicket, Creation, ErrorCode, TicketDraft};
use psa_toolkit::Error;
use serde::Deserialize;
use serde_json::Value;

use crate::desk::Exchange;

/// What is asked of the server: a look-up where there is a reference, the write, and a look-up where that is in doubt.
pub(crate) fn check(
    draft: &TicketDraft,
    exchanges: &[Exchange],
    result: &Result<CreatedTicket, Error>,
) {
    let write = exchanges.iter().position(|exchange| exchange.is_write);
    let (before, after) = match write {
        Some(write) => (&exchanges[..write], &exchanges[write + 1..]),
        None => (exchanges, &[][..]),
    };
    let look_ups = usize::from(draft.reference.is_some());
    assert_eq!(before.len(), look_ups, "look-ups before the write");
    assert!(after.len() <= look_ups, "look-ups after the write");
    for look_up in before.iter().chain(after) {
        assert!(!look_up.is_write, "it was written twice");
    }
    match write {
        None => nothing_was_written(draft, before, result),
        Some(write) => {
            for look_up in before {
                found_nothing(draft, look_up);
            }
            it_was_written(draft, &exchanges[write], after, result);
        }
    }
}

fn nothing_was_written(
    draft: &TicketDraft,
    before: &[Exchange],
    result: &Result<CreatedTicket, Error>,
) {
    assert!(
        draft.reference.is_some(),
        "nothing stands in the way of the write"
    );
    match result {
        Ok(found) => {
            assert_eq!(found.creation, Creation::Found);
            bears_the_reference(draft, found);
            assert!(before.iter().all(|look_up| look_up.success().is_some()));
        }
        Err(error) => {
            let is_of_a_write = [ErrorCode::OutcomeUnknown, ErrorCode::Rejected];
            assert!(
                !is_of_a_write.contains(&error.code),
                "nothing was written: {error:?}"
            );
        }
    }
}

fn it_was_written(
    draft: &TicketDraft,
    write: &Exchange,
    after: &[Exchange],
    result: &Result<CreatedTicket, Error>,
) {
    match result {
        Ok(created) if created.creation == Creation::Created => {
            assert!(
                write.success().is_some(),
                "no success, and a ticket that was created"
            );
            assert!(after.is_empty(), "a ticket that is there is looked up");
        }
        Ok(found) => {
            assert!(!write.was_declined(), "declined, and found all the same");
            let look_up = after.first().expect("a look-up that found it");
            assert!(
                look_up.success().is_some(),
                "found by a look-up that failed"
            );
            bears_the_reference(draft, found);
        }
        Err(error) => {
            assert_ne!(error.code, ErrorCode::UnexpectedResponse, "{error:?}");
            let is_doubt = error.code == ErrorCode::OutcomeUnknown;
            if write.may_have_acted() {
                let is_told = is_doubt || error.code == ErrorCode::Conflict;
                assert!(is_told, "doubt is hidden: {error:?}");
                assert_eq!(after.len(), usize::from(draft.reference.is_some()));
            }
            if write.was_declined() {
                assert!(!is_doubt, "doubt is made up: {error:?}");
                assert!(after.is_empty(), "what was declined is looked up");
            }
            if is_doubt {
                assert!(error.retry_after_seconds >= Some(60), "{error:?}");
            }
        }
    }
}

/// A ticket of another company or without the reference is another ticket.
fn bears_the_reference(draft: &TicketDraft, found: &CreatedTicket) {
    let ticket = &found.ticket;
    assert_eq!(ticket.reference, draft.reference);
    let company = ticket.company.as_ref().map(|company| &company.id);
    assert_eq!(company, Some(&draft.company_id));
}

/// A row of a look-up. One that names the member twice is not read.
#[derive(Deserialize)]
struct Row {
    #[serde(rename = "externalXRef")]
    reference: String,
}

/// A write may only follow a list of tickets of which none bears the reference.
fn found_nothing(draft: &TicketDraft, look_up: &Exchange) {
    let body = look_up.success().expect("a look-up that succeeded");
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let rows = match serde_json::from_slice(body) {
        Ok(Value::Array(rows)) => rows,
        other => panic!("written after a look-up that is no list: {other:?}"),
    };
    assert!(rows.iter().all(Value::is_object), "written after {rows:?}");
    if let Ok(rows) = serde_json::from_slice::<Vec<Row>>(body) {
        let found = rows
            .iter()
            .any(|row| Some(&row.reference) == draft.reference.as_ref());
        assert!(!found, "written though a ticket bears the reference");
    }
}
