//! Closing and reopening at the command line, and a reference that is on a closed ticket.

use psa_tests::mock::connectwise::{Entry, EntryKind, Server};
use serde_json::{Value, json};

use super::operator::Operator;
use super::{COMPANY, server};

const ALERT: [&str; 4] = [
    "create-ticket",
    "--company-id=2",
    "--summary=x",
    "--reference=alert-1",
];

#[test]
fn a_board_with_one_closed_status_needs_no_name() {
    let server = server();
    let operator = Operator::of(&server, "closing");
    assert_eq!(operator.run(&ALERT).exit_code, 0);
    for (command, heading, status, is_closed) in [
        (&["reopen", "--ticket=7001"][..], "already", 501, false),
        (
            &["close", "--ticket=7001"],
            "The status was changed:",
            503,
            true,
        ),
        (&["close", "--ticket=7001"], "already", 503, true),
        (
            &["reopen", "--ticket=7001"],
            "The status was changed:",
            501,
            false,
        ),
        (
            &["reopen", "--ticket=7001", "--status=in progress"],
            "The status was changed:",
            502,
            false,
        ),
        (
            &["close", "--ticket=7001", "--status=Closed"],
            "The status was changed:",
            503,
            true,
        ),
    ] {
        let run = operator.run(command);
        assert_eq!(run.exit_code, 0, "{command:?}: {}", run.errors);
        assert!(run.output.contains(heading), "{command:?}: {}", run.output);
        let ticket = server.tenant(COMPANY, |tenant| tenant.ticket(7001).cloned());
        let ticket = ticket.expect("the ticket");
        assert_eq!(
            (ticket.status.id, ticket.is_closed),
            (status, is_closed),
            "{command:?}"
        );
    }
}

#[test]
fn a_choice_among_statuses_is_left_to_the_person() {
    let server = server();
    add_status(&server, "Completed", 504, true);
    let operator = Operator::of(&server, "choosing");
    assert_eq!(operator.run(&ALERT).exit_code, 0);
    for (command, exit_code, parts) in [
        (
            &["close", "--ticket=7001"][..],
            33,
            &["503", "Closed", "504", "Completed", "--status"][..],
        ),
        (
            &["close", "--ticket=7001", "--status=Complete"],
            33,
            &["504"],
        ),
        (
            &["close", "--ticket=7001", "--status=New"],
            2,
            &["`New` is not a closed status"],
        ),
        (
            &["reopen", "--ticket=7001", "--status=Closed"],
            2,
            &["`Closed` is a closed status"],
        ),
        (&["close", "--ticket=4711"], 14, &["4711"]),
    ] {
        let run = operator.run(command);
        assert_eq!(run.exit_code, exit_code, "{command:?}: {}", run.errors);
        for part in parts {
            assert!(
                run.errors.contains(part),
                "{command:?}: {part}: {}",
                run.errors
            );
        }
    }
    assert_eq!(
        operator
            .run(&["create-ticket", "--company-id=2", "--summary=y"])
            .exit_code,
        0
    );
    server.tenant(COMPANY, |tenant| tenant.merge_ticket(7002, 7001));
    for command in ["close", "reopen"] {
        let run = operator.run(&[command, "--ticket=7002"]);
        assert_eq!(run.exit_code, 20, "{}", run.errors);
        assert!(
            run.errors.contains("merged into ticket 7001"),
            "{}",
            run.errors
        );
    }
    server.tenant(COMPANY, |tenant| {
        let ticket = tenant.ticket(7001).expect("the ticket");
        assert_eq!(ticket.status.id, 501);
    });
    let run = operator.run(&["close", "--ticket=7001", "--json"]);
    let printed: Value = serde_json::from_str(&run.output).expect("JSON");
    let expected = json!([{"id": "503", "name": "Closed"}, {"id": "504", "name": "Completed"}]);
    assert_eq!(printed["error"]["candidates"], expected);
}

#[test]
fn a_reference_on_a_closed_ticket_is_said_first_and_kept_or_reopened() {
    let server = server();
    let operator = Operator::of(&server, "found-closed");
    let opened = operator.run(&[&ALERT[..], &["--board-id=5", "--status-id=503"]].concat());
    assert_eq!(opened.exit_code, 0, "{}", opened.errors);
    let kept = operator.run(&ALERT);
    assert_eq!(kept.exit_code, 34, "{}", kept.errors);
    assert!(
        kept.output
            .starts_with("The reference is on a closed ticket; nothing was opened:"),
        "{}",
        kept.output
    );
    for part in ["another --reference", "--if-closed reopen"] {
        assert!(kept.output.contains(part), "{part}: {}", kept.output);
    }
    let kept = operator.run(&[&ALERT[..], &["--json"]].concat());
    assert_eq!(kept.exit_code, 34);
    let printed: Value = serde_json::from_str(&kept.output).expect("JSON");
    assert_eq!(printed["creation"], "found");
    assert_eq!(printed["ticket"]["is-closed"], true);

    let reopened = operator.run(&[&ALERT[..], &["--if-closed=reopen"]].concat());
    assert_eq!(reopened.exit_code, 0, "{}", reopened.errors);
    assert!(
        reopened.errors.contains("7001, which is closed"),
        "{}",
        reopened.errors
    );
    assert!(
        reopened
            .output
            .starts_with("Found by its reference, and reopened:"),
        "{}",
        reopened.output
    );
    let found = operator.run(&ALERT);
    assert_eq!(found.exit_code, 0, "{}", found.errors);
    assert!(
        found
            .output
            .starts_with("Found by its reference; nothing was opened:"),
        "{}",
        found.output
    );
    assert_eq!(server.counts().posts, 1);
}

fn add_status(server: &Server, name: &str, id: i64, is_closed: bool) {
    server.tenant(COMPANY, |tenant| {
        tenant.boards[0].statuses.push(Entry {
            id,
            name: name.to_owned(),
            kind: EntryKind::Status(is_closed),
            is_inactive: false,
            is_default: false,
        });
    });
}
