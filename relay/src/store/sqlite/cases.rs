//! Cases and their work.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::row::{add_to_trail, rules_of, save, stored_case};
use super::rules::TenantRules;
use crate::case::{Event, Step, step};
use crate::policy::Timing;
use crate::store::{CaseFilter, CaseId, Result, StoreError, StoredCase, Watched};
use crate::tenant::Pause;
use crate::time::Time;

pub(super) fn lease(
    connection: &Connection,
    tenant: &str,
    owner: &str,
    until: Time,
    now: Time,
) -> Result<bool> {
    let mut update = connection.prepare_cached(
        "UPDATE tenants SET lease_owner = ?2, lease_until = ?3 WHERE id = ?1 \
         AND (lease_owner IS NULL OR lease_owner = ?2 OR lease_until <= ?4)",
    )?;
    Ok(update.execute(params![tenant, owner, until, now])? == 1)
}

pub(super) fn release(connection: &Connection, owner: &str) -> Result<()> {
    connection.execute(
        "UPDATE tenants SET lease_owner = NULL, lease_until = 0 WHERE lease_owner = ?1",
        [owner],
    )?;
    Ok(())
}

pub(super) fn finish(
    connection: &Connection,
    id: CaseId,
    event: Event,
    owner: &str,
    now: Time,
    rules: &TenantRules,
) -> Result<Option<Step>> {
    if !is_held(connection, id, owner, now)? {
        return Ok(None);
    }
    apply(connection, id, event, now, rules)
}

fn is_held(connection: &Connection, id: CaseId, owner: &str, until: Time) -> Result<bool> {
    let mut select = connection.prepare_cached(
        "SELECT 1 FROM tenants JOIN cases ON cases.tenant = tenants.id \
         WHERE cases.id = ?1 AND lease_owner = ?2 AND lease_until >= ?3",
    )?;
    Ok(select.exists(params![id, owner, until])?)
}

pub(super) fn start(
    connection: &Connection,
    id: CaseId,
    company_id: Option<String>,
    (owner, holds_until): (&str, Time),
    now: Time,
    rules: &TenantRules,
) -> Result<Option<StoredCase>> {
    if !is_held(connection, id, owner, holds_until)? {
        return Ok(None);
    }
    let step = apply(connection, id, Event::Started { company_id }, now, rules)?;
    Ok(step.map(|step| StoredCase {
        id,
        due_at: None,
        case: step.case,
    }))
}

pub(super) fn apply(
    connection: &Connection,
    id: CaseId,
    event: Event,
    now: Time,
    rules: &TenantRules,
) -> Result<Option<Step>> {
    let Some(stored) = case(connection, id)? else {
        return Ok(None);
    };
    let rules = rules.of(connection, &stored.case.tenant)?;
    let Some(step) = step(stored.case, event, now, &rules) else {
        return Ok(None);
    };
    save(connection, Some(id), &step.case, &rules)?;
    if let Some(line) = &step.line {
        add_to_trail(connection, id, line, now)?;
    }
    Ok(Some(step))
}

pub(super) fn case(connection: &Connection, id: CaseId) -> Result<Option<StoredCase>> {
    let mut select =
        connection.prepare_cached("SELECT id, due_at, data FROM cases WHERE id = ?1")?;
    Ok(select.query_row([id], stored_case).optional()?)
}

pub(super) fn due(
    connection: &Connection,
    tenant: &str,
    now: Time,
    limit: usize,
) -> Result<Vec<StoredCase>> {
    let mut select = connection.prepare_cached(
        "SELECT id, due_at, data FROM cases WHERE tenant = ?1 AND due_at <= ?2 ORDER BY due_at, id LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![tenant, now, limit], stored_case)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn next_due(connection: &Connection, tenant: &str) -> Result<Option<Time>> {
    let mut select = connection.prepare_cached(
        "SELECT due_at FROM cases WHERE tenant = ?1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1",
    )?;
    Ok(select.query_row([tenant], |row| row.get(0)).optional()?)
}

pub(super) fn with_work(connection: &Connection, now: Time) -> Result<Vec<String>> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM tenants WHERE EXISTS (SELECT 1 FROM cases WHERE tenant = tenants.id AND due_at <= ?1)",
    )?;
    let rows = select.query_map([now], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn calling(connection: &Connection, tenant: &str) -> Result<Vec<CaseId>> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM cases WHERE tenant = ?1 AND state IN ('opening', 'noting', 'closing', 'reopening')",
    )?;
    let rows = select.query_map([tenant], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn watched(
    connection: &Connection,
    tenant: &str,
    after: CaseId,
    limit: usize,
) -> Result<Vec<Watched>> {
    let mut select = connection.prepare_cached(
        "SELECT id, open_ticket FROM cases WHERE tenant = ?1 AND id > ?2 AND open_ticket IS NOT NULL \
         ORDER BY id LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = select.query_map(params![tenant, after, limit], |row| {
        Ok(Watched {
            case: row.get(0)?,
            ticket_id: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn pause(connection: &Connection, tenant: &str) -> Result<Option<Pause>> {
    let mut select = connection.prepare_cached("SELECT pause FROM tenants WHERE id = ?1")?;
    let found: Option<Option<String>> = select.query_row([tenant], |row| row.get(0)).optional()?;
    match found.flatten() {
        Some(text) => Ok(Some(serde_json::from_str(&text)?)),
        None => Ok(None),
    }
}

pub(super) fn set_pause(
    connection: &Connection,
    tenant: &str,
    pause: Option<&Pause>,
) -> Result<()> {
    let text = pause.map(serde_json::to_string).transpose()?;
    let changed = connection.execute(
        "UPDATE tenants SET pause = ?2 WHERE id = ?1",
        params![tenant, text],
    )?;
    match changed {
        0 => Err(StoreError::Missing("tenant".to_owned())),
        _ => Ok(()),
    }
}

pub(super) fn cases(connection: &Connection, filter: &CaseFilter) -> Result<Vec<StoredCase>> {
    let mut select = connection.prepare_cached(
        "SELECT id, due_at, data FROM cases WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR id < ?2) \
         AND (?3 = '[]' OR state IN (SELECT value FROM json_each(?3))) ORDER BY id DESC LIMIT ?4",
    )?;
    let states = serde_json::to_string(&filter.states)?;
    let limit = i64::try_from(filter.limit.unwrap_or(100)).unwrap_or(i64::MAX);
    let rows = select.query_map(
        params![filter.tenant, filter.before, states, limit],
        stored_case,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn counts(connection: &Connection) -> Result<Vec<(String, String, u64)>> {
    let mut select = connection.prepare_cached(
        "SELECT tenant, state, count(*) FROM cases GROUP BY tenant, state ORDER BY tenant, state",
    )?;
    let rows = select.query_map([], |row| {
        let count: i64 = row.get(2)?;
        Ok((row.get(0)?, row.get(1)?, u64::try_from(count).unwrap_or(0)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// After the choices of a tenant changed: when each of its cases has work.
pub(super) fn due_again(connection: &Connection, tenant: &str, timing: &Timing) -> Result<()> {
    let rules = rules_of(connection, tenant, timing)?;
    let mut select = connection.prepare_cached(
        "SELECT id, due_at, data FROM cases WHERE tenant = ?1 AND ended_at IS NULL",
    )?;
    let mut update = connection.prepare_cached("UPDATE cases SET due_at = ?2 WHERE id = ?1")?;
    let mut rows = select.query([tenant])?;
    while let Some(row) = rows.next()? {
        let stored = stored_case(row)?;
        let due_at = crate::case::due(&stored.case, &rules).map(|due| due.at);
        if due_at != stored.due_at {
            update.execute(params![stored.id, due_at])?;
        }
    }
    Ok(())
}
