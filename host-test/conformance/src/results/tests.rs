use psa_contract::Request;
use psa_host::Usage;
use psa_recording::Case;
use serde_json::json;

use super::*;
use crate::stage::Sent;

/// The rules that are found broken by this result of a function, after these requests, each in a round of its own.
fn broken(function: &str, input: &Value, result: Value, roles: &[(Role, u16)]) -> Vec<Rule> {
    let case = json!({
        "docs": "d", "provenance": "composed", "operation": function, "settings": {}, "input": input,
        "exchanges": [], "rounds": 0, "expect": {"ok": {}},
    });
    let case = Case::parse("f", &case.to_string()).expect("a case");
    let sent = |(role, status): &(Role, u16)| Sent {
        request: Request::default(),
        exchange: None,
        status: Some(*status),
        is_kept: false,
        role: Some(*role),
    };
    let observed = Observed {
        outcome: Outcome::Ok(result),
        rounds: roles.iter().map(|role| vec![sent(role)]).collect(),
        usage: Usage::default(),
    };
    let problems = of_result(&case.input, &observed);
    problems.iter().map(|problem| problem.rule).collect()
}

#[test]
fn rows_come_once_by_ascending_id() {
    let input = json!({});
    for (ids, is_right) in [
        (vec![], true),
        (vec!["9", "10", "101"], true),
        (vec!["10", "9"], false),
        (vec!["9", "9"], false),
        (vec!["b-1", "a-1"], true),
        (vec!["b-1", "b-1"], false),
    ] {
        let rows: Vec<Value> = ids.iter().map(|id| json!({"id": id})).collect();
        let found = broken("list-companies", &input, json!({"companies": rows}), &[]);
        assert_eq!(found.is_empty(), is_right, "{ids:?}: {found:?}");
    }
}

#[test]
fn nothing_is_in_a_result_that_was_not_asked_for() {
    let by_ids = json!({"selection": {"ids": ["1"]}});
    let by_references = json!({"selection": {"references": ["a"]}});
    let of_company = json!({"selection": {"open-of-company": "7"}});
    let contacts = json!({"company-id": "7", "email": "A@b.example", "limit": 1});
    let assets = json!({"company-id": "7", "name": "PC", "serial-number": "s1"});
    let status = json!({"ticket-id": "1", "status-ids": ["2"]});
    let contact = |id: &str, company: &str, email: &str| json!({"id": id, "company-id": company, "emails": ["x", email]});
    let of_tickets = |ticket: Value| json!({"tickets": [ticket]});
    let of_contacts = |contacts: &[Value]| json!({"contacts": contacts});
    let asset = |name: &str, number: Value| json!({"assets": [{"id": "1", "name": name, "serial-number": number}]});
    for (function, input, result, is_right) in [
        (
            "get-ticket",
            &json!({"id": " 1"}),
            json!({"ticket": {"id": "1"}}),
            true,
        ),
        (
            "get-ticket",
            &json!({"id": "1"}),
            json!({"ticket": null}),
            true,
        ),
        (
            "get-ticket",
            &json!({"id": "1"}),
            json!({"ticket": {"id": "2"}}),
            false,
        ),
        (
            "set-status",
            &status,
            json!({"ticket": {"id": "1"}, "is-changed": false}),
            true,
        ),
        (
            "set-status",
            &status,
            json!({"ticket": {"id": "2"}, "is-changed": false}),
            false,
        ),
        (
            "find-tickets",
            &by_ids,
            of_tickets(json!({"id": "1"})),
            true,
        ),
        (
            "find-tickets",
            &by_ids,
            of_tickets(json!({"id": "2"})),
            false,
        ),
        (
            "find-tickets",
            &by_references,
            of_tickets(json!({"id": "1", "reference": "a"})),
            true,
        ),
        (
            "find-tickets",
            &by_references,
            of_tickets(json!({"id": "1", "reference": "A"})),
            false,
        ),
        (
            "find-tickets",
            &by_references,
            of_tickets(json!({"id": "1"})),
            false,
        ),
        (
            "find-tickets",
            &of_company,
            of_tickets(json!({"id": "1", "company": {"id": "7"}, "is-closed": false})),
            true,
        ),
        (
            "find-tickets",
            &of_company,
            of_tickets(json!({"id": "1"})),
            true,
        ),
        (
            "find-tickets",
            &of_company,
            of_tickets(json!({"id": "1", "company": {"id": "8"}})),
            false,
        ),
        (
            "find-tickets",
            &of_company,
            of_tickets(json!({"id": "1", "company": {"id": "7"}, "is-closed": true})),
            false,
        ),
        (
            "list-contacts",
            &contacts,
            of_contacts(&[contact("1", "7", "a@B.example")]),
            true,
        ),
        (
            "list-contacts",
            &contacts,
            of_contacts(&[contact("1", "8", "a@b.example")]),
            false,
        ),
        (
            "list-contacts",
            &contacts,
            of_contacts(&[contact("1", "7", "a@b.example.net")]),
            false,
        ),
        (
            "list-contacts",
            &contacts,
            of_contacts(&[
                contact("1", "7", "a@b.example"),
                contact("2", "7", "a@b.example"),
            ]),
            false,
        ),
        ("list-assets", &assets, asset("pc", json!("S1")), true),
        ("list-assets", &assets, asset("pc 2", json!("S1")), false),
        ("list-assets", &assets, asset("pc", json!(null)), false),
    ] {
        let found = broken(function, input, result.clone(), &[]);
        let expected = if is_right {
            vec![]
        } else {
            vec![Rule::OnlyWhatWasAsked]
        };
        assert_eq!(found, expected, "{function} {input}: {result}");
    }
}

#[test]
fn a_result_says_whether_the_call_wrote() {
    let note = json!({"ticket-id": "1", "text": "t", "audience": "staff"});
    let status = json!({"ticket-id": "1", "status-ids": ["2"]});
    let attachment = json!({"ticket-id": "1", "asset-id": "2"});
    let nothing: &[(Role, u16)] = &[(Role::LookUp, 200)];
    let write: &[(Role, u16)] = &[(Role::LookUp, 200), (Role::Write, 200)];
    for (function, input, result, sent, is_right) in [
        (
            "add-note",
            &note,
            json!({"creation": "created"}),
            write,
            true,
        ),
        ("add-note", &note, json!({"creation": "found"}), write, true),
        (
            "add-note",
            &note,
            json!({"creation": "found"}),
            nothing,
            true,
        ),
        (
            "add-note",
            &note,
            json!({"creation": "created"}),
            nothing,
            false,
        ),
        (
            "set-status",
            &status,
            json!({"ticket": {"id": "1"}, "is-changed": true}),
            write,
            true,
        ),
        (
            "set-status",
            &status,
            json!({"ticket": {"id": "1"}, "is-changed": false}),
            nothing,
            true,
        ),
        (
            "set-status",
            &status,
            json!({"ticket": {"id": "1"}, "is-changed": false}),
            write,
            false,
        ),
        (
            "set-status",
            &status,
            json!({"ticket": {"id": "1"}, "is-changed": true}),
            nothing,
            false,
        ),
        (
            "attach-asset",
            &attachment,
            json!({"is-changed": true}),
            write,
            true,
        ),
        (
            "attach-asset",
            &attachment,
            json!({"is-changed": true}),
            nothing,
            false,
        ),
    ] {
        let found = broken(function, input, result.clone(), sent);
        let expected = if is_right {
            vec![]
        } else {
            vec![Rule::ChangeIsTold]
        };
        assert_eq!(found, expected, "{function}: {result} {sent:?}");
    }
    let merged = json!({"ticket": {"id": "1", "merged-into-id": "5"}, "is-changed": false});
    assert_eq!(
        broken("set-status", &status, merged, nothing),
        [Rule::MergedIsConflict]
    );
}

#[test]
fn a_write_follows_a_look_up_that_succeeded() {
    let status = json!({"ticket-id": "1", "status-ids": ["2"]});
    let note = json!({"ticket-id": "1", "text": "t", "audience": "staff", "reference": "a"});
    let without = json!({"ticket-id": "1", "text": "t", "audience": "staff"});
    let changed = json!({"ticket": {"id": "1"}, "is-changed": true});
    let created = json!({"creation": "created"});
    let write = (Role::Write, 200);
    for (function, input, result, sent, is_right) in [
        (
            "set-status",
            &status,
            &changed,
            vec![(Role::LookUp, 200), write],
            true,
        ),
        (
            "set-status",
            &status,
            &changed,
            vec![(Role::LookUp, 404), write],
            false,
        ),
        (
            "set-status",
            &status,
            &changed,
            vec![write, (Role::LookUp, 200)],
            false,
        ),
        (
            "add-note",
            &note,
            &created,
            vec![(Role::Credential, 200), write],
            false,
        ),
        (
            "add-note",
            &note,
            &created,
            vec![(Role::LookUp, 200), write],
            true,
        ),
        ("add-note", &without, &created, vec![write], true),
    ] {
        let found = broken(function, input, result.clone(), &sent);
        let expected = if is_right {
            vec![]
        } else {
            vec![Rule::ReadFirst]
        };
        assert_eq!(found, expected, "{function}: {sent:?}");
    }
}
