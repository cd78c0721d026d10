//! What people and programs see of the commands that follow the opening of a ticket, and what went to the server.

use serde_json::{Value, json};

use super::command::{Case, check};
use super::operator::Operator;
use super::{COMPANY, server};

const CSV_OF_CONTACTS: &str = "id,name,emails,phone,site-id,is-default,is-active,company-id";
const CSV_OF_ASSETS: &str = "id,name,kind,serial-number,site-id,contact-id,is-active";

#[test]
fn what_a_company_has_is_listed() {
    let server = server();
    let operator = Operator::of(&server, "company-lists");
    check(
        &operator,
        &[
            Case {
                command: &["contacts", "--company-id=2"],
                exit_code: 0,
                table: &["DEFAULT", "Ada Example of examplemsp", "2 contacts."],
                json: &[
                    ("/contacts/0/id", json!("31")),
                    ("/next-cursor", Value::Null),
                ],
                csv: &[
                    CSV_OF_CONTACTS,
                    "31,Ada Example of examplemsp,Ada@examplemsp.example,",
                ],
            },
            Case {
                command: &[
                    "contacts",
                    "--company=riversidedental-2",
                    "--email=ben@examplemsp.example",
                ],
                exit_code: 0,
                table: &["32", "1 contact."],
                json: &[
                    ("/contacts/0/id", json!("32")),
                    ("/contacts/1", Value::Null),
                ],
                csv: &[CSV_OF_CONTACTS, "32,"],
            },
            Case {
                command: &["assets", "--company-id=2", "--name=srv-01"],
                exit_code: 0,
                table: &["SERIAL NUMBER", "SN-41-examplemsp", "1 asset."],
                json: &[("/assets/0/id", json!("41"))],
                csv: &[CSV_OF_ASSETS, "41,SRV-01,Managed Server,SN-41-examplemsp,"],
            },
            Case {
                command: &["assets", "--company-id=2", "--serial-number=nowhere"],
                exit_code: 0,
                table: &["No assets."],
                json: &[("/assets", json!([]))],
                csv: &[CSV_OF_ASSETS],
            },
            Case {
                command: &["sites", "--company-id=2"],
                exit_code: 0,
                table: &["Main of examplemsp", "2 sites."],
                json: &[("/sites/1/id", json!("4"))],
                csv: &[
                    "id,name,is-default,is-active",
                    "3,Main of examplemsp,yes,yes",
                ],
            },
            Case {
                command: &["sites", "--company-id=2", "--limit=1", "--all"],
                exit_code: 0,
                table: &["2 sites."],
                json: &[("/sites/1/id", json!("4")), ("/next-cursor", Value::Null)],
                csv: &["3,", "4,"],
            },
            Case {
                command: &["sites", "--company-id=2", "--limit=1"],
                exit_code: 0,
                table: &["1 site. There are more: add --all, or --cursor "],
                json: &[("/sites/1", Value::Null)],
                csv: &["3,"],
            },
        ],
    );
}

#[test]
fn tickets_are_found_noted_and_changed() {
    let server = server();
    let operator = Operator::of(&server, "afterwards");
    for reference in ["alert-1", "alert-2"] {
        let reference = format!("--reference={reference}");
        let opened = operator.run(&["create-ticket", "--company-id=2", "--summary=x", &reference]);
        assert_eq!(opened.exit_code, 0, "{}", opened.errors);
    }
    let note = [
        "note",
        "--ticket=7001",
        "--text=-- seen again",
        "--reference=alert-1:2",
    ];
    let first = operator.run(&note);
    assert_eq!(first.exit_code, 0, "{}", first.errors);
    assert!(
        first.output.ends_with(" was added to ticket 7001.\n"),
        "{}",
        first.output
    );
    check(
        &operator,
        &[
            Case {
                command: &note,
                exit_code: 0,
                table: &["was found on ticket 7001 by its reference; nothing was added."],
                json: &[("/creation", json!("found"))],
                csv: &["id,creation,not-applied"],
            },
            Case {
                command: &["find", "--reference=alert-1", "--reference=alert-2"],
                exit_code: 0,
                table: &["Riverside Dental of examplemsp", "alert-2", "2 tickets."],
                json: &[("/tickets/1/reference", json!("alert-2"))],
                csv: &["id,number,creation,summary,", "7001,7001,,x,2,"],
            },
            Case {
                command: &["find", "--id=7002", "--id=4711"],
                exit_code: 0,
                table: &["7002", "1 ticket."],
                json: &[("/tickets/0/id", json!("7002"))],
                csv: &["7002,7002,,x,2,"],
            },
            Case {
                command: &["find", "--open-of-company=250"],
                exit_code: 0,
                table: &["No tickets."],
                json: &[("/tickets", json!([]))],
                csv: &["id,number,"],
            },
        ],
    );
    for (command, part) in [
        (
            &["attach", "--ticket=7001", "--asset=41"][..],
            "Asset 41 was attached to ticket 7001.",
        ),
        (
            &["attach", "--ticket=7001", "--asset=41"],
            "Asset 41 was already attached to ticket 7001; nothing",
        ),
        (
            &[
                "status",
                "--ticket=7001",
                "--status-id=99",
                "--status-id=503",
            ],
            "The status was changed:\n",
        ),
        (
            &["status", "--ticket=7001", "--status-id=503"],
            "The ticket already has this status; nothing was changed:\n",
        ),
        (&["find", "--open-of-company=2"], "1 ticket."),
    ] {
        let run = operator.run(command);
        assert_eq!(run.exit_code, 0, "{command:?}: {}", run.errors);
        assert!(run.output.contains(part), "{command:?}: {}", run.output);
    }
    let csv = operator.run(&["status", "--ticket=7001", "--status-id=502", "--output=csv"]);
    assert_eq!(
        csv.output,
        "id,number,status-id,status,is-closed,is-changed\n7001,7001,502,In Progress,no,yes\n"
    );
    server.tenant(COMPANY, |tenant| {
        let notes = &tenant.ticket(7001).expect("the ticket").notes;
        assert_eq!(notes.len(), 1);
        assert!(notes[0].is_internal && !notes[0].is_mailed);
    });
}

#[test]
fn what_is_to_be_found_listed_or_changed_must_be_named() {
    let server = server();
    let operator = Operator::of(&server, "unnamed");
    for (command, part) in [
        (&["find"][..], "--open-of-company"),
        (&["find", "--id=1", "--reference=a"], "cannot be used with"),
        (&["contacts"], "--company"),
        (
            &["sites", "--company=a", "--company-id=2"],
            "cannot be used with",
        ),
        (&["note", "--ticket=7001"], "--text"),
        (
            &["note", "--ticket=7001", "--text=x", "--audience=all"],
            "staff",
        ),
        (&["status", "--ticket=7001"], "--status-id"),
        (&["attach", "--ticket=7001"], "--asset"),
        (&["close"], "--ticket"),
    ] {
        let run = operator.run(command);
        assert_eq!(run.exit_code, 2, "{command:?}: {}", run.errors);
        assert!(run.errors.contains(part), "{command:?}: {}", run.errors);
    }
    assert_eq!(server.counts().requests, 0);
}
