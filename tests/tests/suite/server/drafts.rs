//! Where a ticket's fields come from beside arguments: a file, standard input, and names in place of ids.

use std::fs::File;
use std::path::PathBuf;
use std::process::Stdio;

use psa_tests::mock::connectwise::{Server, Ticket};
use serde_json::{Value, json};

use crate::program::{Run, ended, scratch};

use super::operator::Operator;
use super::{COMPANY, server};

const BASE: &str = r#"{"company-id": "2", "board-id": "6", "summary": "From a file", "description": "Of the file",
    "details": [{"label": "Host", "value": "pc-1"}], "reference": "alert-1"}"#;

#[test]
fn a_draft_comes_from_a_file_and_arguments_win_over_it() {
    let server = server();
    let operator = Operator::of(&server, "drafts");
    // Some editors begin a file like this.
    let file = scratch("draft.json", &format!("\u{feff}{BASE}\r\n"));
    let draft = format!("--draft={}", file.display());
    let run = operator.run(&["create-ticket", &draft]);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    let ticket = only_ticket(&server);
    assert_eq!((ticket.company.id, ticket.board.id), (2, 6));
    assert_eq!(ticket.summary, "From a file");
    assert_eq!(ticket.reference.as_deref(), Some("alert-1"));

    let fields = scratch("fields.json", r#"{"poNumber": "PO-7"}"#);
    let fields = format!("--vendor-fields=@{}", fields.display());
    let words = [
        "create-ticket",
        "--draft=-",
        "--company-id=250",
        "--summary=Of an argument",
        "--reference=alert-2",
        "--detail=Domain=example.com",
        "--link=Alert=https://console.example.com/alerts?id=7&view=1",
        &fields,
    ];
    let run = typed(&operator, &words, &file);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    let ticket = server.tenant(COMPANY, |tenant| tenant.ticket(7002).cloned());
    let ticket = ticket.expect("the second ticket");
    assert_eq!((ticket.company.id, ticket.board.id), (250, 6));
    assert_eq!(ticket.summary, "Of an argument");
    assert_eq!(ticket.other.get("poNumber"), Some(&json!("PO-7")));
    let description = ticket.description.expect("a description");
    for part in ["Of the file", "Host", "Domain", "console.example.com"] {
        assert!(description.contains(part), "{part}: {description}");
    }
}

#[test]
fn a_text_comes_from_standard_input() {
    let server = server();
    let operator = Operator::of(&server, "typed-text");
    let text = scratch("description.txt", "-- one line\nand another\n");
    let words = [
        "create-ticket",
        "--company-id=2",
        "--summary=x",
        "--description=-",
    ];
    let run = typed(&operator, &words, &text);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    let description = only_ticket(&server).description.expect("a description");
    assert!(description.contains("and another"), "{description}");
}

#[test]
fn what_cannot_be_read_opens_nothing() {
    let server = server();
    let operator = Operator::of(&server, "unreadable-drafts");
    for (text, more, parts) in [
        ("{", &[][..], &["draft", "line 1"][..]),
        (r#"{"sumary": "x"}"#, &[], &["sumary"]),
        (r#"{"summary": 5}"#, &[], &["summary", "string"]),
        (r#"["2"]"#, &[], &["draft", "not a JSON object"]),
        (
            r#"{"company-id": "2", "summary": "x"} {}"#,
            &[],
            &["draft", "trailing"],
        ),
        (r#"{"company-id": "2"}"#, &[], &["--summary"]),
        (r#"{"summary": "x"}"#, &[], &["--company"]),
        (
            BASE,
            &["--description=-"],
            &["--description", "standard input"],
        ),
        (
            BASE,
            &["--vendor-fields=@nowhere.json"],
            &["--vendor-fields", "nowhere.json"],
        ),
        (
            BASE,
            &["--company=Riverside Dental", "--company-id=2"],
            &["--company-id"],
        ),
        (BASE, &["--status=New", "--status-id=5"], &["--status-id"]),
    ] {
        let file = scratch("unreadable.json", text);
        let words = [&["create-ticket", "--draft=-"], more].concat();
        let run = typed(&operator, &words, &file);
        assert_eq!(run.exit_code, 2, "{text}: {}", run.errors);
        for part in parts {
            assert!(run.errors.contains(part), "{text}: {part}: {}", run.errors);
        }
    }
    let nowhere = operator.run(&["create-ticket", "--draft=nowhere.json"]);
    assert_eq!(nowhere.exit_code, 2, "{}", nowhere.errors);
    assert_eq!(server.counts().posts, 0);
}

#[test]
fn names_stand_for_ids() {
    let server = server();
    let operator = Operator::of(&server, "names");
    let run = operator.run(&[
        "create-ticket",
        "--company=harborfreightlines-250",
        "--board=Help Desk of examplemsp",
        "--status=in progress",
        "--type=Incident",
        "--subtype=Web threat",
        "--item=Blocked domain",
        "--priority=Priority 1 - Critical",
        "--source=monitoring",
        "--summary=x",
    ]);
    assert_eq!(run.exit_code, 0, "{}", run.errors);
    let ticket = only_ticket(&server);
    let id = |named: Option<psa_tests::mock::connectwise::Named>| named.map(|named| named.id);
    assert_eq!(
        (ticket.company.id, ticket.board.id, ticket.status.id),
        (250, 6, 602)
    );
    assert_eq!(id(ticket.ticket_type), Some(611));
    assert_eq!(id(ticket.subtype), Some(621));
    assert_eq!(id(ticket.item), Some(631));
    assert_eq!(id(ticket.priority), Some(6));
}

#[test]
fn a_name_that_is_not_clear_opens_nothing_and_lists_what_to_choose_from() {
    let server = server();
    let board = ["--company-id=2", "--board-id=5"];
    let operator = Operator::of(&server, "unclear-names");
    server.tenant(COMPANY, |tenant| {
        let mut twin = tenant.companies[0].clone();
        twin.id = 300;
        twin.identifier = "Twin".to_owned();
        tenant.companies.push(twin);
    });
    for (words, candidates) in [
        (
            vec!["--company=Riverside Dental of examplemsp"],
            vec!["2", "300"],
        ),
        (
            vec!["--company=Harbour Freight Lines of examplemsp"],
            vec!["250"],
        ),
        (vec!["--company=Freight"], vec!["250"]),
        (vec!["--company=Zzyzx"], vec![]),
        (
            vec!["--company-id=2", "--board=Help Desks of examplemsp"],
            vec!["6"],
        ),
        ([&board[..], &["--status=Close"]].concat(), vec!["503"]),
        ([&board[..], &["--type=Incidents"]].concat(), vec!["511"]),
        ([&board[..], &["--priority=Priority 1"]].concat(), vec!["6"]),
    ] {
        let words = [&["create-ticket", "--summary=x"], &words[..]].concat();
        let run = operator.run(&[&words[..], &["--json"]].concat());
        assert_eq!(run.exit_code, 33, "{words:?}: {}", run.output);
        let printed: Value = serde_json::from_str(&run.output).expect("JSON");
        let error = &printed["error"];
        assert_eq!(error["code"], "choice-needed", "{words:?}");
        let ids = error["candidates"].as_array().expect("candidates").iter();
        let ids: Vec<&str> = ids.map(|it| it["id"].as_str().expect("an id")).collect();
        assert_eq!(ids, candidates, "{words:?}");
        let run = operator.run(&words);
        assert_eq!(run.exit_code, 33);
        for id in candidates {
            assert!(run.errors.contains(id), "{words:?}: {}", run.errors);
        }
    }
    let run = operator.run(&[
        "create-ticket",
        "--company-id=2",
        "--summary=x",
        "--status=New",
    ]);
    assert_eq!(run.exit_code, 2, "{}", run.errors);
    assert!(run.errors.contains("--board"), "{}", run.errors);
    assert_eq!(server.counts().posts, 0);
}

fn only_ticket(server: &Server) -> Ticket {
    server.tenant(COMPANY, |tenant| {
        let tickets: Vec<Ticket> = tenant.tickets().cloned().collect();
        assert_eq!(tickets.len(), 1);
        tickets[0].clone()
    })
}

/// With this file as standard input.
fn typed(operator: &Operator, words: &[&str], file: &PathBuf) -> Run {
    let mut command = operator.command(&operator.live, words);
    command.stdin(Stdio::from(File::open(file).expect("the file")));
    ended(command)
}
