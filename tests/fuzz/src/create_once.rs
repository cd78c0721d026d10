//! What holds of `create-ticket`, whatever the server did: one write at most, none after a look-up that failed or found, no
//! doubt that is hidden, and none that is made up.

use psa_contract::{CreatedTicket, Creation, ErrorCode, TicketDraft};
use psa_toolkit::Error;
use serde::Deserialize;

use crate::desk::Exchange;

/// What is asked of the server: a look-up where there is a reference, the write, and a look-up where that is in doubt. Beside
/// them, a connector may read what it needs.
pub(crate) fn check(
    draft: &TicketDraft,
    exchanges: &[&Exchange],
    result: &Result<CreatedTicket, Error>,
) {
    let write = exchanges.iter().position(|exchange| exchange.is_write);
    let (before, after) = match write {
        Some(write) => (&exchanges[..write], &exchanges[write + 1..]),
        None => (exchanges, &[][..]),
    };
    assert!(after.iter().all(|it| !it.is_write), "it was written twice");
    let (before, after) = (look_ups(before), look_ups(after));
    match write {
        None => nothing_was_written(draft, &before, result),
        Some(write) => {
            assert_eq!(
                before.is_empty(),
                draft.reference.is_none(),
                "look-ups before the write"
            );
            before.iter().for_each(|it| found_nothing(draft, it));
            it_was_written(draft, exchanges[write], &after, result);
        }
    }
}

fn look_ups<'a>(exchanges: &[&'a Exchange]) -> Vec<&'a Exchange> {
    exchanges
        .iter()
        .copied()
        .filter(|it| it.is_look_up)
        .collect()
}

fn nothing_was_written(
    draft: &TicketDraft,
    look_ups: &[&Exchange],
    result: &Result<CreatedTicket, Error>,
) {
    match result {
        Ok(found) => {
            assert_eq!(found.creation, Creation::Found);
            bears_the_reference(draft, found);
            assert!(!look_ups.is_empty() && look_ups.iter().all(|it| it.success().is_some()));
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
    look_ups: &[&Exchange],
    result: &Result<CreatedTicket, Error>,
) {
    match result {
        Ok(created) if created.creation == Creation::Created => {
            assert!(
                write.success().is_some(),
                "no success, and a ticket that was created"
            );
            assert!(look_ups.is_empty(), "a ticket that is there is looked up");
        }
        Ok(found) => {
            assert!(!write.was_declined(), "declined, and found all the same");
            assert!(
                !look_ups.is_empty() && look_ups.iter().all(|it| it.success().is_some()),
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
                assert_eq!(look_ups.is_empty(), draft.reference.is_none(), "{error:?}");
            }
            if write.was_declined() {
                assert!(!is_doubt, "doubt is made up: {error:?}");
                assert!(look_ups.is_empty(), "what was declined is looked up");
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

/// The rows of a look-up, of any vendor. An answer that names a member twice is not read.
#[derive(Deserialize)]
#[serde(untagged)]
enum Rows {
    Bare(Vec<Row>),
    Envelope {
        #[serde(alias = "items")]
        tickets: Vec<Row>,
    },
}

#[derive(Deserialize)]
struct Row {
    #[serde(alias = "externalID", alias = "third_party_id_string")]
    #[serde(rename = "externalXRef")]
    reference: String,
}

/// A write may only follow look-ups that succeeded with a list of tickets of which none bears the reference.
fn found_nothing(draft: &TicketDraft, look_up: &Exchange) {
    let body = look_up.success().expect("a look-up that succeeded");
    // Bytes that are no UTF-8 cost the value that they are in.
    let body = String::from_utf8_lossy(body);
    let body = body.trim_start_matches('\u{feff}').trim_start();
    assert!(
        body.starts_with(['[', '{']),
        "written after a look-up that is no list: {body:?}"
    );
    let (Ok(Rows::Bare(rows)) | Ok(Rows::Envelope { tickets: rows })) = serde_json::from_str(body)
    else {
        return;
    };
    let found = rows
        .iter()
        .any(|row| Some(&row.reference) == draft.reference.as_ref());
    assert!(!found, "written though a ticket bears the reference");
}
