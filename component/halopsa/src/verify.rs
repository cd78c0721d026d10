//! `verify`: a token proves the credentials, and a read each right, all of them in one round.
//!
//! A right that is missing shows as an empty 401 or 403, or as a list that lacks rows: Halo hides what the agent's teams,
//! customers and ticket types do not cover. So an empty list is never taken for a right.

use psa_contract::{ErrorCode, Operation, PermissionCheck, PermissionState, Verification};
use psa_toolkit::error::unless;
use psa_toolkit::exchange::{Answer, Call, exchange};
use psa_toolkit::loose::Rows;
use psa_toolkit::permission::{RequiredPermission, needed_operations, verification};
use psa_toolkit::{Error, HttpSend, ServiceDesk as _};

use crate::HaloPsa;
use crate::api::{self, List, server_info};
use crate::boards::{LISTS, TEAMS};
use crate::permissions::{CUSTOMERS_READ, PERMISSIONS, TEAMS_READ};
use crate::settings::Settings;
use crate::wire::{Entry, ServerInfo};

pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(HaloPsa::OPERATIONS, needed)?;
    let signed_in = api::sign_in(settings, send);
    // An application without a scope cannot be used. Here a missing right is a result and no error.
    let send = &mut signed_in.map_err(|error| match error.code {
        ErrorCode::Forbidden => error.with_code(ErrorCode::Unauthorized),
        _ => error,
    })?;
    let mut calls = probes(settings);
    calls.retain(|call| {
        let permission = call.subject.permission;
        permission.is_some_and(|permission| permission.is_needed_for(&needed))
    });
    calls.push(server_info(settings, "InstanceInfo"));
    let answers = exchange(settings, send, calls);
    let info = answers.last().and_then(|it| it.record::<ServerInfo>().ok());
    let mut shown = Vec::new();
    for answer in &answers {
        if let Some(permission) = answer.subject.permission {
            let count = unless(ErrorCode::Forbidden, count(permission, answer))?;
            shown.push((permission.id, count));
        }
    }
    let visible = |permission: &RequiredPermission| {
        let rows = shown.iter().find(|(id, _)| *id == permission.id)?.1?;
        u32::try_from(rows).ok()
    };
    Ok(Verification {
        server_version: info.and_then(|info| info.app_version.0),
        visible_companies: visible(&CUSTOMERS_READ),
        visible_boards: visible(&TEAMS_READ),
        ..verification(PERMISSIONS, &needed, &|permission| {
            check(permission, &shown)
        })
    })
}

/// A read for each right, or several.
fn probes(settings: &Settings) -> Vec<Call> {
    let one_row = [
        ("read tickets", "Tickets"),
        ("read clients", "Client"),
        ("read sites", "Site"),
        ("read users", "Users"),
        ("read assets", "Asset"),
    ];
    let one_row = one_row.map(|(what, path)| List::new(settings, what, path, &[]).page(1, 1));
    let whole = LISTS.map(|list| list.call(settings));
    one_row.into_iter().chain(whole).collect()
}

/// How many rows there are, of teams the active ones.
fn count(permission: &RequiredPermission, answer: &Answer) -> Result<usize, Error> {
    if permission.id == TEAMS_READ.id {
        return TEAMS.active(answer).map(|teams| teams.len());
    }
    let list: Rows<Entry> = answer.read()?;
    Ok(list.total.unwrap_or_default().max(list.rows.len()))
}

/// `shown` is what reads showed of the rights with these ids: how many rows there are. None: the read was refused.
fn check(
    permission: &'static RequiredPermission,
    shown: &[(&str, Option<usize>)],
) -> PermissionCheck {
    let of_it = shown.iter().filter(|(id, _)| *id == permission.id);
    let rows: Vec<Option<usize>> = of_it.map(|(_, rows)| *rows).collect();
    let (state, reason) = match (rows.first(), permission.id) {
        _ if rows.contains(&None) => (PermissionState::Missing, "Halo refuses the read"),
        (Some(Some(0)), "customers-read" | "teams-read" | "ticket-types-read") => {
            (PermissionState::Limited, HIDDEN)
        }
        (Some(Some(0)), _) => (PermissionState::Unknown, NO_ROWS),
        (Some(_), _) => (PermissionState::Granted, ""),
        (None, _) => (PermissionState::Unknown, NOT_PROBED),
    };
    permission.check(state, reason)
}

const NOT_PROBED: &str = "this right cannot be known without writing something";
const HIDDEN: &str = "the list is empty: a right is missing, or Client Restriction, teams or ticket types of the API agent hide every row";
const NO_ROWS: &str = "the list is empty: there is nothing in it, or the API agent may not see what is. Log in to Halo as this \
     agent to see which";
