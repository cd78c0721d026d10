//! The functions of the probe. It is the one connector that keeps something between calls, to find out whether its host lets
//! it: how many calls this instance has begun.

use std::sync::atomic::{AtomicU32, Ordering};

use psa_contract::{CompanyPage, Request};
use psa_toolkit::HttpSend;
use psa_toolkit::exchange::HttpResult;

use crate::ask::{Arrival, ask, write};
use crate::reuse::{origin_of_token, request as token_request};
use crate::settings::Settings;
use crate::stand::Stand;
use crate::{answers, batches, failures, refused, requests, reuse};

/// Calls that began in this instance.
static BEGUN: AtomicU32 = AtomicU32::new(0);

/// A trial, and the duties that it is about.
type Trial = (&'static [&'static str], fn(&mut Stand));

/// Watched over all answers, so that none of them has a trial of its own.
const WATCHED: [&str; 5] = [
    "age-of-fresh-responses",
    "header-names-lower-case",
    "may-have-acted",
    "message-says-why",
    "no-secret-in-messages",
];

const TRIALS: [Trial; 28] = [
    (&["empty-batch"], batches::none),
    (
        &["one-result-each", "in-order", "pacing-kept"],
        batches::many,
    ),
    (&["failures-stay-apart"], batches::failures_among_successes),
    (&["method-kept"], requests::methods),
    (&["url-kept"], requests::urls),
    (&["request-headers-kept"], requests::headers),
    (&["request-body-kept"], requests::bodies),
    (&["content-length"], requests::lengths),
    (&["user-agent"], requests::user_agent),
    (&["nothing-added"], requests::additions),
    (&["host-headers-refused"], refused::headers_of_the_host),
    (
        &["forbidden-refused", "may-have-acted", "message-says-why"],
        refused::forbidden,
    ),
    (&["origin-refused"], refused::foreign_origins),
    (&["every-status-is-a-response"], answers::statuses),
    (&["redirects-not-followed"], answers::redirects),
    (&["interim-not-passed-on"], answers::interim),
    (
        &[
            "header-repeats-kept",
            "header-values-latin-1",
            "header-names-lower-case",
        ],
        answers::headers,
    ),
    (&["encoding-removed"], answers::encodings),
    (
        &["text-or-bytes", "age-of-fresh-responses"],
        answers::bodies,
    ),
    (&["whole-body"], answers::whole),
    (
        &[
            "cut-is-interrupted",
            "never-raises",
            "may-have-acted",
            "message-says-why",
            "no-secret-in-messages",
        ],
        failures::cuts,
    ),
    (&["write-sent-once"], failures::writes),
    (
        &["unreachable-cannot-have-acted", "no-secret-in-messages"],
        failures::unreachable,
    ),
    (&["certificate-checked"], failures::certificates),
    (&["time-out-is-told"], failures::time_limits),
    (
        &[
            "age-told",
            "renewal-is-sent",
            "renewal-replaces",
            "tenants-stay-apart",
        ],
        reuse::tokens,
    ),
    (
        &["only-success-is-kept", "only-the-same-request"],
        reuse::what_is_kept,
    ),
    (&["not-older-than-asked"], reuse::ages),
];

pub(crate) fn try_everything(settings: &Settings, send: &mut HttpSend) -> CompanyPage {
    begin(settings, send, "list-companies", &[]);
    let mut stand = Stand::new(settings, send);
    for (duties, trial) in TRIALS {
        if stand.is_wanted(duties) {
            trial(&mut stand);
        }
    }
    CompanyPage {
        companies: stand.companies(),
        next_cursor: None,
    }
}

/// Sends a write that the server acts on, and traps.
pub(crate) fn trap_after_a_write<T>(settings: &Settings, send: &mut HttpSend) -> T {
    begin(settings, send, "create-ticket", &[("delay", "400")]);
    let _ = one(send, write(settings, "stopped-after-a-write", "write", &[]));
    std::process::abort()
}

/// Looks for a token of another tenant, sends a read, and traps.
pub(crate) fn trap_after_a_read<T>(settings: &Settings, send: &mut HttpSend) -> T {
    begin(settings, send, "get-ticket", &[("delay", "400")]);
    let trial = match settings.tenant.as_str() {
        "two" => origin_of_token(&one(send, token_request(settings, Some(3_600)))),
        _ => "same-tenant",
    };
    let seen = ask(settings, Arrival::Any, "tenants-stay-apart", trial, &[]);
    let _ = one(send, seen);
    let _ = one(
        send,
        ask(
            settings,
            Arrival::Any,
            "stopped-before-a-write",
            "read",
            &[],
        ),
    );
    std::process::abort()
}

/// Tells the server that a call begins, and how many this instance has begun before.
fn begin(settings: &Settings, send: &mut HttpSend, function: &str, script: &[(&str, &str)]) {
    let before = BEGUN.fetch_add(1, Ordering::Relaxed).to_string();
    let script = [&[("begun", before.as_str())], script].concat();
    let _ = one(send, ask(settings, Arrival::Any, "call", function, &script));
}

/// What came of it, which is of no use to most: the call goes on.
fn one(send: &mut HttpSend, request: Request) -> HttpResult {
    let results = send(&mut [request]);
    results.into_iter().next().unwrap_or_else(|| {
        Err(psa_contract::Failure {
            kind: psa_contract::FailureKind::Interrupted,
            message: String::new(),
            may_have_acted: true,
        })
    })
}

/// The duties that the probe can say something about.
#[must_use]
pub fn duties() -> Vec<&'static str> {
    let tried = TRIALS.iter().flat_map(|(duties, _)| *duties);
    let mut duties: Vec<&str> = tried.copied().chain(WATCHED).collect();
    duties.sort_unstable();
    duties.dedup();
    duties
}
