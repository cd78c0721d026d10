use std::sync::Arc;

use psa_host::Usage;
use psa_recording::Role;
use serde_json::json;

use super::*;

/// A case whose look-up carries a token, and whose list does not; `spare` is said of the list.
fn prepared(spare: bool) -> Prepared {
    let text = json!({
        "docs": "d", "provenance": "composed", "operation": "create-ticket", "settings": {},
        "input": {"company-id": "1", "summary": "s", "reference": "r"},
        "base-url": "https://a.example",
        "exchanges": [
            {"role": "credential", "request": {"method": "POST", "path": "/token"},
                "response": {"status": 200, "json": {"access_token": "abcdefgh01"}}},
            {"role": "look-up", "request": {"method": "GET", "path": "/look-up",
                "headers": {"authorization": "Bearer abcdefgh01"}}, "response": {"status": 200, "json": []}},
            {"role": "list", "spare": spare, "request": {"method": "GET", "path": "/list"},
                "response": {"status": 200, "json": []}},
        ],
        "rounds": 3,
        "expect": {"ok": {"ticket": {"id": "1"}, "creation": "created", "not-applied": [{"field": "reference"}]}},
    });
    let case = Case::parse("f", &text.to_string()).expect("a case");
    Prepared {
        name: "create-ticket/ok".to_owned(),
        original: Arc::new(case.clone()),
        case,
        origins: Vec::new(),
        secrets: Vec::new(),
    }
}

fn observed(outcome: Outcome) -> Observed {
    Observed {
        outcome,
        rounds: Vec::new(),
        usage: Usage::default(),
    }
}

#[test]
fn a_401_to_a_request_with_a_token_may_mean_what_a_403_means() {
    let prepared = prepared(false);
    let (token, look_up, list) = ((0, Role::Credential), (1, Role::LookUp), (2, Role::List));
    for ((exchange, role), fault, code, is_right) in [
        (look_up, "status-401-empty", ErrorCode::Forbidden, true),
        (look_up, "status-401-empty", ErrorCode::Unauthorized, true),
        (look_up, "status-401-empty", ErrorCode::Rejected, false),
        (look_up, "status-401-html", ErrorCode::Forbidden, false),
        (look_up, "status-400-empty", ErrorCode::Forbidden, false),
        (list, "status-401-empty", ErrorCode::Forbidden, false),
        (token, "status-401-empty", ErrorCode::Forbidden, false),
    ] {
        let outcome = Outcome::Err(code, json!({"code": code.name()}));
        let place = Place::First(role);
        let found = of_fault(&prepared, &observed(outcome), exchange, place, fault);
        assert_eq!(found.is_none(), is_right, "{exchange} {fault} {code:?}");
    }
}

#[test]
fn without_a_spare_answer_the_result_is_whole_but_may_claim_less() {
    let place = Place::First(Role::List);
    let whole = json!({"ticket": {"id": "1"}, "creation": "created", "not-applied": []});
    let without_its_ticket = json!({"ticket": null, "creation": "created", "not-applied": []});
    for (spare, result, is_right) in [
        (true, &whole, true),
        (true, &without_its_ticket, false),
        (false, &whole, false),
    ] {
        let outcome = observed(Outcome::Ok(result.clone()));
        let found = of_fault(&prepared(spare), &outcome, 2, place, "status-500-empty");
        assert_eq!(found.is_none(), is_right, "{spare} {result}");
    }
}
