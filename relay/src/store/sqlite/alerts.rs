//! What arrives, and the trail.

use rusqlite::{Connection, OptionalExtension as _, params};

use super::row::{of_word, save, stored_case};
use super::rules::TenantRules;
use crate::alert::Alert;
use crate::case::{Case, Received, due, receive};
use crate::policy::Rules;
use crate::store::{
    AlertFilter, Capture, CaseId, KeptAlert, NewCapture, Receipt, Result, StoreError, TrailLine,
};
use crate::time::Time;

pub(super) fn receive_all(
    connection: &Connection,
    source: &str,
    alerts: Vec<Alert>,
    sample: Option<&NewCapture>,
    now: Time,
    rules: &TenantRules,
) -> Result<Vec<Receipt>> {
    let mut select = connection.prepare_cached("SELECT tenant FROM sources WHERE id = ?1")?;
    let found: Option<String> = select.query_row([source], |row| row.get(0)).optional()?;
    let tenant = found.ok_or_else(|| StoreError::Missing("source".to_owned()))?;
    let rules = rules.of(connection, &tenant)?;
    if let Some(sample) = sample {
        capture(connection, source, sample, now)?;
    }
    alerts
        .into_iter()
        .map(|alert| receive_one(connection, &tenant, alert, now, &rules))
        .collect()
}

fn receive_one(
    connection: &Connection,
    tenant: &str,
    alert: Alert,
    now: Time,
    rules: &Rules,
) -> Result<Receipt> {
    // Before anything is written: a case that cannot be read is nobody else's trouble.
    let latest = latest_case(connection, tenant, &alert)?;
    if let Some(company) = &alert.company {
        count_company(connection, tenant, company)?;
    }
    let (id, latest) = latest.map_or((None, None), |(id, case)| (Some(id), Some(case)));
    let was_due = latest.as_ref().and_then(|case| due(case, rules));
    let mut kept = KeptAlert::of(tenant, &alert, now);
    let mut has_work = false;
    let received = receive(tenant, latest, alert, now, rules);
    kept.outcome = received.to_string();
    match received {
        Received::New(case) => {
            let (id, due_at) = save(connection, None, &case, rules)?;
            has_work = due_at.is_some();
            kept.case = Some(id);
        }
        Received::Joined(case, _) => {
            let (id, due_at) = save(connection, id, &case, rules)?;
            has_work = due_at.is_some_and(|at| was_due.is_none_or(|was| at < was.at));
            kept.case = Some(id);
        }
        Received::Nothing(_) => {}
    }
    kept.id = keep(connection, &kept)?;
    Ok(Receipt {
        alert: kept.id,
        case: kept.case,
        outcome: kept.outcome,
        has_work,
        tenant: tenant.to_owned(),
    })
}

fn latest_case(
    connection: &Connection,
    tenant: &str,
    alert: &Alert,
) -> Result<Option<(CaseId, Case)>> {
    let mut select = connection.prepare_cached(
        "SELECT id, due_at, data FROM cases WHERE tenant = ?1 AND source = ?2 AND key = ?3 \
         ORDER BY episode DESC LIMIT 1",
    )?;
    let found = select.query_row(params![tenant, alert.source, alert.key], stored_case);
    Ok(found.optional()?.map(|stored| (stored.id, stored.case)))
}

/// A company that is seen for the first time waits to be mapped.
fn count_company(connection: &Connection, tenant: &str, company: &str) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO mappings (tenant, company, alerts) VALUES (?1, ?2, 1) \
         ON CONFLICT (tenant, company) DO UPDATE SET alerts = alerts + 1",
    )?;
    insert.execute([tenant, company])?;
    Ok(())
}

pub(super) fn keep(connection: &Connection, alert: &KeptAlert) -> Result<i64> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO alerts (at, tenant, source, case_id, status, severity, company, summary, outcome) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    insert.execute(params![
        alert.at,
        alert.tenant,
        alert.source,
        alert.case,
        alert.status.name(),
        alert.severity.name(),
        alert.company,
        alert.summary,
        alert.outcome
    ])?;
    Ok(connection.last_insert_rowid())
}

/// Whether an alert without a case is kept already.
pub(super) fn is_kept_without_case(connection: &Connection, alert: &KeptAlert) -> Result<bool> {
    let mut select = connection.prepare_cached(
        "SELECT 1 FROM alerts WHERE case_id IS NULL AND at = ?1 AND tenant = ?2 AND source = ?3 AND status = ?4 \
         AND summary = ?5 AND outcome = ?6",
    )?;
    Ok(select.exists(params![
        alert.at,
        alert.tenant,
        alert.source,
        alert.status.name(),
        alert.summary,
        alert.outcome
    ])?)
}

pub(super) fn capture(
    connection: &Connection,
    source: &str,
    capture: &NewCapture,
    now: Time,
) -> Result<()> {
    let mut select = connection.prepare_cached(
        "SELECT coalesce(max(number), 0) + 1 FROM captures WHERE source = ?1 AND is_understood = ?2",
    )?;
    let number: i64 = select.query_row(params![source, capture.is_understood], |row| row.get(0))?;
    let mut insert = connection.prepare_cached(
        "INSERT OR REPLACE INTO captures (source, is_understood, place, number, at, why, media_type, body) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    insert.execute(params![
        source,
        capture.is_understood,
        number % capture.most_kept(),
        number,
        now,
        capture.why,
        capture.media_type,
        capture.body
    ])?;
    Ok(())
}

pub(super) fn captures(connection: &Connection, source: &str) -> Result<Vec<Capture>> {
    let mut select = connection.prepare_cached(
        "SELECT at, is_understood, why, media_type, body FROM captures WHERE source = ?1 \
         ORDER BY at DESC, number DESC",
    )?;
    let rows = select.query_map([source], |row| {
        Ok(Capture {
            at: row.get(0)?,
            capture: NewCapture {
                is_understood: row.get(1)?,
                why: row.get(2)?,
                media_type: row.get(3)?,
                body: row.get(4)?,
            },
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn alerts(connection: &Connection, filter: &AlertFilter) -> Result<Vec<KeptAlert>> {
    let mut select = connection.prepare_cached(
        "SELECT id, at, tenant, source, case_id, status, severity, company, summary, outcome FROM alerts \
         WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR source = ?2) AND (?3 IS NULL OR case_id = ?3) \
         AND (?4 IS NULL OR id < ?4) ORDER BY id DESC LIMIT ?5",
    )?;
    let limit = i64::try_from(filter.limit.unwrap_or(100)).unwrap_or(i64::MAX);
    let rows = select.query_map(
        params![
            filter.tenant,
            filter.source,
            filter.case,
            filter.before,
            limit
        ],
        |row| {
            Ok(KeptAlert {
                id: row.get(0)?,
                at: row.get(1)?,
                tenant: row.get(2)?,
                source: row.get(3)?,
                case: row.get(4)?,
                status: of_word(row, 5)?,
                severity: of_word(row, 6)?,
                company: row.get(7)?,
                summary: row.get(8)?,
                outcome: row.get(9)?,
            })
        },
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn trail(connection: &Connection, case: CaseId) -> Result<Vec<TrailLine>> {
    let mut select =
        connection.prepare_cached("SELECT at, line FROM trail WHERE case_id = ?1 ORDER BY id")?;
    let rows = select.query_map([case], |row| {
        Ok(TrailLine {
            at: row.get(0)?,
            line: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Cases that ended, and alerts without a case. A case that did not end is never forgotten.
pub(super) fn forget(connection: &Connection, ended_before: Time) -> Result<u64> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM cases WHERE id IN (SELECT id FROM cases WHERE ended_at < ?1 AND due_at IS NULL \
         AND state IN ('closed', 'dropped') LIMIT 1000)",
    )?;
    let cases = delete.execute([ended_before])?;
    let mut delete = connection.prepare_cached(
        "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE case_id IS NULL AND at < ?1 LIMIT 1000)",
    )?;
    delete.execute([ended_before])?;
    Ok(u64::try_from(cases).unwrap_or(u64::MAX))
}
