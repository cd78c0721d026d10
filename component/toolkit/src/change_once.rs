//! One change that can be asked for again: a status, something attached. It is written once; if the answer does not show what
//! came of it, the record is read again.
//!
//! 1. The caller reads the record, and writes nothing if it is as wished.
//! 2. Write once.
//! 3. Read again if the answer does not show the record, or if the write is in doubt. In doubt, a record that is not as
//!    wished is `outcome-unknown`, since the server may still be committing.

use psa_contract::{ErrorCode, Response};

use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange_one};
use crate::write_once::{Doubt, doubt_of};

const REPEAT: &str = "repeat the call after the given time: it reads first, and writes only if the change has not been \
                      made";

/// What a vendor does for one change.
pub trait Change<'a> {
    /// The record, as far as the change is about it.
    type State;

    /// Sends the write, once.
    fn write(&mut self, send: &mut HttpSend) -> Answer<'a>;

    /// The record in the answer of a success. None: the answer does not show it.
    ///
    /// # Errors
    /// The answer is not what a success looks like, so it does not prove one.
    fn shown(&self, answer: &Answer) -> Result<Option<Self::State>, Error>;

    /// Reads the record.
    ///
    /// # Errors
    /// What the answer means; `conflict` if the record can no longer be changed.
    fn read(&mut self, send: &mut HttpSend) -> Result<Self::State, Error>;

    /// Whether a record that was read shows that the change was made.
    fn is_made(&self, state: &Self::State) -> bool;

    /// Whether a response that would leave the write in doubt says that nothing was written.
    fn wrote_nothing(&self, response: &Response) -> bool;
}

/// Writes once. The record afterwards: after an answer that is a success it is as the PSA shows it, changed or not, and
/// after a write in doubt it is changed.
///
/// # Errors
/// `rejected` and the like if the PSA declined; `outcome-unknown` if it may have written.
pub fn change_once<'a, C: Change<'a>>(
    change: &mut C,
    send: &mut HttpSend,
) -> Result<C::State, Error> {
    let answer = change.write(send);
    let what_happened = match doubt_of(&answer, &|response| change.wrote_nothing(response))? {
        Some(what_happened) => Some(what_happened),
        None => match change.shown(&answer) {
            Ok(Some(state)) => return Ok(state),
            Ok(None) => None,
            Err(unreadable) => Some(unreadable),
        },
    };
    let is_doubt = what_happened.is_some();
    let what_happened =
        what_happened.unwrap_or_else(|| answer.unexpected("the answer does not show the change"));
    let doubt = Doubt::new(&answer, what_happened);
    match change.read(send) {
        Ok(state) if !is_doubt || change.is_made(&state) => Ok(state),
        Ok(_) => Err(doubt.outcome_unknown(
            "the change is not visible yet, but the PSA may still be making it",
            REPEAT,
        )),
        Err(conflict) if conflict.code == ErrorCode::Conflict => Err(conflict),
        Err(failed) => Err(doubt.not_read(&failed, REPEAT)),
    }
}

/// A change that is made of requests and of what their answers mean, for a vendor that needs nothing between them.
pub struct Steps<'a, 'b, S> {
    /// For errors.
    pub tenant: &'a dyn Tenant,
    /// The write.
    pub write: &'b dyn Fn() -> Call,
    /// [`Change::shown`]
    pub shown: &'b dyn Fn(&Answer) -> Result<Option<S>, Error>,
    /// The read that follows if the answer does not show the record.
    pub read: &'b dyn Fn() -> Call,
    /// The record in the answer to that read.
    pub state: &'b dyn Fn(&Answer) -> Result<S, Error>,
    /// [`Change::is_made`]
    pub is_made: &'b dyn Fn(&S) -> bool,
    /// [`Change::wrote_nothing`]
    pub wrote_nothing: fn(&Response) -> bool,
}

impl<'a, S> Change<'a> for Steps<'a, '_, S> {
    type State = S;

    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        exchange_one(self.tenant, send, (self.write)())
    }

    fn shown(&self, answer: &Answer) -> Result<Option<S>, Error> {
        (self.shown)(answer)
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<S, Error> {
        (self.state)(&exchange_one(self.tenant, send, (self.read)()))
    }

    fn is_made(&self, state: &S) -> bool {
        (self.is_made)(state)
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        (self.wrote_nothing)(response)
    }
}

#[cfg(test)]
mod tests;
