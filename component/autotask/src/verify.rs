//! `verify`: whether the credentials are good, and what the user's security level lets them do.
//!
//! One request goes alone, so that wrong credentials are one failed login and not ten: a number of them locks the user.

use psa_contract::{ErrorCode, Operation, PermissionCheck, PermissionState, Verification};
use psa_toolkit::error::unless;
use psa_toolkit::exchange::{Answer, Call, exchange, exchange_one};
use psa_toolkit::json::Record;
use psa_toolkit::permission::{RequiredPermission, needed_operations, verification};
use psa_toolkit::{Error, HttpSend, ServiceDesk};
use serde_json::json;

use crate::Autotask;
use crate::api::{condition, enter};
use crate::permissions::{Access, COMPANIES, PERMISSIONS, shown_by};
use crate::settings::Settings;
use crate::wire::{self, Fields, Rights};

/// Proves the credentials, and checks the permissions that these operations need.
pub(crate) fn verify(
    settings: &Settings,
    needed: &[Operation],
    send: &mut HttpSend,
) -> Result<Verification, Error> {
    let needed = needed_operations(Autotask::OPERATIONS, needed)?;
    let send = &mut enter(settings, send)?;
    let first = exchange_one(settings, send, entity_information(settings, "Tickets"));
    let mut rights = vec![("Tickets", rights_of(&first)?)];
    let entities = other_entities(&needed);
    let mut calls = vec![
        settings.fields("Tickets", 0),
        settings.read("read the version", "Version"),
        count_of_companies(settings),
    ];
    calls.extend(entities.iter().map(|it| entity_information(settings, it)));
    let mut answers = exchange(settings, send, calls).into_iter();
    let queues = |it: Answer| Ok(Fields::of_ticket(&it)?.of("board-id").active().count() as u64);
    let queues = answers.next().map(queues);
    let version = answers.next().and_then(|it| version(&it));
    let companies = |it: Answer| Ok(it.record::<wire::Count>()?.query_count);
    let companies = visible(answers.next().map(companies))?;
    for (entity, answer) in entities.iter().zip(answers) {
        rights.push((entity, rights_of(&answer)?));
    }
    let check = |permission| check(permission, &rights, companies);
    Ok(Verification {
        account: Some(settings.user_name.clone()),
        server_version: version,
        visible_companies: companies,
        visible_boards: visible(queues)?,
        ..verification(PERMISSIONS, &needed, &check)
    })
}

fn entity_information(settings: &Settings, entity: &str) -> Call {
    let doing = format!("read the rights on {entity}");
    settings.read(&doing, &format!("{entity}/entityInformation"))
}

fn count_of_companies(settings: &Settings) -> Call {
    let body = json!({"filter": [condition("eq", "isActive", true)]});
    settings.post::<wire::Company>("count companies", "query/count", &body)
}

/// Those that show a right that is needed, each once. What signing in shows has none.
fn other_entities(needed: &[Operation]) -> Vec<&'static str> {
    let mut entities = vec!["", "Tickets"];
    for permission in PERMISSIONS.iter().filter(|it| it.is_needed_for(needed)) {
        let (entity, _) = shown_by(permission);
        if !entities.contains(&entity) {
            entities.push(entity);
        }
    }
    entities.split_off(2)
}

/// None: the user may not even ask.
fn rights_of(answer: &Answer) -> Result<Option<Rights>, Error> {
    let information = answer.record::<wire::EntityInformation>();
    let information = unless(ErrorCode::Forbidden, information)?;
    Ok(information.map(|wire::EntityInformation { info: Record(info) }| info))
}

fn visible(count: Option<Result<u64, Error>>) -> Result<Option<u32>, Error> {
    let count = count.map(|it| unless(ErrorCode::Forbidden, it));
    let count = count.transpose()?.flatten();
    Ok(count.and_then(|it| u32::try_from(it).ok()))
}

/// An extra: not every server serves it.
fn version(answer: &Answer) -> Option<String> {
    let version: wire::Version = answer.record().ok()?;
    let parts = [version.major_version, version.minor_version, version.build];
    let parts: Vec<String> = parts.into_iter().filter_map(|it| it.0).collect();
    (!parts.is_empty()).then(|| parts.join("."))
}

fn check(
    permission: &'static RequiredPermission,
    rights: &[(&str, Option<Rights>)],
    companies: Option<u32>,
) -> PermissionCheck {
    let (entity, access) = shown_by(permission);
    let of_entity = rights.iter().find(|(other, _)| *other == entity);
    let (state, reason) = match of_entity {
        Some((_, Some(rights))) => judge(rights, access),
        Some((_, None)) => (PermissionState::Missing, REFUSED),
        // Signing in shows it.
        None => (PermissionState::Granted, ""),
    };
    // A right that is missing shows as an empty list, whatever the API says of it.
    if permission.id == COMPANIES.id && state == PermissionState::Granted && companies == Some(0) {
        return permission.check(PermissionState::Limited, NO_ROWS);
    }
    permission.check(state, reason)
}

pub(crate) fn judge(rights: &Rights, access: Access) -> (PermissionState, &'static str) {
    let (of_api, of_user) = match access {
        Access::Query => (rights.can_query, &rights.user_access_for_query),
        Access::Create => (rights.can_create, &rights.user_access_for_create),
        Access::Update => (rights.can_update, &rights.user_access_for_update),
    };
    // The documentation gives numbers and flags, recorded answers texts.
    let of_user = of_user.0.as_ref().map(|it| it.to_lowercase());
    match of_user.as_deref() {
        _ if of_api == Some(false) => (PermissionState::Missing, REFUSED),
        Some("all" | "1" | "true") => (PermissionState::Granted, ""),
        Some("restricted" | "2") => (PermissionState::Limited, RESTRICTED),
        Some("none" | "0" | "false") => (PermissionState::Missing, REFUSED),
        _ => (PermissionState::Unknown, NOT_SAID),
    }
}

const REFUSED: &str = "Autotask says that the API user may not";
const RESTRICTED: &str =
    "Autotask says that it depends on the record, so that lists may silently lack rows";
const NO_ROWS: &str = "no active organization is visible, which is how a missing right shows";
const NOT_SAID: &str = "Autotask does not say, and it cannot be known without writing something";
