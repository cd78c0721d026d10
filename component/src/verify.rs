//! `verify`: do these credentials work, and what may they do. Two rounds, and one more for a site that is wrong.
//!
//! The credential is proved by authenticated reads; `/system/info` is answered without authentication by some versions.
//! Each read right is judged by its own call; the role (`security_role.rs`) tells what calls cannot show.

use psa_contract::{ErrorCode, Operation, PermissionCheck, PermissionState, Verification};
use psa_json::is_html;

use crate::board_lists::{STATUSES, TYPES, boards_listing, is_service_board, priorities_listing};
use crate::describe::OPERATIONS;
use crate::discovery;
use crate::error::{Error, error, field_error, invalid_input};
use crate::listing::{Listing, Window};
use crate::permission::{COMPANIES, OWN_ROLE, RIGHTS, Right, TICKETS_ADD, TICKETS_INQUIRE};
use crate::request::{Answer, Call, HttpSend, LARGEST_PAGE, exchange, exchange_one, read};
use crate::response::Page;
use crate::security_role::{Level, account, level_of};
use crate::settings::{CLIENT_ID, Settings};
use crate::wire::{Count, Entry, Info, MySecurity};

/// A role has fewer functions than this many pages hold; a server that sends more repeats itself.
const MOST_ROLE_PAGES: usize = 20;

/// Proves the credentials and checks every right.
///
/// # Errors
/// `unauthorized`, `invalid-settings` for a site that does not serve this company, `unavailable`, `rate-limited`, `denied`,
/// `unexpected-response`. A right that is missing is a result.
pub fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(needed)?;
    let mut calls: Vec<Call> = PROBES.iter().map(|probe| probe(settings)).collect();
    calls.push(companies_count(settings));
    calls.push(server_info(settings));
    let mut answers = exchange(send, calls);
    let extras = answers.split_off(PROBES.len().min(answers.len()));
    if let Some(refused) = wrong_site(settings, &answers) {
        return Err(discovery::explain(settings, refused, send));
    }
    let mut probes = Vec::new();
    for answer in &answers {
        probes.push(Probe::of(settings, answer)?);
    }
    if let Some(error) = everything_forbidden(&probes, settings, &answers) {
        return Err(error);
    }
    let boards = answers
        .get(BOARDS_PROBE)
        .map(|answer| answer.rows(settings));
    let boards = readable::<Entry>(boards)?;
    let role = answers.get(ROLE_PROBE).map(|answer| answer.rows(settings));
    let role = readable::<MySecurity>(role)?;
    let mut calls = probes_of_a_board(settings, boards.as_ref());
    let role_is_long = role.as_ref().is_some_and(Page::may_have_more);
    if role_is_long {
        calls.push(role_page(settings, 2));
    }
    let mut second_round = exchange(send, calls);
    let second_role_page = if role_is_long {
        second_round.pop()
    } else {
        None
    };
    for answer in &second_round {
        probes.push(Probe::of(settings, answer)?);
    }
    let role = match role {
        Some(page) => Some(whole_role(settings, page.rows, second_role_page, send)?),
        None => None,
    };
    let checks: Vec<PermissionCheck> = RIGHTS
        .iter()
        .map(|right| {
            if needed.iter().any(|it| right.needed_for.contains(it)) {
                check(right, &probes, role.as_deref())
            } else {
                not_needed(right)
            }
        })
        .collect();
    let is_missing = |operation: Operation| {
        RIGHTS.iter().zip(&checks).any(|(right, check)| {
            right.needed_for.contains(&operation) && check.state == PermissionState::Missing
        })
    };
    let ready: Vec<Operation> = needed
        .iter()
        .copied()
        .filter(|it| !is_missing(*it))
        .collect();
    Ok(Verification {
        is_complete: ready.len() == needed.len(),
        ready,
        checks,
        account: role.as_deref().and_then(account),
        server_version: extras
            .get(1)
            .and_then(|answer| answer.record::<Info>(settings).ok())
            .and_then(|info| info.version),
        visible_companies: extras
            .first()
            .and_then(|answer| answer.record::<Count>(settings).ok())
            .map(|Count(count)| count),
        visible_boards: boards.as_ref().and_then(count_of_boards),
    })
}

/// The operations to check, each once, in the order of the contract. None named: all that this connector has.
fn needed_operations(named: &[Operation]) -> Result<Vec<Operation>, Error> {
    let strange: Vec<_> = named
        .iter()
        .filter(|it| !OPERATIONS.contains(it))
        .map(|it| {
            let message = format!("this connector has no function `{}`", it.name());
            field_error("needed", message)
        })
        .collect();
    if !strange.is_empty() {
        return Err(invalid_input("verify", strange));
    }
    let is_needed = |it: &Operation| named.is_empty() || named.contains(it);
    Ok(OPERATIONS.into_iter().filter(is_needed).collect())
}

/// The first round's reads, each of which needs its own right.
const PROBES: [fn(&Settings) -> Call; 5] = [
    |settings| role_page(settings, 1),
    |settings| one_row(settings, "/company/companies", "read companies", &COMPANIES),
    |settings| boards_listing().call(settings, Window::ALL, LARGEST_PAGE),
    |settings| priorities_listing().call(settings, Window::ALL, 1),
    |settings| {
        one_row(
            settings,
            "/service/tickets",
            "read tickets",
            &TICKETS_INQUIRE,
        )
    },
];
const ROLE_PROBE: usize = 0;
const BOARDS_PROBE: usize = 2;

fn one_row(settings: &Settings, path: &str, doing: &str, right: &'static Right) -> Call {
    Listing {
        doing: doing.to_owned(),
        right: Some(right),
        path: path.to_owned(),
        fields: "id",
        conditions: Vec::new(),
        child_conditions: None,
    }
    .call(settings, Window::ALL, 1)
}

/// By page numbers: the rows of a role do not change between two requests, and their ids are not documented as unique.
fn role_page(settings: &Settings, page: usize) -> Call {
    read(
        settings,
        "read the security role",
        Some(&OWN_ROLE),
        "/system/mySecurity",
        &[
            (
                "fields",
                "id,addLevel,inquireLevel,moduleName,moduleFunctionName,moduleDescription,moduleFunctionDescription,member",
            ),
            ("page", &page.to_string()),
            ("pageSize", &LARGEST_PAGE.to_string()),
        ],
    )
}

fn companies_count(settings: &Settings) -> Call {
    read(
        settings,
        "count companies",
        Some(&COMPANIES),
        "/company/companies/count",
        &[("conditions", "deletedFlag=false")],
    )
}

fn server_info(settings: &Settings) -> Call {
    read(
        settings,
        "read the server's version",
        None,
        "/system/info",
        &[],
    )
}

/// What a read showed of its right.
enum Probe {
    Rows,
    NoRows,
    Forbidden,
    NotServed,
}

/// A right, and what its read showed.
type Judged = (&'static Right, Probe);

impl Probe {
    fn of(settings: &Settings, answer: &Answer) -> Result<Judged, Error> {
        let right = answer.subject.right.unwrap_or(&OWN_ROLE);
        let probe = match answer.row_count(settings) {
            Ok(0) => Self::NoRows,
            Ok(_) => Self::Rows,
            Err(error) if error.code == ErrorCode::Forbidden => Self::Forbidden,
            Err(error) if error.http_status == Some(404) => Self::NotServed,
            Err(error) => return Err(error),
        };
        Ok((right, probe))
    }
}

/// Whether no read was answered as the API answers; its error.
fn wrong_site(settings: &Settings, answers: &[Answer]) -> Option<Error> {
    let mut refused = None;
    for answer in answers {
        let response = answer.result.as_ref().ok()?;
        let is_success = (200..300).contains(&response.status);
        if is_success && !is_html(response.body.as_bytes()) {
            return None;
        }
        let error = answer.row_count(settings).err()?;
        if error.code != ErrorCode::InvalidSettings && !is_success {
            return None;
        }
        refused = refused.or(Some(error));
    }
    refused
}

/// Where every read is refused, the client id is the first suspect: without a valid one some servers answer 403 to
/// everything (recorded behaviour).
fn everything_forbidden(
    probes: &[Judged],
    settings: &Settings,
    answers: &[Answer],
) -> Option<Error> {
    let is_all = probes
        .iter()
        .all(|(_, probe)| matches!(probe, Probe::Forbidden));
    if !is_all {
        return None;
    }
    let first = answers.first()?.row_count(settings).err()?;
    let message = "the PSA refuses every read with 403, whatever right it needs".to_owned();
    let error = error(ErrorCode::Unauthorized, message)
        .hint(
            "check the client id first: a server that does not accept it refuses everything in this way. If it is right, \
             the API member's role has none of the rights: grant them in System > Security Roles",
        )
        .field_errors(vec![field_error(CLIENT_ID, "the PSA may not accept it")])
        .permissions(&RIGHTS)
        .decided_as(&first);
    Some(error)
}

/// The rows of a read whose right may be missing. None: they may not be read, or the server does not serve them.
fn readable<T>(rows: Option<Result<Page<T>, Error>>) -> Result<Option<Page<T>>, Error> {
    match rows {
        Some(Ok(page)) => Ok(Some(page)),
        Some(Err(error))
            if error.code != ErrorCode::Forbidden && error.http_status != Some(404) =>
        {
            Err(error)
        }
        _ => Ok(None),
    }
}

/// How many boards take tickets now. None: there are more than a page, and nobody needs the number of those.
fn count_of_boards(boards: &Page<Entry>) -> Option<u32> {
    let active = boards.rows.iter().filter(|board| is_service_board(board));
    u32::try_from(active.count())
        .ok()
        .filter(|_| !boards.may_have_more())
}

/// The lists of one board, whichever is visible.
fn probes_of_a_board(settings: &Settings, boards: Option<&Page<Entry>>) -> Vec<Call> {
    let board = boards.and_then(|page| page.rows.iter().find(|board| is_service_board(board)));
    let mut calls = Vec::new();
    if let Some(board) = board {
        for part in [TYPES, STATUSES] {
            calls.push(part.listing(board.id).call(settings, Window::ALL, 1));
        }
    }
    calls
}

/// The rows of a role that is longer than a page; `second` is the answer for its second page.
fn whole_role(
    settings: &Settings,
    mut rows: Vec<MySecurity>,
    second: Option<Answer>,
    send: &mut HttpSend,
) -> Result<Vec<MySecurity>, Error> {
    let mut next = second;
    for page_number in 3..=MOST_ROLE_PAGES {
        let Some(answer) = next else { break };
        let Some(page) = readable::<MySecurity>(Some(answer.rows(settings)))? else {
            break;
        };
        next = page
            .may_have_more()
            .then(|| exchange_one(send, role_page(settings, page_number)));
        rows.extend(page.rows);
    }
    Ok(rows)
}

impl<T> Page<T> {
    fn may_have_more(&self) -> bool {
        !self.rows.is_empty() && (self.rows.len() >= LARGEST_PAGE || self.server_has_more)
    }
}

fn check(right: &'static Right, probes: &[Judged], role: Option<&[MySecurity]>) -> PermissionCheck {
    let level = role.and_then(|rows| level_of(rows, right));
    let probe = probes
        .iter()
        .find(|(probed, _)| probed.id == right.id)
        .map(|(_, probe)| probe);
    let (state, reason) = if *right == TICKETS_ADD {
        match level {
            Some(Level::All) => (PermissionState::Granted, ""),
            Some(Level::My) => (PermissionState::Limited, LIMITED),
            Some(Level::None) => (PermissionState::Missing, "the role does not grant it"),
            None if role.is_some() => (PermissionState::Unknown, NOT_IN_ROLE),
            None => (PermissionState::Unknown, NOT_PROBED),
        }
    } else {
        match (probe, level) {
            (Some(Probe::Forbidden), _) => (PermissionState::Missing, "the PSA refuses the read"),
            (Some(Probe::Rows | Probe::NoRows), Some(Level::My)) => {
                (PermissionState::Limited, LIMITED)
            }
            (Some(Probe::Rows), _) => (PermissionState::Granted, ""),
            (Some(Probe::NoRows), _) => (PermissionState::Unknown, NO_ROWS),
            (Some(Probe::NotServed), _) => (PermissionState::Unknown, NOT_SERVED),
            (None, _) => (PermissionState::Unknown, NO_BOARD),
        }
    };
    let message = match state {
        PermissionState::Granted => None,
        PermissionState::Unknown => Some(reason.to_owned()),
        PermissionState::Limited | PermissionState::Missing => {
            Some([reason, ": ", &right.where_to_set_it()].concat())
        }
    };
    PermissionCheck {
        permission_id: right.id.to_owned(),
        state,
        message,
    }
}

fn not_needed(right: &Right) -> PermissionCheck {
    PermissionCheck {
        permission_id: right.id.to_owned(),
        state: PermissionState::Unknown,
        message: Some("not checked: none of the operations asked about needs it".to_owned()),
    }
}

const LIMITED: &str = "granted for the member's own records only (My)";
const NOT_PROBED: &str =
    "the role cannot be read, and whether it may open tickets cannot be known without opening one";
const NOT_IN_ROLE: &str = "what the server tells of the role does not name Service Tickets, and whether it may open them \
     cannot be known without opening one";
const NO_ROWS: &str = "the read was answered without rows: there are none, or the role's location or level hides them";
const NOT_SERVED: &str = "this server does not serve the read that would show it";
const NO_BOARD: &str = "no service board is visible whose lists could be read";
