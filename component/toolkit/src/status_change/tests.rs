use super::*;
use crate::exchange::{Call, exchange_one};
use crate::stand_in::{plain, response, with_answers};
use psa_contract::Named;

const TABLE: [InputRow; 2] = [
    InputRow::of(Operation::SetStatus, "ticket-id").required(),
    InputRow::of(Operation::SetStatus, "status-ids").required(),
];

fn change(ticket_id: &str, status_ids: &[&str]) -> StatusChange {
    StatusChange {
        ticket_id: ticket_id.to_owned(),
        status_ids: status_ids.iter().map(|id| (*id).to_owned()).collect(),
        resolution: None,
        vendor_fields: None,
    }
}

fn ticket(status: &str) -> Ticket {
    Ticket {
        status: Some(Named {
            id: status.to_owned(),
            name: None,
        }),
        ..Ticket::default()
    }
}

#[test]
fn a_change_names_a_ticket_and_statuses() {
    let most = [vec!["5"; 49], vec!["6"]].concat();
    let many = vec!["5"; 51];
    // What is above the most is not read.
    let many_and_more = [vec!["5"; 50], vec!["Closed"]].concat();
    for (change, expected) in [
        (change("7", &["5", "6", "5"]), vec![]),
        (change("", &[]), vec!["ticket-id", "status-ids"]),
        (change("x", &["5"]), vec!["ticket-id"]),
        (change("7", &["5", "Closed"]), vec!["status-ids"]),
        (change("7", &["5", ""]), vec!["status-ids"]),
        (change(" 7 ", &most), vec![]),
        (change("7", &many), vec!["status-ids"]),
        (change("7", &many_and_more), vec!["status-ids"]),
        (
            StatusChange {
                resolution: Some(" ".to_owned()),
                vendor_fields: Some("{}".to_owned()),
                ..change("7", &["5"])
            },
            vec!["vendor-fields"],
        ),
        (
            StatusChange {
                resolution: Some("done".to_owned()),
                ..change("7", &["5"])
            },
            vec!["resolution"],
        ),
    ] {
        let mut faults = Vec::new();
        let wanted = parse(&TABLE, &change, &mut faults);
        let fields: Vec<&str> = faults.iter().filter_map(|it| it.field.as_deref()).collect();
        assert_eq!(fields, expected);
        if expected.is_empty() {
            let expected = WantedStatus {
                ticket_id: 7,
                status_ids: vec![5, 6],
            };
            assert_eq!(wanted, expected);
        }
    }
}

#[test]
fn the_first_that_the_board_has_is_set() {
    assert_eq!(choose("set it", &[9, 6, 5], &[5, 6], "Desk").ok(), Some(6));
    let error = choose("set it", &[9], &[5, 6], "Desk").expect_err("none");
    assert_eq!(error.code, ErrorCode::InvalidInput);
    assert!(error.message.contains("Desk"), "{error:?}");
    assert_eq!(error.field_errors[0].field.as_deref(), Some("status-ids"));
}

#[test]
fn a_merged_ticket_is_a_conflict_that_names_the_other() {
    assert!(refuse_merged("set it", &ticket("5")).is_ok());
    let merged = Ticket {
        merged_into_id: Some("8".to_owned()),
        ..ticket("5")
    };
    let error = refuse_merged("set it", &merged).expect_err("merged");
    assert_eq!(error.code, ErrorCode::Conflict);
    assert_eq!(error.ticket_ids, ["8"]);
}

#[test]
fn the_old_status_is_a_refusal_and_any_other_is_a_change() {
    let error = compare("set it", &ticket("5"), ticket("5")).expect_err("not changed");
    assert_eq!(error.code, ErrorCode::Rejected);
    assert!(error.message.contains("still has status 5"), "{error:?}");
    for after in ["6", "7"] {
        let changed = compare("set it", &ticket("5"), ticket(after)).expect("changed");
        assert!(changed.is_changed);
        assert_eq!(status_id(&changed.ticket), Some(after));
    }
}

#[test]
fn a_change_without_other_fields_is_read_or_refused() {
    assert_eq!(
        read(&TABLE, &change("7", &["5"]))
            .expect("a change")
            .ticket_id,
        7
    );
    let error = read(&TABLE, &change("7", &[])).expect_err("no status");
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let message = "cannot set the status: `status-ids` is required for every change of status";
    assert_eq!(error.message, message);
}

#[test]
fn a_status_is_set_once_and_not_if_the_ticket_has_it() {
    let status_of = |answer: &Answer| -> Result<Ticket, Error> {
        let id: Option<i64> = answer.read()?;
        Ok(Ticket {
            id: "7".to_owned(),
            status: id.map(|id| Named {
                id: id.to_string(),
                name: None,
            }),
            ..Ticket::default()
        })
    };
    let ok = |body: &str| Ok(response(200, body));
    for (wanted, answers, expected, trace) in [
        (5, vec![], Ok(false), ""),
        (6, vec![ok("6")], Ok(true), "W"),
        (6, vec![ok("null"), ok("6")], Ok(true), "WR"),
        (6, vec![ok("5")], Err(ErrorCode::Rejected), "W"),
        (
            6,
            vec![Ok(response(500, "")), ok("5")],
            Err(ErrorCode::OutcomeUnknown),
            "WR",
        ),
        (
            6,
            vec![ok("null"), ok("null")],
            Err(ErrorCode::OutcomeUnknown),
            "WR",
        ),
    ] {
        let tenant = plain();
        let before = Ticket {
            id: "7".to_owned(),
            ..ticket("5")
        };
        let steps = Steps {
            tenant: &tenant,
            write: &|| Call::post("set it", "https://a/").write(),
            shown: &|answer| shown(7, status_of(answer)?, answer),
            read: &|| Call::get("read it", "https://a/"),
            state: &|answer| changeable("set it", status_of(answer)?, answer),
            is_made: &|ticket| status_id(ticket) != status_id(&before),
            wrote_nothing: |_| false,
        };
        let (result, sent) = with_answers(answers, |send| {
            set_once("set it", &before, wanted, steps, send)
        });
        if let Err(error) = &result {
            let names_it = error.ticket_ids == ["7"];
            assert_eq!(names_it, error.code == ErrorCode::OutcomeUnknown);
        }
        let result = result.map(|changed| changed.is_changed);
        assert_eq!(result.map_err(|error| error.code), expected, "{trace}");
        assert_eq!(sent, trace);
    }
}

#[test]
fn another_ticket_is_not_the_one_that_was_changed() {
    let tenant = plain();
    let answers = vec![Ok(response(200, "5"))];
    let (answer, _) = with_answers(answers, |send| {
        exchange_one(&tenant, send, Call::get("read it", "https://a/"))
    });
    let of = |id: &str| Ticket {
        id: id.to_owned(),
        ..ticket("5")
    };
    let found = shown(7, of("7"), &answer).expect("the ticket");
    assert_eq!(found.map(|it| it.id), Some("7".to_owned()));
    let error = shown(7, of("8"), &answer).expect_err("another");
    assert_eq!(error.code, ErrorCode::UnexpectedResponse);
    let merged = Ticket {
        merged_into_id: Some("9".to_owned()),
        ..of("7")
    };
    let error = changeable("set it", merged, &answer).expect_err("merged");
    assert_eq!(error.code, ErrorCode::Conflict);
}
