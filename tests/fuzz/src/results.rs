//! What holds of the result of each function, whatever was answered. Each returns the result as text, to be searched for
//! secrets; what a server repeats as the name of a record is not searched, but the connector's own messages are.

use std::collections::BTreeSet;

use psa_contract::{
    BoardMetadata, BoardSelection, Choice, CompanyPage, CompanyQuery, ErrorCode, FieldError,
    PermissionState, Request, Response, Ticket, Verification,
};

use psa_toolkit::ServiceDesk;

use crate::rules;
use crate::vendor::Vendor;

/// A check for each permission, in the order of the description.
pub(crate) fn verification(vendor: &Vendor, verification: &Verification) -> String {
    let permissions = &vendor.description.permissions;
    let checks = verification.checks.iter().map(|check| &check.permission_id);
    assert!(checks.eq(permissions.iter().map(|permission| &permission.id)));
    let mut checks = verification.checks.iter();
    let is_complete = checks.all(|check| check.state != PermissionState::Missing);
    assert_eq!(verification.is_complete, is_complete);
    // No operations are named as needed, so all are.
    let is_missing = |operation| {
        let mut checks = permissions.iter().zip(&verification.checks);
        checks.any(|(permission, check)| {
            permission.needed_for.contains(operation) && check.state == PermissionState::Missing
        })
    };
    let operations = vendor.description.operations.iter();
    assert!(
        operations
            .filter(|it| !is_missing(it))
            .eq(&verification.ready)
    );
    for check in &verification.checks {
        let message = check.message.as_deref();
        assert_eq!(message.is_none(), check.state == PermissionState::Granted);
        rules::message(vendor, "the check's message", message.unwrap_or("none"));
    }
    format!("{verification:?}")
}

/// Each once, by ascending id, no more than asked for, and with a cursor that is taken back.
pub(crate) fn companies<D: ServiceDesk>(
    vendor: &Vendor,
    settings: &D::Settings,
    query: &CompanyQuery,
    page: &CompanyPage,
) -> String {
    let ids: Vec<i64> = page
        .companies
        .iter()
        .map(|company| company.id.parse().expect("a number"))
        .collect();
    assert!(ids.is_sorted_by(|one, next| one < next), "{ids:?}");
    assert!(
        ids.len() <= query.limit.unwrap_or(1_000) as usize,
        "{} companies",
        ids.len()
    );
    for company in &page.companies {
        // One that the tenant's own status makes inactive is listed: `docs/connectwise.md`.
        assert!(company.is_active || query.include_inactive || company.status.is_some());
        assert!(query.ids.is_empty() || query.ids.contains(&company.id));
    }
    if let Some(cursor) = &page.next_cursor {
        rules::no_secret(vendor, "the cursor", cursor);
        let next = CompanyQuery {
            cursor: Some(cursor.clone()),
            ..query.clone()
        };
        let result = D::list_companies(settings, &next, &mut nothing_more);
        let is_refused = |code| code == ErrorCode::InvalidInput;
        assert!(
            !result.is_err_and(|error| is_refused(error.code)),
            "{cursor} is not taken back"
        );
    }
    format!("{page:?}")
}

fn nothing_more(requests: &mut [Request]) -> Vec<Result<Response, psa_contract::Failure>> {
    let empty = Response {
        status: 200,
        body: "[]".into(),
        ..Response::default()
    };
    requests.iter().map(|_| Ok(empty.clone())).collect()
}

/// Only what is of a board that is there, in order, with colours of the form that is promised.
pub(crate) fn board_metadata(
    vendor: &Vendor,
    selection: &BoardSelection,
    metadata: &BoardMetadata,
) -> String {
    let boards: Vec<&str> = metadata
        .boards
        .iter()
        .map(|board| board.id.as_str())
        .collect();
    let unique: BTreeSet<&str> = boards.iter().copied().collect();
    assert_eq!(boards.len(), unique.len(), "a board comes twice");
    let lists: [(&str, Vec<&Choice>); 4] = [
        (
            "statuses",
            metadata.statuses.iter().map(|it| &it.choice).collect(),
        ),
        ("types", metadata.types.iter().collect()),
        (
            "subtypes",
            metadata.subtypes.iter().map(|it| &it.choice).collect(),
        ),
        (
            "items",
            metadata.items.iter().map(|it| &it.choice).collect(),
        ),
    ];
    for (name, list) in &lists {
        let place = |choice: &&Choice| {
            let position = |board: &str| boards.iter().position(|id| *id == board);
            // None: it is of every board.
            let board = choice.board_id.as_deref();
            let board = board.map(|id| position(id).expect("a board that is listed"));
            (board, choice.sort_order.unwrap_or(i32::MAX))
        };
        assert!(list.is_sorted_by_key(place), "{name} are not in order");
        let mut is_of_board = list.iter().map(|choice| choice.board_id.is_some());
        assert!(*selection != BoardSelection::BoardsOnly || !is_of_board.any(|it| it));
    }
    let choices = lists.iter().flat_map(|(_, list)| list.iter().copied());
    for choice in choices.chain(&metadata.priorities) {
        let color = choice.color.as_deref().unwrap_or("#000000");
        let digits = color.strip_prefix('#').expect("a colour");
        assert!(digits.len() == 6 && digits.chars().all(|digit| digit.is_ascii_hexdigit()));
    }
    assert!(
        metadata
            .priorities
            .iter()
            .all(|priority| priority.board_id.is_none())
    );
    for omission in &metadata.omissions {
        assert!(
            matches!(
                omission.part.as_str(),
                "statuses" | "types" | "subtypes" | "items" | "sources"
            ),
            "{}",
            omission.part
        );
        rules::message(vendor, "the omission", &omission.message);
        if omission.part == "items" {
            let is_of_board = |choice: &Choice| choice.board_id == omission.board_id;
            assert!(!metadata.items.iter().any(|item| is_of_board(&item.choice)));
        }
    }
    format!("{metadata:?}")
}

/// Fields that the PSA's answer does not bear as they were sent.
pub(crate) fn not_applied(vendor: &Vendor, fields: &[FieldError]) -> String {
    for field in fields {
        rules::message(vendor, "what was not applied", &field.message);
    }
    format!("{fields:?}")
}

/// Each names a field of the draft and says why.
pub(crate) fn objections(vendor: &Vendor, objections: &[FieldError]) -> String {
    for objection in objections {
        assert!(objection.field.is_some(), "{objection:?}");
        rules::message(vendor, "the objection", &objection.message);
    }
    format!("{objections:?}")
}

/// It has an id, a time only in the form that is promised, and an address on the site.
pub(crate) fn ticket(vendor: &Vendor, ticket: &Ticket) -> String {
    let _: i64 = ticket.id.parse().expect("a number");
    assert!(!ticket.number.is_empty());
    let times = [&ticket.created_at, &ticket.updated_at, &ticket.closed_at];
    for time in times.into_iter().flatten() {
        assert!(
            time.is_ascii() && time.len() >= 20 && time.ends_with('Z'),
            "{time}"
        );
    }
    assert_ne!(ticket.reference.as_deref(), Some(""));
    let url = ticket.web_url.as_deref().expect("an address");
    let host = url
        .strip_prefix("https://")
        .and_then(|rest| rest.split('/').next());
    assert!(
        host.is_some_and(|host| host.ends_with(vendor.browser)),
        "{url}"
    );
    rules::no_secret(vendor, "the address", url);
    format!("{ticket:?}")
}
