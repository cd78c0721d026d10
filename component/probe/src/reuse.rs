//! Kept responses. A host that keeps none is right; one that keeps some has to say so. Each answer of the server has a number
//! of its own, so that a kept one is known again.

use psa_contract::Request;

use crate::ask::{Arrival, ask};
use crate::settings::Settings;
use crate::stand::{Stand, shown};

/// What an answer shows of where it comes from.
#[derive(Clone, Copy)]
struct Token {
    number: u64,
    age: Option<u32>,
}

/// A request for a token, which shows no tenant: what is kept must not be shared all the same.
pub(crate) fn request(settings: &Settings, reuse_seconds: Option<u32>) -> Request {
    let script = [("token", "1")];
    Request {
        method: "POST".to_owned(),
        headers: Vec::new(),
        body: Some("grant_type=client_credentials".into()),
        is_secret: true,
        reuse_seconds,
        ..ask(settings, Arrival::Any, "reuse", "token", &script)
    }
}

/// Sends it. None: there is no number to go by, which is noted.
fn token(stand: &mut Stand, duty: &'static str, trial: &str, request: Request) -> Option<Token> {
    let result = stand.one(request);
    let number = match &result {
        Ok(response) => response.header("x-number").and_then(|it| it.parse().ok()),
        Err(_) => None,
    };
    if number.is_none() {
        stand.note(
            duty,
            trial,
            Some(format!(
                "expected a response of the server; came {}",
                shown(&result)
            )),
        );
    }
    Some(Token {
        number: number?,
        age: result.ok()?.age_seconds,
    })
}

pub(crate) fn tokens(stand: &mut Stand) {
    const DUTY: &str = "age-told";
    let get = |stand: &mut Stand, trial, reuse| {
        let request = request(stand.settings, reuse);
        token(stand, DUTY, trial, request)
    };
    let Some(first) = get(stand, "first", Some(600)) else {
        return;
    };
    let Some(second) = get(stand, "second", Some(600)) else {
        return;
    };
    let fault = match (second.number == first.number, second.age) {
        (true, None) => Some("a kept response came without `age-seconds`".to_owned()),
        (false, Some(age)) => Some(format!(
            "a response that the server just sent has `age-seconds` {age}"
        )),
        _ => None,
    };
    stand.note(DUTY, "second", fault);

    let Some(without) = get(stand, "without-reuse", None) else {
        return;
    };
    let is_old = [first.number, second.number].contains(&without.number);
    let fault = is_old
        .then(|| "a request without `reuse-seconds` was answered with a kept response".to_owned());
    stand.note("renewal-is-sent", "without-reuse", fault);

    let Some(renewed) = get(stand, "renewed", Some(0)) else {
        return;
    };
    let is_old = [first.number, second.number, without.number].contains(&renewed.number);
    let fault = is_old
        .then(|| "a request with `reuse-seconds` 0 was answered with a kept response".to_owned());
    stand.note("renewal-is-sent", "renewed", fault);

    let Some(last) = get(stand, "after-renewal", Some(600)) else {
        return;
    };
    let fault = (last.number < renewed.number)
        .then(|| "after a renewal, a response from before it was given".to_owned());
    stand.note("renewal-replaces", "after-renewal", fault);
    failed_renewal(stand);
}

fn failed_renewal(stand: &mut Stand) {
    const DUTY: &str = "renewal-replaces";
    const TRIAL: &str = "after-a-failed-renewal";
    let get = |stand: &mut Stand, reuse| {
        // From the second request on, the server refuses.
        let script = [("refuse-from", "2")];
        let request = Request {
            reuse_seconds: Some(reuse),
            ..ask(stand.settings, Arrival::Any, "reuse", TRIAL, &script)
        };
        token(stand, DUTY, TRIAL, request)
    };
    let Some(first) = get(stand, 600) else { return };
    if get(stand, 0).is_none() {
        return;
    }
    let Some(last) = get(stand, 600) else { return };
    let fault = (last.number == first.number)
        .then(|| "after a renewal that the server refused, the old response was given".to_owned());
    stand.note(DUTY, TRIAL, fault);
}

pub(crate) fn what_is_kept(stand: &mut Stand) {
    const ONLY_SUCCESS: &str = "only-success-is-kept";
    const SAME: &str = "only-the-same-request";
    let numbered = |stand: &Stand, trial: &str, script: &[(&str, &str)]| Request {
        reuse_seconds: Some(600),
        ..ask(stand.settings, Arrival::Any, "reuse", trial, script)
    };
    for status in ["302", "404", "500"] {
        let request = numbered(stand, status, &[("status", status)]);
        let Some(first) = token(stand, ONLY_SUCCESS, status, request.clone()) else {
            continue;
        };
        let Some(second) = token(stand, ONLY_SUCCESS, status, request) else {
            continue;
        };
        let fault =
            (first.number == second.number).then(|| format!("a response {status} was kept"));
        stand.note(ONLY_SUCCESS, status, fault);
    }

    let first = numbered(stand, "same", &[]);
    let mut with_header = first.clone();
    with_header
        .headers
        .push(("x-probe".to_owned(), "2".to_owned()));
    let others = [
        ("header", with_header),
        (
            "method",
            Request {
                method: "POST".to_owned(),
                ..first.clone()
            },
        ),
        (
            "body",
            Request {
                method: "POST".to_owned(),
                body: Some("2".into()),
                ..first.clone()
            },
        ),
        ("query", numbered(stand, "same", &[("x", "2")])),
    ];
    let Some(first) = token(stand, SAME, "first", first) else {
        return;
    };
    let mut seen = vec![first.number];
    for (trial, request) in others {
        let Some(other) = token(stand, SAME, trial, request) else {
            continue;
        };
        let fault = seen
            .contains(&other.number)
            .then(|| format!("a kept response was given to a request with another {trial}"));
        seen.push(other.number);
        stand.note(SAME, trial, fault);
    }
}

pub(crate) fn ages(stand: &mut Stand) {
    const DUTY: &str = "not-older-than-asked";
    let get = |stand: &mut Stand, reuse| {
        let request = Request {
            reuse_seconds: Some(reuse),
            ..ask(stand.settings, Arrival::Any, "reuse", "old", &[])
        };
        token(stand, DUTY, "old", request)
    };
    let Some(first) = get(stand, 600) else { return };
    let wait = ask(
        stand.settings,
        Arrival::Any,
        "reuse",
        "wait",
        &[("sleep", "2100")],
    );
    // Only its time counts.
    let _ = stand.one(wait);
    let Some(second) = get(stand, 1) else { return };
    let fault = (first.number == second.number).then(|| {
        "a response of more than 2 seconds was given to a request that takes 1 second".to_owned()
    });
    stand.note(DUTY, "old", fault);
}

/// Where a token comes from, for a tenant whose own it cannot be: `kept` if the host says that it kept it.
pub(crate) fn origin_of_token(result: &psa_toolkit::exchange::HttpResult) -> &'static str {
    match result {
        Ok(response) if response.age_seconds.is_some() => "kept",
        Ok(_) => "fresh",
        Err(_) => "none",
    }
}
