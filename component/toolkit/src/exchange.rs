//! Requests, and the one way to send them. What comes back is read in [`crate::json`] and judged in [`crate::status`].

mod answer;
mod call;

use std::iter::once;
use std::mem::take;

use psa_contract::{ErrorCode, Failure, FailureKind, Request, Response};

pub use self::answer::Answer;
pub use self::call::Call;
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
    calls: Vec<Call>,
) -> Vec<Answer<'a>> {
    if calls.is_empty() {
        return Vec::new();
    }
    let (subjects, mut requests): (Vec<Subject>, Vec<Request>) = calls
        .into_iter()
        .map(|call| (call.subject, call.request))
        .unzip();
    let mut results = send(&mut requests).into_iter();
    subjects
        .into_iter()
        .zip(requests)
        .map(|(subject, request)| Answer {
            tenant,
            subject,
            request,
            result: results.next().unwrap_or_else(|| Err(no_result())),
        })
        .collect()
}

/// The same for so many calls: one answer for each, without a place for one that is missing.
pub fn exchange_array<'a, const COUNT: usize>(
    tenant: &'a dyn Tenant,
    send: &mut HttpSend,
    mut calls: [Call; COUNT],
) -> [Answer<'a>; COUNT] {
    let mut requests = calls.each_mut().map(|call| take(&mut call.request));
    let mut results = send(&mut requests).into_iter();
    let mut requests = requests.into_iter();
    calls.map(|call| Answer {
        tenant,
        subject: call.subject,
        request: requests.next().unwrap_or_default(),
        result: results.next().unwrap_or_else(|| Err(no_result())),
    })
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
    let others = beside.iter_mut().flatten();
    let requests = others.map(|other| take(&mut other.request));
    let mut requests: Vec<Request> = once(take(&mut call.request)).chain(requests).collect();
    let mut results = send(&mut requests).into_iter();
    let mut requests = requests.into_iter();
    let mut answer = |call: Call| Answer {
        tenant,
        subject: call.subject,
        request: requests.next().unwrap_or_default(),
        result: results.next().unwrap_or_else(|| Err(no_result())),
    };
    (answer(call), beside.map(|call| call.map(&mut answer)))
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
