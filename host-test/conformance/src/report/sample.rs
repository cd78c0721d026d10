//! Reports made up for the tests of how reports are shown.

use std::time::Duration;

use super::{Area, Check, Problem, Repeat, Report, Rule, Unreached};

pub(super) fn repeat() -> Repeat {
    Repeat {
        program: "psa-host".to_owned(),
        component: "desk.wasm".to_owned(),
        cases: "cases".to_owned(),
    }
}

/// Everything as it should be, in every area.
pub(super) fn conformant() -> Report {
    report(vec![
        structure("structure/imports"),
        passed("description/verify/ok/checks", None),
        passed("recorded/verify/ok", None),
        passed("input/verify/ok/setting-site-missing", None),
        passed("faults/verify/ok/1/status-502-html", Some("status-502")),
        passed("rows/verify/ok", None),
        passed("writes/verify/ok", None),
        passed("renewal/verify/ok/1/fresh", None),
        passed("isolation/verify/ok/repeated", None),
        passed("resources/verify/ok/1/growth", None),
    ])
}

/// One rule broken often, another one once.
pub(super) fn failing() -> Report {
    let mut checks = vec![
        structure("structure/imports"),
        passed("recorded/verify/ok", None),
        passed("recorded/list-companies/ok", None),
        passed("faults/verify/ok/0/status-502-html", Some("status-502")),
        failed(
            passed("faults/verify/ok/0/status-502-text", Some("status-502")),
            Rule::OutcomeFitsFault,
            "the error unavailable or unexpected-response",
            "ok {\n  \"is-complete\": true\n}",
        ),
    ];
    let names = (0..4).map(|at| format!("faults/list-companies/ok/{at}/member-null/name"));
    let names = names.chain(["faults/verify/ok/0/member-null/version".to_owned()]);
    checks.extend(names.map(|name| {
        failed(
            passed(&name, Some("member-null")),
            Rule::NoTrap,
            "an error of the contract, or a result without the member",
            "trap: wasm `unreachable` instruction executed",
        )
    }));
    Report {
        unreached_faults: Some(vec![Unreached {
            function: "verify",
            role: "probe",
            faults: vec!["body-large", "required-null"],
        }]),
        ..report(checks)
    }
}

/// One failure with this text as what was found and as the connector's name.
pub(super) fn hostile(text: &str) -> Report {
    let check = passed("faults/verify/ok/0/status-502-html", Some("status-502"));
    let mut report = report(vec![failed(check, Rule::NoTrap, text, text)]);
    report.connector = text.to_owned();
    report
}

/// Of `area/case/…`.
pub(super) fn passed(name: &str, fault: Option<&'static str>) -> Check {
    let mut parts = name.splitn(4, '/');
    let area = parts.next().unwrap_or_default();
    let case: Vec<_> = parts.take(2).collect();
    Check {
        name: name.to_owned(),
        area: Area::ALL
            .iter()
            .copied()
            .find(|it| it.name() == area)
            .expect("an area"),
        case: Some(case.join("/")),
        fault,
        cell: None,
        runs: 2,
        problems: Vec::new(),
    }
}

pub(super) fn failed(mut check: Check, rule: Rule, expected: &str, found: &str) -> Check {
    check.problems.push(Problem {
        rule,
        expected: expected.to_owned(),
        found: found.to_owned(),
    });
    check
}

pub(super) fn report(checks: Vec<Check>) -> Report {
    Report {
        connector: "Deskly 1.4.0".to_owned(),
        component_bytes: 171_402,
        cases: 2,
        is_filtered: false,
        unreached: Vec::new(),
        unreached_faults: Some(Vec::new()),
        checks,
        elapsed: Duration::from_millis(41_230),
    }
}

fn structure(name: &str) -> Check {
    Check {
        case: None,
        runs: 0,
        ..passed(name, None)
    }
}
