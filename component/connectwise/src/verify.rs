//! `verify`: do these credentials work, and what may they do. Two rounds, and one more for a site that is wrong.
//!
//! The credential is proved by authenticated reads; `/system/info` is answered without authentication by some versions.
//! Each read right is judged by its own call; the role (`verify/role.rs`) tells what calls cannot show.

mod discovery;
mod role;

use psa_contract::{ErrorCode, Operation, PermissionCheck, PermissionState, Verification};
use psa_toolkit::error::field_error;
use psa_toolkit::exchange::{Answer, Call, exchange, exchange_one};
use psa_toolkit::json::is_web_page;
use psa_toolkit::pages::Page;
use psa_toolkit::permission::{RequiredPermission, check_all, needed_operations};
use psa_toolkit::{Error, HttpSend, ServiceDesk as _};
use serde::de::DeserializeOwned;

use self::role::{Level, account, level_of};
use crate::ConnectWise;
use crate::api::{LARGEST_PAGE, Listing, rows};
use crate::boards::{STATUSES, TYPES, boards_listing, priorities_listing};
use crate::describe::{
    ADD, COMPANIES, CONFIGURATIONS, CONTACTS, EDIT, OWN_ROLE, PERMISSIONS, TICKETS_INQUIRE,
};
use crate::settings::{CLIENT_ID, Settings};
use crate::wire::{AnyRecord, Board, Count, Info, MySecurity};

/// A role has fewer functions than this many pages hold; a server that sends more repeats itself.
const MOST_ROLE_PAGES: usize = 20;

/// Proves the credentials and checks every right.
pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(ConnectWise::OPERATIONS, needed)?;
    let mut calls: Vec<Call> = PROBES.iter().map(|probe| probe(settings)).collect();
    calls.push(companies_count(settings));
    calls.push(server_info(settings));
    let mut answers = exchange(settings, send, calls);
    let extras = answers.split_off(PROBES.len().min(answers.len()));
    if let Some(refused) = wrong_site(&answers) {
        return Err(discovery::explain(settings, refused, send));
    }
    if let Some(refused) = not_let_in(&answers) {
        return Err(discovery::explain_keys(settings, refused, send));
    }
    let mut probes = Vec::new();
    for answer in &answers {
        probes.push(Probe::of(answer)?);
    }
    if let Some(error) = nothing_proved(&probes, &answers, &needed) {
        return Err(error);
    }
    let boards = readable::<Board>(answers.get(BOARDS_PROBE))?;
    let role = readable::<MySecurity>(answers.get(ROLE_PROBE))?;
    let mut calls = probes_of_a_board(settings, boards.as_ref());
    calls.extend(probes_of_company_lists(settings, &needed));
    let role_is_long = role.as_ref().is_some_and(may_have_more);
    if role_is_long {
        calls.push(role_page(settings, 2));
    }
    let mut second_round = exchange(settings, send, calls);
    let second_role_page = if role_is_long {
        second_round.pop()
    } else {
        None
    };
    for answer in &second_round {
        probes.push(Probe::of(answer)?);
    }
    let role = match role {
        Some(page) => Some(whole_role(settings, page.rows, second_role_page, send)?),
        None => None,
    };
    let (checks, ready) = check_all(&PERMISSIONS, &needed, &|permission| {
        check(permission, &probes, role.as_deref())
    });
    let count = extras.first().and_then(|it| it.record::<Count>().ok());
    let info = extras.get(1).and_then(|it| it.record::<Info>().ok());
    Ok(Verification {
        is_complete: ready.len() == needed.len(),
        ready,
        checks,
        account: role.as_deref().and_then(account),
        server_version: info.and_then(|info| info.version),
        visible_companies: count.map(|it| it.count),
        visible_boards: boards.as_ref().and_then(count_of_boards),
    })
}

/// The first round's reads, each of which needs its own right.
const PROBES: [fn(&Settings) -> Call; 5] = [
    |settings| role_page(settings, 1),
    |settings| one_row(settings, "/company/companies", "read companies", &COMPANIES),
    |settings| boards_listing(settings).first(LARGEST_PAGE),
    |settings| priorities_listing(settings).first(1),
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

fn one_row(
    settings: &Settings,
    path: &str,
    doing: &str,
    permission: &'static RequiredPermission,
) -> Call {
    let listing = Listing {
        settings,
        doing: doing.to_owned(),
        permission: Some(permission),
        path: path.to_owned(),
        fields: "id",
        conditions: Vec::new(),
        child_conditions: None,
    };
    listing.first(1)
}

/// By page numbers: the rows of a role do not change between two requests, and their ids are not documented as unique.
fn role_page(settings: &Settings, page: usize) -> Call {
    settings.read(
        "read the security role",
        Some(&OWN_ROLE),
        "/system/mySecurity",
        &[
            (
                "fields",
                "id,addLevel,editLevel,inquireLevel,moduleName,moduleFunctionName,moduleDescription,moduleFunctionDescription,member",
            ),
            ("page", &page.to_string()),
            ("pageSize", &LARGEST_PAGE.to_string()),
        ],
    )
}

fn companies_count(settings: &Settings) -> Call {
    settings.read(
        "count companies",
        Some(&COMPANIES),
        "/company/companies/count",
        &[("conditions", "deletedFlag=false")],
    )
}

fn server_info(settings: &Settings) -> Call {
    settings.read("read the server's version", None, "/system/info", &[])
}

/// What a read showed of its right.
enum Probe {
    Rows,
    NoRows,
    Forbidden,
    NotServed,
}

/// A right, and what its read showed.
type Judged = (&'static RequiredPermission, Probe);

impl Probe {
    fn of(answer: &Answer) -> Result<Judged, Error> {
        let permission = answer.subject.permission.unwrap_or(&OWN_ROLE);
        let probe = match answer.records::<AnyRecord>() {
            Ok(rows) if rows.is_empty() => Self::NoRows,
            Ok(_) => Self::Rows,
            Err(error) if error.code == ErrorCode::Forbidden => Self::Forbidden,
            Err(error) if error.http_status == Some(404) => Self::NotServed,
            Err(error) => return Err(error),
        };
        Ok((permission, probe))
    }
}

/// Whether no read was answered as the API answers; its error.
fn wrong_site(answers: &[Answer]) -> Option<Error> {
    let mut refused = None;
    for answer in answers {
        let response = answer.result.as_ref().ok()?;
        let is_success = (200..300).contains(&response.status);
        if is_success && !is_web_page(&response.body) {
            return None;
        }
        let error = answer.records::<AnyRecord>().err()?;
        if error.code != ErrorCode::InvalidSettings && !is_success {
            return None;
        }
        refused = refused.or(Some(error));
    }
    refused
}

/// The error of a 401, if there is one in place of an answer.
fn not_let_in(answers: &[Answer]) -> Option<Error> {
    let mut errors = answers.iter().filter_map(|it| it.success().err());
    errors.find(|it| it.code == ErrorCode::Unauthorized && it.http_status == Some(401))
}

/// Where no read was answered, nothing shows that the PSA accepts the credentials. If one is forbidden, the client id is the
/// first suspect: without a valid one some servers answer 403 to everything (recorded behaviour).
fn nothing_proved(probes: &[Judged], answers: &[Answer], needed: &[Operation]) -> Option<Error> {
    let is_answered = |(_, probe): &Judged| matches!(probe, Probe::Rows | Probe::NoRows);
    if probes.iter().any(is_answered) {
        return None;
    }
    let is_forbidden = |(_, probe): &Judged| matches!(probe, Probe::Forbidden);
    let Some(forbidden) = probes.iter().position(is_forbidden) else {
        let first = answers.first()?.success().err()?;
        let message = format!(
            "{}; no read was answered, so nothing shows that the keys are valid",
            first.message
        );
        return Some(
            Error::new(first.code, message)
                .hint(
                    "check the site: the server knows none of the addresses of the API. Run this again later; if the answer \
                     is the same, report it with the request id",
                )
                .decided_as(&first),
        );
    };
    let refused = answers.get(forbidden)?.success().err()?;
    let message = if probes.iter().all(is_forbidden) {
        "the PSA refuses every read with 403, whatever right it needs"
    } else {
        "the PSA answers no read: it refuses them with 403, or does not serve them"
    };
    let missing = PERMISSIONS.iter().filter(|it| it.is_needed_for(needed));
    let ids = missing.map(|it| it.id.to_owned()).collect();
    let error = Error::new(ErrorCode::Unauthorized, message)
        .hint(
            "check the client id first: a server that does not accept it refuses everything in this way. If it is right, \
             the API member's role has none of the rights: grant them in System > Security Roles",
        )
        .field_errors(vec![field_error(CLIENT_ID, "the PSA may not accept it")])
        .permission_ids(ids)
        .decided_as(&refused);
    Some(error)
}

/// The rows of a read whose right may be missing. None: they may not be read, or the server does not serve them.
fn readable<T: DeserializeOwned>(answer: Option<&Answer>) -> Result<Option<Page<T>>, Error> {
    match answer.map(rows) {
        Some(Ok(page)) => Ok(Some(page)),
        Some(Err(error))
            if error.code != ErrorCode::Forbidden && error.http_status != Some(404) =>
        {
            Err(error)
        }
        _ => Ok(None),
    }
}

fn may_have_more<T>(page: &Page<T>) -> bool {
    page.may_have_more(LARGEST_PAGE)
}

/// How many boards take tickets now. None: there are more than a page, and nobody needs the number of those.
fn count_of_boards(boards: &Page<Board>) -> Option<u32> {
    let active = boards.rows.iter().filter(|board| board.is_open());
    u32::try_from(active.count())
        .ok()
        .filter(|_| !may_have_more(boards))
}

/// The lists of one board, whichever is visible.
fn probes_of_a_board(settings: &Settings, boards: Option<&Page<Board>>) -> Vec<Call> {
    let board = boards.and_then(|page| page.rows.iter().find(|board| board.is_open()));
    let mut calls = Vec::new();
    if let Some(board) = board {
        for part in [TYPES, STATUSES] {
            calls.push(part.listing(settings, board.id).first(1));
        }
    }
    calls
}

/// The lists of companies that not every caller needs.
fn probes_of_company_lists(settings: &Settings, needed: &[Operation]) -> Vec<Call> {
    let lists = [
        ("/company/contacts", "read contacts", &CONTACTS),
        (
            "/company/configurations",
            "read configurations",
            &CONFIGURATIONS,
        ),
    ];
    let is_needed = |permission: &RequiredPermission| permission.is_needed_for(needed);
    lists
        .into_iter()
        .filter(|(_, _, permission)| is_needed(permission))
        .map(|(path, doing, permission)| one_row(settings, path, doing, permission))
        .collect()
}

/// The rows of a role that is longer than a page; `second` is the answer for its second page.
fn whole_role<'a>(
    settings: &'a Settings,
    mut rows: Vec<MySecurity>,
    second: Option<Answer<'a>>,
    send: &mut HttpSend,
) -> Result<Vec<MySecurity>, Error> {
    let mut next = second;
    for page_number in 3..=MOST_ROLE_PAGES {
        let Some(answer) = next else { break };
        let Some(page) = readable::<MySecurity>(Some(&answer))? else {
            break;
        };
        next = may_have_more(&page)
            .then(|| exchange_one(settings, send, role_page(settings, page_number)));
        rows.extend(page.rows);
    }
    Ok(rows)
}

fn check(
    permission: &'static RequiredPermission,
    probes: &[Judged],
    role: Option<&[MySecurity]>,
) -> PermissionCheck {
    let level = role.and_then(|rows| level_of(rows, permission));
    let probe = probes
        .iter()
        .find(|(probed, _)| probed.id == permission.id)
        .map(|(_, probe)| probe);
    let (state, reason) = if matches!(permission.level, Some(ADD | EDIT)) {
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
    permission.check(state, reason)
}

const LIMITED: &str = "granted for the member's own records only (My)";
const NOT_PROBED: &str =
    "the role cannot be read, and this right cannot be known without writing something";
const NOT_IN_ROLE: &str = "what the server tells of the role does not name it, and this right cannot be known without \
     writing something";
const NO_ROWS: &str = "the read was answered without rows: there are none, or the role's location or level hides them";
const NOT_SERVED: &str = "this server does not serve the read that would show it";
const NO_BOARD: &str = "no service board is visible whose lists could be read";
