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
use crate::boards::{self, LISTS};
use crate::permissions::{CUSTOMERS_READ, PERMISSIONS, TEAMS_READ, TICKETS_READ};
use crate::settings::Settings;
use crate::wire::{AnyRow, ServerInfo};

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
    probes.retain(|(call, _)| {
        let permission = call.subject.permission;
        permission.is_some_and(|permission| permission.is_needed_for(&needed))
    });
    let (mut calls, lists): (Vec<Call>, Vec<_>) = probes.into_iter().unzip();
    calls.push(server_info(settings, "InstanceInfo"));
    let answers = exchange(settings, send, calls);
    let info = answers.last().and_then(|it| it.record::<ServerInfo>().ok());
    let mut shown = Vec::new();
    for (answer, list) in answers.iter().zip(lists) {
        let permission = answer.subject.permission.unwrap_or(&TICKETS_READ);
        let count = match list {
            Some(list) => list.active(answer).map(|entries| entries.len()),
            None => total(answer),
        };
        shown.push((permission.id, unless(ErrorCode::Forbidden, count)?));
    }
    let count = |permission: &RequiredPermission| {
        let rows = shown.iter().find(|(id, _)| *id == permission.id)?.1?;
        u32::try_from(rows).ok()
    };
    Ok(Verification {
        server_version: info.and_then(|info| info.app_version.0),
        visible_companies: count(&CUSTOMERS_READ),
        visible_boards: count(&TEAMS_READ),
        ..verification(PERMISSIONS, &needed, &|permission| {
            check(permission, &shown)
        })
    })
}

/// A read for each right, or several, and the list that it is if it is always whole.
fn probes(settings: &Settings) -> Vec<(Call, Option<boards::List>)> {
    let lists = ["Tickets", "Client", "Site", "Users", "Asset"];
    let mut probes: Vec<_> = lists
        .map(|path| List {
            settings,
            doing: "read one row of a list",
            path,
            filters: &[],
        })
        .map(|list| (list.page(1, 1), None))
        .into();
    probes.extend(LISTS.map(|list| (list.call(settings), Some(list))));
    probes
}

fn total(answer: &Answer) -> Result<usize, Error> {
    let list: Rows<AnyRow> = answer.read()?;
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
const HIDDEN: &str =
    "the list is empty, since the API agent's customers, teams or ticket types hide every row";
const NO_ROWS: &str = "the list is empty: there is nothing in it, or the API agent may not see what is. Log in to Halo as this \
     agent to see which";
