//! `verify`: do these credentials work, and what may they do. Two rounds, and one more for a site that is wrong.
//!
//! The credential is proved by authenticated reads; `/system/info` is answered without authentication by some versions.
//! Each read right is judged by its own call; the role (`security_role.rs`) tells what calls cannot show.

use psa_contract::{ErrorCode, PermissionCheck, PermissionState, Verification};

use crate::board_lists::{STATUSES, TYPES, boards_listing, is_service_board, priorities_listing};
use crate::discovery;
use crate::error::{Error, error, field_error};
use crate::listing::{Listing, Window};
use crate::permission::{COMPANIES, OWN_ROLE, RIGHTS, Right, TICKETS_ADD, TICKETS_INQUIRE};
use crate::prelude::*;
use crate::request::{Answer, Call, HttpSend, LARGEST_PAGE, exchange, read};
use crate::response::{Page, is_html};
use crate::security_role::{Level, account, level_of};
use crate::settings::{CLIENT_ID, Settings};
use crate::wire::{Bare, Count, Entry, Info, MySecurity};

/// A role has fewer functions than this many pages hold; a server that sends more repeats itself.
const MOST_ROLE_PAGES: usize = 20;

/// Proves the credentials and checks every right.
///
/// # Errors
/// `unauthorized`, `invalid-settings` for a site that does not serve this company, `unavailable`, `rate-limited`, `denied`,
/// `unexpected-response`. A right that is missing is a result.
#[inline(never)]
pub fn verify(settings: &Settings, send: &mut HttpSend) -> Result<Verification, Error> {
    let mut calls: Vec<Call> = PROBES.iter().map(|probe| probe(settings)).collect();
    calls.push(companies_count(settings));
    calls.push(server_info(settings));
    let mut answers = exchange(send, calls);
    let extras = answers.split_off(PROBES.len().min(answers.len()));
    if let Some(refused) = wrong_site(settings, &answers) {
        return Err(discovery::explain(settings, refused, send));
    }
    let mut probes = answers
        .iter()
        .map(|answer| Probe::of(settings, answer))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(error) = everything_forbidden(&probes, settings, &answers) {
        return Err(error);
    }
    let (visible_boards, board_id) = visible_boards(settings, &answers)?;
    let (board_probes, role) = second_round(settings, &answers, board_id, send)?;
    probes.extend(board_probes);
    let checks: Vec<PermissionCheck> = RIGHTS
        .iter()
        .map(|right| check(right, &probes, role.as_deref()))
        .collect();
    Ok(Verification {
        is_complete: checks
            .iter()
            .all(|check| check.state != PermissionState::Missing),
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
        visible_boards,
    })
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
        let probe = match answer.rows::<Bare>(settings) {
            Ok(Page { rows, .. }) if rows.is_empty() => Self::NoRows,
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
        let error = answer.rows::<Bare>(settings).err()?;
        let is_web_page = (200..300).contains(&response.status) && is_html(&response.body);
        if error.code != ErrorCode::InvalidSettings && !is_web_page {
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
    let first = answers.first()?.rows::<Bare>(settings).err()?;
    is_all.then(|| {
        let message = "the PSA refuses every read with 403, whatever right it needs".to_owned();
        error(ErrorCode::Unauthorized, message)
            .hint(
                "check the client id first: a server that does not accept it refuses everything in this way. If it is right, \
                 the API member's role has none of the rights: grant them in System > Security Roles",
            )
            .field_errors(vec![field_error(CLIENT_ID, "the PSA may not accept it")])
            .permissions(&RIGHTS)
            .decided_as(&first)
    })
}

/// How many active boards there are, and one of them to probe. None: not known.
fn visible_boards(
    settings: &Settings,
    answers: &[Answer],
) -> Result<(Option<u32>, Option<i64>), Error> {
    let page = match answers
        .get(BOARDS_PROBE)
        .map(|answer| answer.rows::<Entry>(settings))
    {
        Some(Ok(page)) => page,
        Some(Err(error))
            if error.code != ErrorCode::Forbidden && error.http_status != Some(404) =>
        {
            return Err(error);
        }
        _ => return Ok((None, None)),
    };
    let is_whole = page.rows.len() < LARGEST_PAGE && !page.server_has_more;
    let active: Vec<&Entry> = page
        .rows
        .iter()
        .filter(|row| is_service_board(row))
        .collect();
    let count = u32::try_from(active.len()).ok().filter(|_| is_whole);
    Ok((count, active.first().map(|board| board.id)))
}

/// The lists of one board, and the rest of the role. The role is None where it may not be read.
fn second_round(
    settings: &Settings,
    answers: &[Answer],
    board_id: Option<i64>,
    send: &mut HttpSend,
) -> Result<(Vec<Judged>, Option<Vec<MySecurity>>), Error> {
    let first_page = match answers
        .get(ROLE_PROBE)
        .map(|answer| answer.rows::<MySecurity>(settings))
    {
        Some(Ok(page)) => Some(page),
        Some(Err(error))
            if error.code != ErrorCode::Forbidden && error.http_status != Some(404) =>
        {
            return Err(error);
        }
        _ => None,
    };
    let mut has_more = first_page.as_ref().is_some_and(|page| page.may_have_more());
    let mut role = first_page.map(|page| page.rows);
    let mut calls: Vec<Call> = board_id
        .into_iter()
        .flat_map(|board| [TYPES.listing(board), STATUSES.listing(board)])
        .map(|listing| listing.call(settings, Window::ALL, 1))
        .collect();
    let board_calls = calls.len();
    let mut probes = Vec::new();
    for page_number in 2..=MOST_ROLE_PAGES {
        if has_more {
            calls.push(role_page(settings, page_number));
        }
        let answers = exchange(send, core::mem::take(&mut calls));
        has_more = false;
        let boards = if page_number == 2 { board_calls } else { 0 };
        for (index, answer) in answers.iter().enumerate() {
            if index < boards {
                probes.push(Probe::of(settings, answer)?);
                continue;
            }
            let page = answer.rows::<MySecurity>(settings)?;
            has_more = page.may_have_more();
            role.get_or_insert_default().extend(page.rows);
        }
        if !has_more {
            break;
        }
    }
    Ok((probes, role))
}

impl Page<MySecurity> {
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
            Some(format!("{reason}: {}", right.where_to_set_it()))
        }
    };
    PermissionCheck {
        permission_id: right.id.to_owned(),
        state,
        message,
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
