//! `create-ticket`: one ticket, opened once.
//!
//! 1. Look the reference up: a ticket that bears it is the answer, and nothing is written.
//! 2. Write once.
//! 3. Where the write is in doubt, look the reference up again. Found: that is the ticket. Not found: `outcome-unknown`,
//!    since the server may still be committing.
//!
//! The PSA has no idempotency key, and nobody here or in the host repeats the write.

use psa_contract::{CreatedTicket, Creation, ErrorCode, Response, TicketDraft};

use crate::draft::{self, NewTicket};
use crate::error::{Error, error, invalid_input, quote};
use crate::permission::TICKETS_ADD;
use crate::refusal::{blames_the_client, retry_after, unsent};
use crate::request::{HttpSend, exchange_one, write};
use crate::settings::Settings;
use crate::text::joined;
use crate::ticket::{find_by_reference, ticket};
use crate::wire;

const DOING: &str = "open the ticket";
/// The server may still be committing when it has stopped answering; how long is not documented. A minute is twice the
/// longest time limit that clients of this API are known to use.
const SHORTEST_WAIT_SECONDS: u32 = 60;

/// Opens one ticket.
///
/// # Errors
/// `invalid-input` for a faulty draft, `conflict` where the reference is on another company's ticket or on several,
/// `rejected` where the PSA declined, `outcome-unknown` where it may have written; otherwise those of
/// [`crate::list_companies`], of which `unexpected-response` comes only before the write.
pub fn create_ticket(
    settings: &Settings,
    draft: &TicketDraft,
    send: &mut HttpSend,
) -> Result<CreatedTicket, Error> {
    let (_, new) = draft::parse(draft).map_err(|faults| invalid_input(DOING, faults))?;
    if let Some(found) = look_up(settings, &new, send)? {
        return Ok(found);
    }
    let call = write(
        settings,
        DOING,
        &TICKETS_ADD,
        "/service/tickets",
        new.body.clone(),
    );
    let answer = exchange_one(send, call);
    let what_happened = match &answer.result {
        Ok(response) if (200..300).contains(&response.status) => {
            match answer.record::<wire::Ticket>(settings) {
                Ok(record) => {
                    return Ok(CreatedTicket {
                        ticket: ticket(settings, record),
                        creation: Creation::Created,
                        not_applied: Vec::new(),
                    });
                }
                Err(unreadable) => unreadable,
            }
        }
        Ok(response) if was_declined(response) => return Err(answer.declined(settings, response)),
        Ok(response) => answer.declined(settings, response),
        Err(failure) if !failure.may_have_acted => return Err(unsent(settings, DOING, failure)),
        Err(failure) => unsent(settings, DOING, failure),
    };
    let response = answer.result.as_ref().ok();
    let doubt = Doubt {
        wait_seconds: response
            .and_then(|response| retry_after(response, ErrorCode::OutcomeUnknown))
            .unwrap_or(0)
            .max(SHORTEST_WAIT_SECONDS),
        what_happened,
    };
    if new.reference.is_none() {
        return Err(doubt.without_reference());
    }
    match look_up(settings, &new, send) {
        Ok(Some(found)) => Ok(found),
        Ok(None) => Err(doubt.not_found_yet()),
        Err(conflict) if conflict.code == ErrorCode::Conflict => Err(conflict),
        Err(failed) => Err(doubt.not_looked_up(&failed)),
    }
}

/// Whether the PSA examined the write and wrote nothing. A 408 may come from a gateway that gave up waiting.
fn was_declined(response: &Response) -> bool {
    match response.status {
        408 => false,
        400..500 => true,
        500..600 => blames_the_client(response),
        _ => false,
    }
}

/// The ticket that bears the draft's reference. None: there is none, or the draft has no reference.
fn look_up(
    settings: &Settings,
    new: &NewTicket,
    send: &mut HttpSend,
) -> Result<Option<CreatedTicket>, Error> {
    let Some(reference) = &new.reference else {
        return Ok(None);
    };
    let mut found = find_by_reference(settings, reference, send)?;
    if found.len() > 1 {
        let numbers: Vec<String> = found.iter().map(|record| record.id.to_string()).collect();
        return Err(conflict(
            &[
                "tickets ",
                &joined(numbers.iter(), ", "),
                " bear the same reference",
            ]
            .concat(),
            "close all of them but one, and remove the reference from the others",
        )
        .tickets(numbers));
    }
    let Some(record) = found.pop() else {
        return Ok(None);
    };
    let first = ticket(settings, record);
    let company_id = first.company.as_ref().map(|company| company.id.as_str());
    let expected_id = new.company_id.to_string();
    if company_id != Some(expected_id.as_str()) {
        let company = first.company.as_ref();
        let name = company
            .and_then(|company| company.name.as_deref())
            .unwrap_or("unnamed");
        return Err(conflict(
            &[
                "ticket ",
                &first.number,
                " bears the reference, but is for company ",
                company_id.unwrap_or("unknown"),
                " (",
                &quote(settings, name),
                ") and not for ",
                &expected_id,
            ]
            .concat(),
            "use another reference, or the ticket that bears this one",
        )
        .tickets(vec![first.id.clone()]));
    }
    Ok(Some(CreatedTicket {
        ticket: first,
        creation: Creation::Found,
        not_applied: Vec::new(),
    }))
}

fn conflict(why: &str, hint: &str) -> Error {
    let message = ["cannot ", DOING, ": ", why].concat();
    error(ErrorCode::Conflict, message).hint(hint)
}

/// A write that the PSA may have carried out.
struct Doubt {
    what_happened: Error,
    wait_seconds: u32,
}

impl Doubt {
    fn without_reference(self) -> Error {
        self.outcome_unknown(
            "a ticket may have been opened",
            "look for the ticket in the PSA before calling again: a second call may open a second one. With a reference the \
             connector looks for it",
        )
    }

    fn not_found_yet(self) -> Error {
        self.outcome_unknown(
            "no ticket bears the reference yet, but the PSA may still be opening it",
            "call again with the same reference after the time given: a ticket that has appeared by then is found",
        )
    }

    fn not_looked_up(mut self, failed: &Error) -> Error {
        let asked = failed.retry_after_seconds.unwrap_or(0);
        self.wait_seconds = self.wait_seconds.max(asked);
        self.outcome_unknown(
            &["the look-up that followed failed too: ", &failed.message].concat(),
            "call again with the same reference after the time given: a ticket that was opened is found",
        )
    }

    fn outcome_unknown(self, also: &str, hint: &str) -> Error {
        let message = [&self.what_happened.message, "; ", also].concat();
        error(ErrorCode::OutcomeUnknown, message)
            .hint(hint)
            .retry_after(Some(self.wait_seconds))
            .decided_as(&self.what_happened)
    }
}
