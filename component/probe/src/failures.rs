//! No answer, or half of one; no connection; a server that cannot be trusted. All are writes, which a host must not repeat.

use psa_contract::FailureKind;

use crate::ask::{Arrival, as_write, ask, ask_of, write};
use crate::stand::{Stand, Verdict, shown, unless_failure};

pub(crate) fn cuts(stand: &mut Stand) {
    const DUTY: &str = "cut-is-interrupted";
    for (trial, script) in [
        ("without-an-answer", [("cut", "before")]),
        ("in-the-status-line", [("cut", "status")]),
        ("in-the-headers", [("cut", "headers")]),
        ("in-the-body", [("cut", "body")]),
        ("in-a-chunk", [("cut", "chunk")]),
        ("not-http", [("cut", "garbage")]),
        ("damaged-gzip", [("cut", "gzip")]),
    ] {
        let result = stand.one(write(stand.settings, DUTY, trial, &script));
        let fault = unless_failure(&result, &[FailureKind::Interrupted], true);
        stand.note(DUTY, trial, fault);
    }
}

/// Requests that are marked as writes, whatever their method; the server counts them.
pub(crate) fn writes(stand: &mut Stand) {
    const DUTY: &str = "write-sent-once";
    for method in ["POST", "PATCH", "PUT", "DELETE", "GET"] {
        // So that a connection stands, which a client may take for stale when it is cut.
        let warm = ask(stand.settings, Arrival::Any, DUTY, "warm", &[]);
        let _ = stand.one(warm);
        for (how, script) in [("cut", [("cut", "before")]), ("503", [("status", "503")])] {
            let trial = format!("{method}-{how}");
            let mut request = write(stand.settings, DUTY, &trial, &script);
            method.clone_into(&mut request.method);
            if matches!(method, "GET" | "DELETE") {
                request.body = None;
            }
            let result = stand.one(request);
            let is_right = match &result {
                Ok(response) => how == "503" && response.status == 503,
                Err(_) => how == "cut",
            };
            let fault = (!is_right)
                .then(|| format!("a write that met {how} came back as {}", shown(&result)));
            stand.note(DUTY, &trial, fault);
        }
    }
}

pub(crate) fn unreachable(stand: &mut Stand) {
    const DUTY: &str = "unreachable-cannot-have-acted";
    const CANNOT_CONNECT: &[FailureKind] = &[FailureKind::Unreachable];
    // Whether a limit of time passed, or no connection stood, is the same to a connector.
    const NO_ANSWER: &[FailureKind] = &[FailureKind::Unreachable, FailureKind::TimedOut];
    let settings = stand.settings;
    let trials = [
        ("refused", &settings.refused, CANNOT_CONNECT),
        ("unknown-name", &settings.unknown, CANNOT_CONNECT),
        ("no-tls", &settings.plain, CANNOT_CONNECT),
        ("silent", &settings.silent, NO_ANSWER),
    ];
    let requests = trials.map(|(trial, authority, _)| {
        as_write(ask_of(
            authority,
            settings,
            Arrival::Never,
            DUTY,
            trial,
            &[],
        ))
    });
    let mut results = stand.send(requests.to_vec()).into_iter();
    for (trial, _, kinds) in trials {
        let fault = match results.next() {
            Some(result) => unless_failure(&result, kinds, false),
            None => Some("the host returned no result".to_owned()),
        };
        stand.note(DUTY, trial, fault);
    }
}

pub(crate) fn certificates(stand: &mut Stand) {
    const DUTY: &str = "certificate-checked";
    let settings = stand.settings;
    for (trial, authority) in [
        ("unknown-authority", &settings.untrusted),
        ("another-name", &settings.misnamed),
    ] {
        let request = ask_of(authority, settings, Arrival::Never, DUTY, trial, &[]);
        let result = stand.one(as_write(request));
        let fault = unless_failure(&result, &[FailureKind::Unreachable], false);
        stand.note(DUTY, trial, fault);
    }
}

pub(crate) fn time_limits(stand: &mut Stand) {
    const DUTY: &str = "time-out-is-told";
    let held = write(stand.settings, DUTY, "held", &[("hold", "1")]);
    let result = stand.one(held);
    let verdict = match &result {
        Ok(_) => Verdict::NotTested(
            "the host waited until the server answered: give it a shorter time limit, or the server more --patience"
                .to_owned(),
        ),
        Err(_) => unless_failure(&result, &[FailureKind::TimedOut], true)
            .map_or(Verdict::Kept, Verdict::Broken),
    };
    match verdict {
        Verdict::NotTested(why) => stand.not_tested(DUTY, "held", &why),
        Verdict::Kept => stand.note(DUTY, "held", None),
        Verdict::Broken(seen) => stand.note(DUTY, "held", Some(seen)),
    }
}
