//! One write, and never a second one.
//!
//! 1. Look the reference up: the record that bears it is the answer, and nothing is written.
//! 2. Write once.
//! 3. If the write is in doubt, look the reference up again. Found: that is the record. Not found: `outcome-unknown`, since
//!    the server may still be committing.
//!
//! No PSA has an idempotency key, and nobody here or in the host repeats the write.

use psa_contract::{Creation, ErrorCode, Response, Ticket};

use crate::error::Error;
use crate::exchange::{Answer, HttpSend};
use crate::secrets::Secrets;
use crate::status::{retry_after, unexpected};

/// The server may still be committing when it has stopped answering; how long is not documented. A minute is twice the
/// longest time limit that clients of such APIs are known to use.
const SHORTEST_WAIT_SECONDS: u32 = 60;

/// What a vendor does for one write.
pub trait Write<'a> {
    /// What is written.
    type Record;

    /// What messages call it.
    fn noun(&self) -> &'static str {
        "ticket"
    }

    /// Whether the record can be looked up.
    fn has_reference(&self) -> bool;

    /// The record that bears the reference; called only if there is one.
    ///
    /// # Errors
    /// What the answer means; `conflict` if it is on another record than the one to write.
    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Self::Record>, Error>;

    /// Sends the write, once.
    ///
    /// # Errors
    /// Something before it failed, and the write was not sent.
    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error>;

    /// The record in the answer of a success.
    ///
    /// # Errors
    /// It is not there.
    fn read(&self, answer: &Answer) -> Result<Self::Record, Error>;

    /// Whether a response that would leave the write in doubt says that nothing was written.
    fn wrote_nothing(&self, _response: &Response) -> bool {
        false
    }

    /// Whether a response that leaves the write in doubt is the PSA's word that it declined. It is believed if the look-up
    /// finds nothing, and if there is no reference.
    fn was_declined(&self, _response: &Response) -> bool {
        false
    }
}

/// What came of it.
#[derive(Debug, PartialEq)]
pub enum Written<T> {
    /// It was there already, or turned out to be written although the answer got lost.
    Found(T),
    /// The answer to the write shows it.
    Created(T),
}

impl<T> Written<T> {
    /// The record, and how it came to be there.
    #[must_use]
    pub fn into_parts(self) -> (T, Creation) {
        match self {
            Self::Found(record) => (record, Creation::Found),
            Self::Created(record) => (record, Creation::Created),
        }
    }
}

/// Looks up, writes once, and looks up again if the write is in doubt.
///
/// # Errors
/// Those of the first look-up; `rejected` and the like if the PSA declined; `outcome-unknown` if it may have written.
pub fn write_once<'a, W: Write<'a>>(
    writer: &mut W,
    send: &mut HttpSend,
) -> Result<Written<W::Record>, Error> {
    if writer.has_reference()
        && let Some(found) = writer.look_up(send)?
    {
        return Ok(Written::Found(found));
    }
    let answer = writer.write(send)?;
    let what_happened = match doubt_of(&answer, &|response| writer.wrote_nothing(response))? {
        None => match writer.read(&answer) {
            Ok(record) => return Ok(Written::Created(record)),
            Err(unreadable) => unreadable,
        },
        Some(what_happened) => what_happened,
    };
    let noun = writer.noun();
    let was_declined = match &answer.result {
        Ok(response) => !(200..300).contains(&response.status) && writer.was_declined(response),
        Err(_) => false,
    };
    if !writer.has_reference() {
        return Err(match was_declined {
            true => what_happened,
            false => without_reference(Doubt::new(&answer, what_happened), noun),
        });
    }
    let found = writer.look_up(send);
    if was_declined && matches!(found, Ok(None)) {
        return Err(what_happened);
    }
    let doubt = Doubt::new(&answer, what_happened);
    match found {
        Ok(Some(found)) => Ok(Written::Found(found)),
        Ok(None) => Err(not_found_yet(doubt, noun)),
        Err(conflict) if conflict.code == ErrorCode::Conflict => Err(conflict),
        Err(failed) => Err(not_looked_up(doubt, noun, &failed)),
    }
}

/// Why a write may have been carried out although its answer is not a success. None: it is a success. `wrote_nothing` says
/// so of a response that would leave the write in doubt.
///
/// # Errors
/// It was not carried out: the PSA declined it, or it never left.
pub fn doubt_of(
    answer: &Answer,
    wrote_nothing: &dyn Fn(&Response) -> bool,
) -> Result<Option<Error>, Error> {
    match &answer.result {
        Ok(response) if (200..300).contains(&response.status) => Ok(None),
        Ok(response) if was_declined(response) || wrote_nothing(response) => {
            Err(answer.refused(response))
        }
        Ok(response) => Ok(Some(answer.refused(response))),
        Err(failure) if !failure.may_have_acted => Err(answer.unsent(failure)),
        Err(failure) => Ok(Some(answer.unsent(failure))),
    }
}

/// Whether the PSA examined the write and wrote nothing. A 408 may come from a gateway that gave up waiting.
fn was_declined(response: &Response) -> bool {
    (400..500).contains(&response.status) && response.status != 408
}

/// The one ticket of those that bear a reference, which are the contract's or become so by `shown`. `doing` completes
/// "cannot …".
///
/// # Errors
/// `conflict` if there are several, or if it is another company's; `unexpected-response` if one does not show its company.
pub fn one_ticket_of<T>(
    company_id: &str,
    mut found: Vec<T>,
    shown: impl Fn(&T) -> Ticket,
    doing: &str,
    secrets: &Secrets,
) -> Result<Option<T>, Error> {
    let conflict = |why: &str, hint: &str, tickets| {
        Error::new(ErrorCode::Conflict, format!("cannot {doing}: {why}"))
            .hint(hint)
            .ticket_ids(tickets)
    };
    let tickets: Vec<Ticket> = found.iter().map(shown).collect();
    if tickets.len() > 1 {
        let ids: Vec<String> = tickets.into_iter().map(|ticket| ticket.id).collect();
        return Err(conflict(
            &format!("tickets {} have the same reference", ids.join(", ")),
            "keep one of them; close the others, and remove the reference from them",
            ids,
        ));
    }
    let Some(ticket) = tickets.into_iter().next() else {
        return Ok(None);
    };
    let Some(company) = &ticket.company else {
        return Err(unexpected(doing, "expected the ticket to show its company"));
    };
    if company.id == company_id {
        return Ok(found.pop());
    }
    let why = format!(
        "ticket {} has this reference, but belongs to company {} ({}), not to {company_id}",
        ticket.number,
        company.id,
        secrets.quote(company.name.as_deref().unwrap_or("unnamed")),
    );
    let hint = "use another reference, or use the ticket that has this one";
    Err(conflict(&why, hint, vec![ticket.id]))
}

/// A write that the PSA may have carried out.
pub struct Doubt {
    what_happened: Error,
    wait_seconds: u32,
}

impl Doubt {
    /// Of the answer to the write, and what it means.
    #[must_use]
    pub fn new(answer: &Answer, what_happened: Error) -> Self {
        let response = answer.result.as_ref().ok();
        let asked = response.and_then(|response| retry_after(response, ErrorCode::OutcomeUnknown));
        Self {
            what_happened,
            wait_seconds: asked.unwrap_or(0).max(SHORTEST_WAIT_SECONDS),
        }
    }

    /// The error, if the read that should tell failed.
    #[must_use]
    pub fn not_read(mut self, failed: &Error, hint: &str) -> Error {
        let asked = failed.retry_after_seconds.unwrap_or(0);
        self.wait_seconds = self.wait_seconds.max(asked);
        let also = format!("the look-up that followed also failed: {}", failed.message);
        self.outcome_unknown(&also, hint)
    }

    /// The error, with what is known besides, and what to do.
    #[must_use]
    pub fn outcome_unknown(self, also: &str, hint: &str) -> Error {
        let message = format!("{}; {also}", self.what_happened.message);
        Error::new(ErrorCode::OutcomeUnknown, message)
            .hint(hint)
            .retry_after(Some(self.wait_seconds))
            .decided_as(&self.what_happened)
    }
}

fn without_reference(doubt: Doubt, noun: &str) -> Error {
    doubt.outcome_unknown(
        &format!("a {noun} may have been created"),
        &format!(
            "look for the {noun} in the PSA before you call again: another call may create a second one. If you set a \
             reference, the connector looks for it"
        ),
    )
}

fn not_found_yet(doubt: Doubt, noun: &str) -> Error {
    doubt.outcome_unknown(
        &format!("no {noun} has the reference yet, but the PSA may still be creating it"),
        &format!(
            "call again with the same reference after the given time: if the {noun} exists by then, the call finds it"
        ),
    )
}

fn not_looked_up(doubt: Doubt, noun: &str, failed: &Error) -> Error {
    let hint = format!(
        "call again with the same reference after the given time: if the {noun} was created, the call finds it"
    );
    doubt.not_read(failed, &hint)
}

#[cfg(test)]
mod tests;
