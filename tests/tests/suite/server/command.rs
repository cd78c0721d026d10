//! `psa-host` against the stand-in, as a child process with a settings file: what each operation prints in each form, and
//! what went to the server. How a command ends that cannot do what it is asked is in `refused.rs`.

use serde_json::{Value, json};

use super::operator::Operator;
use super::{COMPANY, server};

/// A command, the code that it ends with, and what is due in each form.
pub(super) struct Case<'a> {
    pub(super) command: &'a [&'a str],
    pub(super) exit_code: i32,
    /// Parts of the table.
    pub(super) table: &'a [&'a str],
    /// Where in the JSON, and what is there.
    pub(super) json: &'a [(&'a str, Value)],
    /// How lines of the CSV begin, that of the header among them.
    pub(super) csv: &'a [&'a str],
}

/// A draft that is in order. The first word is for the command.
pub(super) const DRAFT: [&str; 17] = [
    "",
    "--company-id",
    "250",
    "--board-id",
    "5",
    "--status-id",
    "502",
    "--type-id",
    "511",
    "--subtype-id",
    "521",
    "--item-id",
    "531",
    "--priority-id",
    "6",
    "--summary",
    "Blocked domain",
];

const CSV_OF_COMPANIES: &str = "id,identifier,name,status,is-active,types";
const CSV_OF_BOARDS: &str = "kind,id,name,board-id,is-default,allowed-under,is-closed";
const CSV_OF_OBJECTIONS: &str = "field,vendor-field,message";
const CSV_OF_TICKETS: &str = "id,number,creation,summary,company-id,company,board-id,board,";

/// The draft under a command, with more arguments.
pub(super) fn with_draft<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = [&DRAFT[..], more].concat();
    words[0] = command;
    words
}

/// Each command in all three forms: as a table, as JSON, as CSV.
pub(super) fn check(operator: &Operator, cases: &[Case<'_>]) {
    for case in cases {
        let name = case.command.join(" ");
        let [table, json, csv] = [&[][..], &["--json"], &["--output=csv"]].map(|form| {
            let run = operator.run(&[case.command, form].concat());
            assert_eq!(
                run.exit_code, case.exit_code,
                "{name} {form:?}: {}",
                run.errors
            );
            assert_eq!(run.errors, "", "{name} {form:?}");
            run.output
        });
        for part in case.table {
            assert!(table.contains(part), "{name}: {part}: {table}");
        }
        let json: Value = serde_json::from_str(&json).expect("JSON");
        for (place, value) in case.json {
            let found = json.pointer(place).unwrap_or(&Value::Null);
            assert_eq!(found, value, "{name}: {place}");
        }
        for start in case.csv {
            let is_there = csv.lines().any(|line| line.starts_with(start));
            assert!(is_there, "{name}: {start}: {csv}");
        }
    }
}

#[test]
fn reading_prints_what_the_server_has() {
    let server = server();
    let operator = Operator::of(&server, "reading");
    let origin = format!("https://{}", operator.settings[0].value);
    check(
        &operator,
        &[
            Case {
                command: &["describe"],
                exit_code: 0,
                table: &["ConnectWise PSA", "private-key", "Service Tickets"],
                json: &[("/settings/0/name", json!("site"))],
                csv: &["name,label,kind,", "private-key,Private Key,secret,yes,"],
            },
            Case {
                command: &["origins"],
                exit_code: 0,
                table: &[&origin],
                json: &[("/origins", json!([origin]))],
                csv: &["origin", &origin],
            },
            Case {
                command: &["verify"],
                exit_code: 0,
                table: &["ApiMemberOf-examplemsp", "2 visible", "✓ Granted"],
                json: &[
                    ("/is-complete", json!(true)),
                    ("/account", json!("ApiMemberOf-examplemsp")),
                    ("/visible-companies", json!(2)),
                    ("/visible-boards", json!(2)),
                    ("/checks/6/permission-id", json!("service-tickets-add")),
                    ("/checks/6/state", json!("granted")),
                ],
                csv: &["permission-id,state,", "service-tickets-add,granted,"],
            },
            Case {
                command: &["companies"],
                exit_code: 0,
                table: &["Riverside Dental of examplemsp", "2 companies."],
                json: &[
                    ("/companies/0/id", json!("2")),
                    ("/companies/1/identifier", json!("HarborFreightLines-250")),
                    ("/companies/2", Value::Null),
                    ("/next-cursor", Value::Null),
                ],
                csv: &[
                    CSV_OF_COMPANIES,
                    "2,RiversideDental-2,Riverside Dental of examplemsp,Active,yes,Client",
                    "250,HarborFreightLines-250,Harbor Freight Lines of examplemsp,Active,yes,",
                ],
            },
            Case {
                command: &["companies", "--include-inactive", "--search", "bakery"],
                exit_code: 0,
                table: &["Gone Bakery of examplemsp", "1 company."],
                json: &[
                    ("/companies/0/is-active", json!(false)),
                    ("/companies/1", Value::Null),
                ],
                csv: &[CSV_OF_COMPANIES, "251,GoneBakery-251,"],
            },
            Case {
                command: &["boards"],
                exit_code: 0,
                table: &[
                    "ID  NAME                           DEFAULT",
                    "5   Security Alerts of examplemsp",
                ],
                json: &[
                    ("/boards/0/name", json!("Help Desk of examplemsp")),
                    ("/boards/2", Value::Null),
                    ("/statuses", json!([])),
                ],
                csv: &[CSV_OF_BOARDS, "board,5,", "board,6,"],
            },
            Case {
                command: &["boards", "--board", "5"],
                exit_code: 0,
                table: &[
                    "Service Board: Security Alerts of examplemsp (id 5)",
                    "In Progress",
                    "under Incident / Web threat",
                ],
                json: &[
                    ("/statuses/2/is-closed", json!(true)),
                    ("/subtypes/0/type-ids", json!(["511"])),
                    ("/items/0/choice/name", json!("Blocked domain")),
                ],
                csv: &[
                    CSV_OF_BOARDS,
                    "item,531,Blocked domain,5,no,511/521",
                    "priority,8,Priority 3 - Normal,,yes,",
                ],
            },
        ],
    );
    assert_eq!(server.counts().posts, 0);
}

#[test]
fn a_ticket_is_checked_opened_and_read() {
    let server = server();
    let operator = Operator::of(&server, "a-ticket");
    let draft = with_draft("check-ticket", &[]);
    let only_check = with_draft("create-ticket", &["--check"]);
    let create = with_draft("create-ticket", &["--reference", "alert-4711"]);
    let test = [
        "create-ticket",
        "--test",
        "--company-id=2",
        "--reference=test-1",
    ];
    let no_objection = |command| Case {
        command,
        exit_code: 0,
        table: &["No problems found."],
        json: &[],
        csv: &[CSV_OF_OBJECTIONS],
    };
    check(
        &operator,
        &[no_objection(&draft), no_objection(&only_check)],
    );
    let mut of_another_board = draft.clone();
    of_another_board[6] = "601";
    check(
        &operator,
        &[Case {
            command: &of_another_board,
            exit_code: 31,
            table: &["The ticket would not be accepted:", "status-id"],
            json: &[
                ("/objections/0/field", json!("status-id")),
                ("/objections/1", Value::Null),
            ],
            csv: &[CSV_OF_OBJECTIONS, "status-id,,"],
        }],
    );
    assert_eq!(server.counts().posts, 0, "a check writes nothing");
    check(
        &operator,
        &[
            // The first call opens it, the two after it find it.
            Case {
                command: &create,
                exit_code: 0,
                table: &[
                    "Opened:",
                    "7001",
                    "Harbor Freight Lines of examplemsp (250)",
                ],
                json: &[
                    ("/creation", json!("found")),
                    ("/ticket/id", json!("7001")),
                    ("/ticket/status/name", json!("In Progress")),
                ],
                csv: &[CSV_OF_TICKETS, "7001,7001,found,Blocked domain,250,"],
            },
            Case {
                command: &test,
                exit_code: 0,
                table: &["Opened:", "7002", "[TEST] Ticket of a connection test"],
                json: &[("/ticket/reference", json!("test-1"))],
                csv: &[CSV_OF_TICKETS, "7002,7002,found,[TEST] Ticket"],
            },
            Case {
                command: &["ticket", "7001"],
                exit_code: 0,
                table: &["Blocked domain", "alert-4711", "Incident (511)"],
                json: &[
                    ("/ticket/reference", json!("alert-4711")),
                    ("/ticket/is-closed", json!(false)),
                ],
                csv: &[CSV_OF_TICKETS, "7001,7001,,Blocked domain,250,"],
            },
            Case {
                command: &["ticket", "9999"],
                exit_code: 32,
                table: &["The ticket does not exist"],
                json: &[("/ticket", Value::Null)],
                csv: &[CSV_OF_TICKETS],
            },
        ],
    );
    let summaries = server.tenant(COMPANY, |tenant| {
        let summaries = tenant.tickets().map(|ticket| ticket.summary.clone());
        summaries.collect::<Vec<_>>()
    });
    assert_eq!(
        summaries,
        ["Blocked domain", "[TEST] Ticket of a connection test"]
    );
    assert_eq!(server.counts().posts, 2);
}
