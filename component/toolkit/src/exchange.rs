//! Requests, and the one way to send them. What comes back is read in [`crate::json`] and judged in [`crate::status`].

mod answer;
mod call;

use std::iter::once;
use std::mem::take;
use std::vec::IntoIter;

use psa_contract::{ErrorCode, Failure, FailureKind, Request, Response};

pub use self::answer::Answer;
pub use self::call::Call;
use crate::error::Error;
use crate::secrets::Secrets;
use crate::status::Refusal;
pub use crate::status::Subject;

/// Sends the requests, all of them in flight at once, and returns a result for each, in their order. The only way out of
/// a connector: the component passes its import, a native program whatever speaks HTTP. A layer before it may complete the
/// requests, as [`crate::token::sign_in`] does.
pub type HttpSend<'a> = dyn FnMut(&mut [Request]) -> Vec<HttpResult> + 'a;

/// What came of a request: a response with whatever status, or a failure of the host.
pub type HttpResult = Result<Response, Failure>;

/// The parsed settings of a connector, as far as the toolkit has to know them.
pub trait Tenant {
    /// What must never be shown.
    fn secrets(&self) -> &Secrets;

    /// What a response other than a 2xx means. Texts of the PSA are given as they are: the toolkit quotes them.
    fn refusal(&self, subject: &Subject, response: &Response) -> Refusal;

    /// What to do about an error with this code, if the refusal says nothing better: which clicks make a new key, say.
    fn hint(&self, _code: ErrorCode) -> Option<&'static str> {
        None
    }

    /// The PSA's own id of a request, from its response.
    fn request_id<'a>(&self, response: &'a Response) -> Option<&'a str> {
        response.header("x-request-id")
    }

    /// What to do if a web page came in place of the API's answer.
    fn web_page_hint(&self) -> &'static str {
        "the site returned a web page instead of an API response: check the site, and check that no proxy answers in its \
         place"
    }
}

/// Sends the calls in one round. One answer for each, whatever the host returns; nothing is sent for no calls.
pub fn exchange<'a>(
    tenant: &'a dyn Tenant,
    send: &mut HttpSend,
    mut calls: Vec<Call>,
) -> Vec<Answer<'a>> {
    if calls.is_empty() {
        return Vec::new();
    }
    let mut round = Round::of(tenant, send, calls.iter_mut());
    calls.into_iter().map(|call| round.answer(call)).collect()
}

/// The same for so many calls: one answer for each, without a place for one that is missing.
pub fn exchange_array<'a, const COUNT: usize>(
    tenant: &'a dyn Tenant,
    send: &mut HttpSend,
    mut calls: [Call; COUNT],
) -> [Answer<'a>; COUNT] {
    let mut round = Round::of(tenant, send, calls.iter_mut());
    calls.map(|call| round.answer(call))
}

/// Sends one call.
pub fn exchange_one<'a>(tenant: &'a dyn Tenant, send: &mut HttpSend, call: Call) -> Answer<'a> {
    let [answer] = exchange_array(tenant, send, [call]);
    answer
}

/// Sends one call, and others in the same round, as far as there are any.
pub fn exchange_beside<'a, const COUNT: usize>(
    tenant: &'a dyn Tenant,
    send: &mut HttpSend,
    mut call: Call,
    mut beside: [Option<Call>; COUNT],
) -> (Answer<'a>, [Option<Answer<'a>>; COUNT]) {
    let all = once(&mut call).chain(beside.iter_mut().flatten());
    let mut round = Round::of(tenant, send, all);
    let first = round.answer(call);
    (first, beside.map(|call| Some(round.answer(call?))))
}

/// What came of a round, to be taken by one call after another, in the order in which they were sent.
struct Round<'a> {
    tenant: &'a dyn Tenant,
    requests: IntoIter<Request>,
    results: IntoIter<HttpResult>,
}

impl<'a> Round<'a> {
    /// Sends the requests, which it takes out of the calls.
    fn of<'b>(
        tenant: &'a dyn Tenant,
        send: &mut HttpSend,
        calls: impl Iterator<Item = &'b mut Call>,
    ) -> Self {
        let mut requests: Vec<Request> = calls.map(|call| take(&mut call.request)).collect();
        let results = send(&mut requests).into_iter();
        Self {
            tenant,
            requests: requests.into_iter(),
            results,
        }
    }

    fn answer(&mut self, call: Call) -> Answer<'a> {
        Answer {
            tenant: self.tenant,
            subject: call.subject,
            request: self.requests.next().unwrap_or_default(),
            result: self.results.next().unwrap_or_else(|| Err(no_result())),
        }
    }
}

/// Of a request that goes unsent, since what it needs could not be renewed.
pub(crate) fn unsent(why: &str, error: &Error) -> Failure {
    Failure {
        kind: match error.code {
            ErrorCode::Denied => FailureKind::Denied,
            _ => FailureKind::Interrupted,
        },
        message: format!("{why}: {}", error.message),
        may_have_acted: false,
    }
}

fn no_result() -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message: "the host returned no result for this request".to_owned(),
        may_have_acted: true,
    }
}

#[cfg(test)]
mod tests;
