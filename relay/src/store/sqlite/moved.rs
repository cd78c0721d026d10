//! Everything, out and in: for another machine.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::alerts::{keep, trail};
use super::row::{add_to_trail, of_word, rules_of, save, stored_case};
use super::{alerts, people};
use crate::case::{Case, Event, step};
use crate::policy::Timing;
use crate::store::{
    CaseId, MappingFilter, PastAlert, Result, SealedSetting, Snapshot, TakenIn, TracedCase,
};
use crate::time::Time;

/// Within one transaction, so that nothing changes in between.
pub(super) fn snapshot(connection: &Connection) -> Result<Snapshot> {
    let transaction = connection.unchecked_transaction()?;
    let tenants = people::tenants(&transaction)?;
    let mut mappings = Vec::new();
    for tenant in &tenants {
        let all = MappingFilter::default();
        mappings.extend(people::mappings(&transaction, &tenant.id, &all)?);
    }
    Ok(Snapshot {
        sources: people::sources(&transaction)?,
        tokens: people::tokens(&transaction)?,
        settings: settings(&transaction)?,
        cases: cases(&transaction)?,
        alerts: past_alerts(&transaction)?,
        mappings,
        tenants,
    })
}

fn settings(connection: &Connection) -> Result<Vec<SealedSetting>> {
    let mut select =
        connection.prepare("SELECT tenant, name, sealed FROM settings ORDER BY tenant, name")?;
    let rows = select.query_map([], |row| {
        Ok(SealedSetting {
            tenant: row.get(0)?,
            name: row.get(1)?,
            sealed: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn cases(connection: &Connection) -> Result<Vec<TracedCase>> {
    let mut select = connection.prepare("SELECT id, due_at, data FROM cases ORDER BY id")?;
    let mut rows = select.query([])?;
    let mut cases = Vec::new();
    while let Some(row) = rows.next()? {
        let stored = stored_case(row)?;
        cases.push(TracedCase {
            case: stored.case,
            trail: trail(connection, stored.id)?,
        });
    }
    Ok(cases)
}

fn past_alerts(connection: &Connection) -> Result<Vec<PastAlert>> {
    let mut select = connection.prepare(
        "SELECT at, alerts.tenant, alerts.source, key, episode, status, severity, company, summary, outcome \
         FROM alerts LEFT JOIN cases ON cases.id = case_id ORDER BY alerts.id",
    )?;
    let rows = select.query_map([], past_alert)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn past_alert(row: &Row<'_>) -> rusqlite::Result<PastAlert> {
    let key: Option<String> = row.get(3)?;
    let episode: Option<u32> = row.get(4)?;
    Ok(PastAlert {
        at: row.get(0)?,
        tenant: row.get(1)?,
        source: row.get(2)?,
        case: key.zip(episode),
        status: of_word(row, 5)?,
        severity: of_word(row, 6)?,
        company: row.get(7)?,
        summary: row.get(8)?,
        outcome: row.get(9)?,
    })
}

pub(super) fn take_in(
    connection: &Connection,
    snapshot: Snapshot,
    now: Time,
    timing: &Timing,
) -> Result<TakenIn> {
    for tenant in &snapshot.tenants {
        people::put_tenant(connection, tenant, timing)?;
    }
    for source in &snapshot.sources {
        people::put_source(connection, source)?;
    }
    people::take_in_mappings(connection, &snapshot.mappings)?;
    for token in &snapshot.tokens {
        people::put_token(connection, token)?;
    }
    for it in &snapshot.settings {
        people::put_setting(connection, &it.tenant, &it.name, it.sealed.as_deref())?;
    }
    let mut taken = TakenIn::default();
    let mut new = HashMap::new();
    for traced in snapshot.cases {
        let name = named(&traced.case);
        if id_of(connection, &name)?.is_some() {
            taken.cases_here_already += 1;
            continue;
        }
        new.insert(name, take_in_case(connection, traced, now, timing)?);
        taken.cases += 1;
    }
    for alert in snapshot.alerts {
        take_in_alert(connection, alert, &new)?;
    }
    Ok(taken)
}

/// Tenant, source, key, episode.
type Name = (String, String, String, u32);

fn named(case: &Case) -> Name {
    let Case {
        tenant,
        source,
        key,
        episode,
        ..
    } = case;
    (tenant.clone(), source.clone(), key.clone(), *episode)
}

fn id_of(connection: &Connection, name: &Name) -> Result<Option<CaseId>> {
    let mut select = connection.prepare_cached(
        "SELECT id FROM cases WHERE tenant = ?1 AND source = ?2 AND key = ?3 AND episode = ?4",
    )?;
    let (tenant, source, key, episode) = name;
    let found = select.query_row(params![tenant, source, key, episode], |row| row.get(0));
    Ok(found.optional()?)
}

fn take_in_case(
    connection: &Connection,
    traced: TracedCase,
    now: Time,
    timing: &Timing,
) -> Result<CaseId> {
    let rules = rules_of(connection, &traced.case.tenant, timing)?;
    let interrupted = step(traced.case.clone(), Event::Interrupted, now, &rules);
    let (case, line) = match interrupted {
        Some(step) => (step.case, step.line),
        None => (traced.case, None),
    };
    let (id, _) = save(connection, None, &case, &rules)?;
    for it in &traced.trail {
        add_to_trail(connection, id, &it.line, it.at)?;
    }
    if let Some(line) = line {
        add_to_trail(connection, id, &line, now)?;
    }
    Ok(id)
}

/// Alerts of cases that were here already are here already, and so is one without a case that looks the same.
fn take_in_alert(
    connection: &Connection,
    mut alert: PastAlert,
    new: &HashMap<Name, CaseId>,
) -> Result<()> {
    let case = match alert.case.take() {
        Some((key, episode)) => {
            let name = (alert.tenant.clone(), alert.source.clone(), key, episode);
            match new.get(&name) {
                Some(id) => Some(*id),
                None => return Ok(()),
            }
        }
        None => None,
    };
    let kept = alert.into_kept(case);
    if case.is_none() && alerts::is_kept_without_case(connection, &kept)? {
        return Ok(());
    }
    keep(connection, &kept)?;
    Ok(())
}
