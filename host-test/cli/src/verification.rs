//! The result of `verify` for people: what is missing comes first. Permissions that are set at the same place are one entry,
//! in the worst of their states, so that no place is listed both as granted and as missing.

use anstyle::Style;
use indicatif::HumanCount;
use psa_host::contract::{
    ConnectorDescription, Operation, Permission, PermissionCheck, PermissionState, Verification,
};

use crate::layout::{self, Width, indented_table, paragraph, table};
use crate::permission::{described, place_of};
use crate::terminal::{BAD, DOUBTFUL, GOOD, HEADING, styled};

/// From the worst to the best, with the heading of each.
const STATES: [(PermissionState, &str); 4] = [
    (PermissionState::Missing, "Missing"),
    (PermissionState::Limited, "Limited"),
    (PermissionState::Unknown, "Not checked"),
    (PermissionState::Granted, "Granted"),
];

/// A place where an administrator sets permissions, with those that are set there.
struct Place<'a> {
    name: String,
    checks: Vec<&'a PermissionCheck>,
}

pub(crate) fn verification(
    verification: &Verification,
    description: &ConnectorDescription,
    needed: &[Operation],
    width: Width,
) -> String {
    let places = places(verification, description, needed);
    let mut parts = vec![facts(verification, width)];
    for (state, heading) in STATES {
        let here: Vec<_> = places.iter().filter(|it| it.state() == state).collect();
        if !here.is_empty() {
            let heading = format!("{} {heading}", mark(state));
            let entries = here.iter().map(|place| entry(place, description, width));
            let entries: Vec<_> = entries.collect();
            let heading = styled(style(state).bold(), &heading);
            parts.push(format!("{heading}\n{}", entries.join("\n")));
        }
    }
    parts.push(functions(verification, description, needed, width));
    parts.push(paragraph(0, &verdict(&places, description), width));
    parts.retain(|part| !part.is_empty());
    parts.join("\n\n")
}

impl Place<'_> {
    /// The worst of its permissions' states.
    fn state(&self) -> PermissionState {
        STATES
            .iter()
            .map(|(state, _)| *state)
            .find(|state| self.checks.iter().any(|check| check.state == *state))
            .unwrap_or(PermissionState::Unknown)
    }
}

/// Those that the functions need, in the order of the description.
fn places<'a>(
    verification: &'a Verification,
    description: &ConnectorDescription,
    needed: &[Operation],
) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = Vec::new();
    for check in &verification.checks {
        let permission = described(&check.permission_id, description);
        if permission.is_some_and(|permission| !is_needed(permission, needed)) {
            continue;
        }
        let name = permission.map_or_else(|| check.permission_id.clone(), place_of);
        match places.iter_mut().find(|place| place.name == name) {
            Some(place) => place.checks.push(check),
            None => places.push(Place {
                name,
                checks: vec![check],
            }),
        }
    }
    places
}

/// Where it is; of one that is not granted also the requests it allows, and what the connector says about it.
fn entry(place: &Place<'_>, description: &ConnectorDescription, width: Width) -> String {
    let mut lines = vec![layout::entry(2, &place.name, width)];
    if place.state() == PermissionState::Granted {
        return lines.remove(0);
    }
    let worst_first = |check: &&PermissionCheck| {
        let position = STATES.iter().position(|(state, _)| *state == check.state);
        position.unwrap_or(STATES.len())
    };
    let mut checks = place.checks.clone();
    checks.sort_by_key(worst_first);
    let requests = checks.iter().map(|check| {
        let permission = described(&check.permission_id, description);
        [
            mark(check.state).to_owned(),
            check.state.name().to_owned(),
            permission.map_or_else(String::new, |permission| permission.request.clone()),
        ]
    });
    lines.push(indented_table(4, &[], requests, width));
    let mut messages: Vec<&str> = Vec::new();
    for message in place
        .checks
        .iter()
        .filter_map(|check| check.message.as_deref())
    {
        if !messages.contains(&message) {
            messages.push(message);
        }
    }
    lines.extend(messages.iter().map(|message| paragraph(4, message, width)));
    lines.join("\n")
}

fn facts(verification: &Verification, width: Width) -> String {
    let visible_rows =
        |count: Option<u32>| count.map(|count| format!("{} visible", HumanCount(count.into())));
    let facts = [
        ("Account", verification.account.clone()),
        ("Server version", verification.server_version.clone()),
        ("Companies", visible_rows(verification.visible_companies)),
        ("Boards", visible_rows(verification.visible_boards)),
    ];
    let known = facts
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| [name.to_owned(), value]));
    table(&[], known, width)
}

/// Which functions can be called with these permissions.
fn functions(
    verification: &Verification,
    description: &ConnectorDescription,
    needed: &[Operation],
    width: Width,
) -> String {
    let operations = description.operations.iter().copied();
    let (asked, others): (Vec<Operation>, Vec<Operation>) =
        operations.partition(|operation| needed.contains(operation));
    let (ready, not_ready): (Vec<Operation>, Vec<Operation>) = asked
        .into_iter()
        .partition(|operation| verification.ready.contains(operation));
    let names = |operations: Vec<Operation>| {
        let names: Vec<_> = operations.iter().map(|it| it.name()).collect();
        names.join(", ")
    };
    let rows = [
        ("Ready", ready),
        ("Not ready", not_ready),
        ("Not checked", others),
    ];
    let rows = rows
        .into_iter()
        .filter(|(_, operations)| !operations.is_empty());
    let rows = rows.map(|(name, operations)| [name.to_owned(), names(operations)]);
    let heading = styled(HEADING, "Functions");
    format!("{heading}\n{}", indented_table(2, &[], rows, width))
}

fn is_needed(permission: &Permission, needed: &[Operation]) -> bool {
    let mut functions = permission.needed_for.iter();
    functions.any(|function| needed.contains(function))
}

fn verdict(places: &[Place<'_>], description: &ConnectorDescription) -> String {
    let count = |state| places.iter().filter(|it| it.state() == state).count();
    let are = |count: usize, one: &str, many: &str| match count {
        1 => format!("1 permission {one}"),
        _ => format!("{count} permissions {many}"),
    };
    let missing = count(PermissionState::Missing);
    if missing > 0 {
        let it = if missing == 1 { "it" } else { "them" };
        return format!(
            "{}. Ask an administrator of {} to grant {it} as shown above.",
            are(missing, "is missing", "are missing"),
            description.vendor
        );
    }
    let mut sentences = Vec::new();
    match count(PermissionState::Limited) {
        0 => {}
        limited => sentences.push(format!(
            "{}: lists may lack rows.",
            are(limited, "is limited", "are limited")
        )),
    }
    match count(PermissionState::Unknown) {
        0 => {}
        unknown => sentences.push(format!(
            "{}.",
            are(unknown, "could not be checked", "could not be checked")
        )),
    }
    if sentences.is_empty() {
        return "Every permission that was checked is granted.".to_owned();
    }
    format!("No permission is missing. {}", sentences.join(" "))
}

fn mark(state: PermissionState) -> &'static str {
    match state {
        PermissionState::Granted => "✓",
        PermissionState::Limited => "~",
        PermissionState::Missing => "✗",
        PermissionState::Unknown => "?",
    }
}

fn style(state: PermissionState) -> Style {
    match state {
        PermissionState::Granted => GOOD,
        PermissionState::Limited | PermissionState::Unknown => DOUBTFUL,
        PermissionState::Missing => BAD,
    }
}

#[cfg(test)]
mod tests;
