//! `verify`: a token proves the credentials, and a read each right, all of them in one round.
//!
//! A right that is missing shows as an empty 401 or 403, or as a list that lacks rows: Halo hides what the agent's teams,
//! customers and ticket types do not cover. So an empty list is never taken for a right.

use psa_contract::{ErrorCode, Operation, PermissionCheck, PermissionState, Verification};
use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::loose::{Listed, Rows};
use psa_toolkit::permission::{RequiredPermission, check_all, needed_operations};
use psa_toolkit::{Error, HttpSend, ServiceDesk as _};

use crate::HaloPsa;
use crate::api::{self, ACTIVE_OR_NOT, List, server_info};
use crate::boards::{self, CATEGORIES, PRIORITIES, SOURCES, STATUSES, TEAMS, TYPES};
use crate::permissions::{ASSETS_READ, CUSTOMERS_READ, PERMISSIONS, TEAMS_READ, TICKETS_READ};
use crate::settings::Settings;
use crate::wire::{Asset, Client, ServerInfo, Site, Ticket, User};

pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(HaloPsa::OPERATIONS, needed)?;
    let signed_in = api::sign_in(settings, send);
    // An application without a scope is none that can be used: here a right that is missing would be a result.
    let send = &mut signed_in.map_err(|error| match error.code {
        ErrorCode::Forbidden => error.with_code(ErrorCode::Unauthorized),
        _ => error,
    })?;
    let mut probes = probes(settings);
    probes.retain(|probe| {
        let permission = probe.0.subject.permission;
        permission.is_some_and(|permission| permission.is_needed_for(&needed))
    });
    let (mut calls, readers): (Vec<Call>, Vec<Count>) = probes.into_iter().unzip();
    calls.push(server_info(settings, "InstanceInfo"));
    let answers = exchange(settings, send, calls);
    let info = answers.last().and_then(|it| it.record::<ServerInfo>().ok());
    let mut shown = Vec::new();
    for (answer, count) in answers.iter().zip(readers) {
        shown.push(Shown::of(answer, count)?);
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

/// How many rows there are, by an answer.
type Count = fn(&Answer) -> Result<usize, Error>;

fn probes(settings: &Settings) -> Vec<(Call, Count)> {
    let one_of = |permission, path, filters, count: Count| {
        let list = List {
            settings,
            doing: "read one row of a list",
            permission,
            path,
            filters,
        };
        (list.page(1, 1), count)
    };
    let mut probes = vec![
        one_of(&TICKETS_READ, "Tickets", &[], total::<Ticket>),
        one_of(
            &CUSTOMERS_READ,
            "Client",
            &ACTIVE_OR_NOT[..1],
            total::<Client>,
        ),
        one_of(&CUSTOMERS_READ, "Site", &[], total::<Site>),
        one_of(&CUSTOMERS_READ, "Users", &[], total::<User>),
        one_of(&ASSETS_READ, "Asset", &[], total::<Asset>),
    ];
    let lists: [(boards::List, Count); 6] = [
        (TEAMS, |answer| TEAMS.count(answer)),
        (TYPES, |answer| TYPES.count(answer)),
        (STATUSES, |answer| STATUSES.count(answer)),
        (PRIORITIES, |answer| PRIORITIES.count(answer)),
        (CATEGORIES, |answer| CATEGORIES.count(answer)),
        (SOURCES, |answer| SOURCES.count(answer)),
    ];
    probes.extend(
        lists
            .into_iter()
            .map(|(list, count)| (list.call(settings), count)),
    );
    probes
}

fn total<T: Listed>(answer: &Answer) -> Result<usize, Error> {
    let list: Rows<T> = answer.read()?;
    Ok(list.total.unwrap_or_default().max(list.rows.len()))
}

/// What a read showed of its right.
struct Shown {
    permission: &'static RequiredPermission,
    /// None: it was refused.
    rows: Option<u32>,
}

impl Shown {
    fn of(answer: &Answer, count: Count) -> Result<Self, Error> {
        let rows = match count(answer) {
            Ok(rows) => Some(u32::try_from(rows).unwrap_or(u32::MAX)),
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
