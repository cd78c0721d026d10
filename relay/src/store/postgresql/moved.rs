//! Everything, out and in: for another machine, or another store.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use super::row::{
    Parameters, add_to_trail, clean, insert_alerts, insert_cases, numbers, of_word, optional, rows,
    stored_case, time, to_keep,
};
use super::{cases, people};
use crate::case::{Case, Event, step};
use crate::policy::{Rules, Timing};
use crate::store::{
    CaseId, KeptAlert, MappingFilter, PastAlert, Result, Snapshot, StoredCase, TakenIn, TracedCase,
    TrailLine,
};
use crate::time::Time;

/// How many cases or alerts are written at once.
const AT_ONCE: usize = 1_000;

/// Within one transaction that sees one moment.
pub(super) async fn snapshot(client: &impl GenericClient) -> Result<Snapshot> {
    let tenants = people::tenants(client).await?;
    let mut mappings = Vec::new();
    for tenant in &tenants {
        let all = MappingFilter::default();
        mappings.extend(people::mappings(client, &tenant.id, &all).await?);
    }
    Ok(Snapshot {
        sources: people::sources(client).await?,
        tokens: people::tokens(client).await?,
        settings: people::all_settings(client).await?,
        cases: traced_cases(client).await?,
        alerts: past_alerts(client).await?,
        mappings,
        tenants,
    })
}

async fn traced_cases(client: &impl GenericClient) -> Result<Vec<TracedCase>> {
    let mut trails: HashMap<i64, Vec<TrailLine>> = HashMap::new();
    let sql = "SELECT case_id, at, line FROM trail ORDER BY id";
    for row in rows(client, sql, &[]).await? {
        let line = TrailLine {
            at: time(&row, 1)?,
            line: row.try_get(2)?,
        };
        trails.entry(row.try_get(0)?).or_default().push(line);
    }
    let sql = "SELECT id, due_at, data FROM cases ORDER BY id";
    let mut cases = Vec::new();
    for row in rows(client, sql, &[]).await? {
        let stored = stored_case(&row)?;
        cases.push(TracedCase {
            case: stored.case,
            trail: trails.remove(&stored.id.0).unwrap_or_default(),
        });
    }
    Ok(cases)
}

async fn past_alerts(client: &impl GenericClient) -> Result<Vec<PastAlert>> {
    let sql = "SELECT at, alerts.tenant, alerts.source, key, episode, status, severity, company, summary, outcome \
               FROM alerts LEFT JOIN cases ON cases.id = case_id ORDER BY alerts.id";
    let alert = |row: &Row| {
        let key: Option<String> = row.try_get(3)?;
        let episode: Option<i64> = row.try_get(4)?;
        let episode = episode.map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        Ok(PastAlert {
            at: time(row, 0)?,
            tenant: row.try_get(1)?,
            source: row.try_get(2)?,
            case: key.zip(episode),
            status: of_word(row, 5)?,
            severity: of_word(row, 6)?,
            company: row.try_get(7)?,
            summary: row.try_get(8)?,
            outcome: row.try_get(9)?,
        })
    };
    rows(client, sql, &[]).await?.iter().map(alert).collect()
}

pub(super) async fn take_in(
    client: &impl GenericClient,
    snapshot: Snapshot,
    now: Time,
    timing: &Timing,
) -> Result<TakenIn> {
    let mut of_tenants = snapshot.tenants;
    of_tenants.sort_by(|one, other| one.id.cmp(&other.id));
    for tenant in &of_tenants {
        people::put_tenant(client, tenant, timing).await?;
    }
    for source in &snapshot.sources {
        people::put_source(client, source).await?;
    }
    people::take_in_mappings(client, &snapshot.mappings).await?;
    for token in &snapshot.tokens {
        people::put_token(client, token).await?;
    }
    for it in &snapshot.settings {
        people::put_setting(client, &it.tenant, &it.name, it.sealed.as_deref()).await?;
    }
    let tenants: BTreeSet<String> = snapshot
        .cases
        .iter()
        .map(|it| it.case.tenant.clone())
        .collect();
    let mut rules = BTreeMap::new();
    for tenant in tenants {
        let of_tenant = cases::locked_rules(client, &tenant, timing).await?;
        rules.insert(tenant, of_tenant);
    }
    let mut taken = TakenIn::default();
    let mut new = HashMap::new();
    let mut left = snapshot.cases.into_iter().peekable();
    while left.peek().is_some() {
        let some: Vec<TracedCase> = left.by_ref().take(AT_ONCE).collect();
        take_in_cases(client, some, &rules, now, (&mut taken, &mut new)).await?;
    }
    take_in_alerts(client, snapshot.alerts, &new).await?;
    Ok(taken)
}

/// Tenant, source, key, episode.
type Name = (String, String, String, u32);

fn named(case: &Case) -> Name {
    let key = clean(&case.key).into_owned();
    (case.tenant.clone(), case.source.clone(), key, case.episode)
}

async fn is_here(client: &impl GenericClient, name: &Name) -> Result<bool> {
    let sql = "SELECT 1 FROM cases WHERE tenant = $1 AND source = $2 AND key = $3 AND episode = $4";
    let (tenant, source, key, episode) = name;
    let found = optional(client, sql, &[tenant, source, key, &i64::from(*episode)]).await?;
    Ok(found.is_some())
}

async fn take_in_cases(
    client: &impl GenericClient,
    traced: Vec<TracedCase>,
    rules: &BTreeMap<String, Rules>,
    now: Time,
    (taken, new): (&mut TakenIn, &mut HashMap<Name, CaseId>),
) -> Result<()> {
    let mut cases: Vec<StoredCase> = Vec::new();
    let mut lines: Vec<(CaseId, TrailLine)> = Vec::new();
    let ids = numbers(client, "case_ids", traced.len()).await?;
    for (traced, id) in traced.into_iter().zip(ids) {
        let (name, id) = (named(&traced.case), CaseId(id));
        let Some(rules) = rules.get(&traced.case.tenant) else {
            continue;
        };
        if new.contains_key(&name) || is_here(client, &name).await? {
            taken.cases_here_already += 1;
            continue;
        }
        lines.extend(traced.trail.into_iter().map(|line| (id, line)));
        let interrupted = step(traced.case.clone(), Event::Interrupted, now, rules);
        let case = match interrupted {
            Some(step) => {
                let line = step.line.map(|line| TrailLine { at: now, line });
                lines.extend(line.map(|line| (id, line)));
                step.case
            }
            None => traced.case,
        };
        cases.push(to_keep(id, case, rules));
        new.insert(name, id);
        taken.cases += 1;
    }
    insert_cases(client, &cases.iter().collect::<Vec<_>>()).await?;
    add_to_trail(client, &lines).await
}

/// Alerts of cases that were here already are here already, and so is one without a case that looks the same.
async fn take_in_alerts(
    client: &impl GenericClient,
    alerts: Vec<PastAlert>,
    new: &HashMap<Name, CaseId>,
) -> Result<()> {
    let mut kept = Vec::new();
    let mut loose = BTreeSet::new();
    for alert in alerts {
        let case = match &alert.case {
            Some((key, episode)) => {
                let (tenant, source) = (alert.tenant.clone(), alert.source.clone());
                match new.get(&(tenant, source, clean(key).into_owned(), *episode)) {
                    Some(id) => Some(*id),
                    None => continue,
                }
            }
            None => None,
        };
        let alert = alert.into_kept(case);
        if case.is_none() {
            let looks = format!(
                "{:?}",
                KeptAlert {
                    company: None,
                    ..alert.clone()
                }
            );
            if !loose.insert(looks) || is_kept_without_case(client, &alert).await? {
                continue;
            }
        }
        kept.push(alert);
    }
    for some in kept.chunks_mut(AT_ONCE) {
        let ids = numbers(client, "alert_ids", some.len()).await?;
        for (alert, id) in some.iter_mut().zip(ids) {
            alert.id = id;
        }
        insert_alerts(client, some).await?;
    }
    Ok(())
}

async fn is_kept_without_case(client: &impl GenericClient, alert: &KeptAlert) -> Result<bool> {
    let sql = "SELECT 1 FROM alerts WHERE case_id IS NULL AND at = $1 AND tenant = $2 AND source = $3 AND status = $4 \
               AND summary = $5 AND outcome = $6 LIMIT 1";
    let (summary, outcome) = (clean(&alert.summary), clean(&alert.outcome));
    let parameters: Parameters<'_> = &[
        &alert.at.0,
        &alert.tenant,
        &alert.source,
        &alert.status.name(),
        &summary,
        &outcome,
    ];
    Ok(optional(client, sql, parameters).await?.is_some())
}
