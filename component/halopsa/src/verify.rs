//! `verify`: a token proves the credentials, and a read each right, all of them in one round.
//!
//! A right that is missing shows as an empty 401 or 403, or as a list that lacks rows: Halo hides what the agent's teams,
//! customers and ticket types do not cover. So an empty list is never taken for a right.

use psa_contract::{ErrorCode, Operation, PermissionCheck, PermissionState, Verification};
use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::loose::{Listed, Rows};
use psa_toolkit::permission::{RequiredPermission, check_all, needed_operations};
use psa_toolkit::{Error, HttpSend};

use crate::api::{self, ACTIVE_OR_NOT, List, server_info};
use crate::boards::{CATEGORIES, PRIORITIES, SOURCES, STATUSES, TEAMS, TYPES, teams};
use crate::companies;
use crate::describe::OPERATIONS;
use crate::permissions::{ASSETS_READ, CUSTOMERS_READ, PERMISSIONS, TEAMS_READ, TICKETS_READ};
use crate::settings::Settings;
use crate::ticket;
use crate::wire::{Asset, Category, Client, Entry, Priority, ServerInfo, Site, Ticket, User};

pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(OPERATIONS, needed)?;
    let send = &mut api::sign_in(settings, send)?;
    let mut probes: Vec<(Call, Reader)> = probes(settings).into();
    probes.retain(|(call, _)| {
        let permission = call.subject.permission;
        permission.is_some_and(|permission| permission.is_needed_for(&needed))
    });
    let (mut calls, readers): (Vec<Call>, Vec<Reader>) = probes.into_iter().unzip();
    calls.push(server_info(settings, "InstanceInfo"));
    let answers = exchange(settings, send, calls);
    let info = answers.last().and_then(|it| it.record::<ServerInfo>().ok());
    let mut shown = Vec::new();
    for (answer, reader) in answers.iter().zip(readers) {
        shown.push(Shown::of(answer, reader)?);
    }
    let (checks, ready) = check_all(PERMISSIONS, &needed, &|permission| {
        check(permission, &shown)
    });
    let count = |permission: &RequiredPermission| {
        let mut shown = shown.iter();
        shown.find(|it| it.permission.id == permission.id)?.rows
    };
    Ok(Verification {
        is_complete: ready.len() == needed.len(),
        ready,
        checks,
        account: None,
        server_version: info.and_then(|info| info.app_version.0),
        visible_companies: count(&CUSTOMERS_READ),
        visible_boards: count(&TEAMS_READ),
    })
}

/// How many rows there are.
type Reader = fn(&Answer) -> Result<u32, Error>;

fn probes(settings: &Settings) -> [(Call, Reader); 11] {
    let of_customers = |path: &'static str, doing: &'static str| List {
        path,
        doing,
        ..companies::list(settings, &[])
    };
    let assets = List {
        permission: &ASSETS_READ,
        ..of_customers("Asset", "read assets")
    };
    [
        (
            ticket::list(settings, "read tickets", &[]).page(1, 1),
            total::<Ticket>,
        ),
        (
            companies::list(settings, &ACTIVE_OR_NOT[..1]).page(1, 1),
            total::<Client>,
        ),
        (of_customers("Site", "read sites").page(1, 1), total::<Site>),
        (
            of_customers("Users", "read users").page(1, 1),
            total::<User>,
        ),
        (TEAMS.call(settings), |answer| {
            teams(answer).map(|teams| number(teams.len()))
        }),
        (TYPES.call(settings), total::<Entry>),
        (STATUSES.call(settings), total::<Entry>),
        (PRIORITIES.call(settings), total::<Priority>),
        (CATEGORIES.call(settings), total::<Category>),
        (SOURCES.call(settings), total::<Entry>),
        (assets.page(1, 1), total::<Asset>),
    ]
}

fn total<T: Listed>(answer: &Answer) -> Result<u32, Error> {
    let list: Rows<T> = answer.read()?;
    Ok(number(list.total.unwrap_or_default().max(list.rows.len())))
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// What a read showed of its right.
struct Shown {
    permission: &'static RequiredPermission,
    /// None: it was refused.
    rows: Option<u32>,
}

impl Shown {
    fn of(answer: &Answer, read: Reader) -> Result<Self, Error> {
        let rows = match read(answer) {
            Ok(rows) => Some(rows),
            Err(error) if error.code == ErrorCode::Forbidden => None,
            Err(error) => return Err(error),
        };
        Ok(Self {
            permission: answer.subject.permission.unwrap_or(&TICKETS_READ),
            rows,
        })
    }
}

fn check(permission: &'static RequiredPermission, shown: &[Shown]) -> PermissionCheck {
    let mut of_it = shown.iter().filter(|it| it.permission.id == permission.id);
    let first = of_it.clone().next().map(|it| it.rows);
    if of_it.any(|it| it.rows.is_none()) {
        return permission.check(PermissionState::Missing, "Halo refuses the read");
    }
    match (first.flatten(), permission.id) {
        (None, _) => permission.check(PermissionState::Unknown, NOT_PROBED),
        (Some(0), "customers-read" | "teams-read" | "ticket-types-read") => {
            permission.check(PermissionState::Limited, HIDDEN)
        }
        (Some(0), _) => permission.check(PermissionState::Unknown, NO_ROWS),
        (Some(_), _) => permission.check(PermissionState::Granted, ""),
    }
}

const NOT_PROBED: &str = "this right cannot be known without writing something";
const HIDDEN: &str =
    "the list is empty, since the API agent's customers, teams or ticket types hide every row";
const NO_ROWS: &str = "the list is empty: there is nothing in it, or the API agent may not see what is. Log in to Halo as this \
     agent to see which";
