//! Cases and their work.

use std::time::Duration;

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use super::row::{
    add_to_trail, count, execute, limit, of_json, optional, rows, stored_case, time, to_keep,
    update_cases,
};
use crate::case::{Event, Step, due, step};
use crate::policy::{Rules, Timing};
use crate::store::{CaseFilter, CaseId, Result, StoreError, StoredCase, TrailLine, Watched};
use crate::tenant::{Pause, Tenant};
use crate::time::Time;

/// Who has to hold the tenant, and for how long yet.
pub(super) type Holder<'a> = (&'a str, Duration);

/// What an event makes of a case. With a holder, only if he holds its tenant.
pub(super) async fn apply(
    client: &impl GenericClient,
    id: CaseId,
    event: Event,
    holder: Option<Holder<'_>>,
    now: Time,
    timing: &Timing,
) -> Result<Option<Step>> {
    let sql = "SELECT tenants.data FROM tenants JOIN cases ON cases.tenant = tenants.id WHERE cases.id = $1 \
               FOR NO KEY UPDATE OF tenants";
    let Some(row) = optional(client, sql, &[&id.0]).await? else {
        return Ok(None);
    };
    let rules = of_json::<Tenant>(&row, 0)?.rules(timing);
    let Some(stored) = locked(client, id, holder).await? else {
        return Ok(None);
    };
    let Some(step) = step(stored.case, event, now, &rules) else {
        return Ok(None);
    };
    let changed = to_keep(id, step.case.clone(), &rules);
    update_cases(client, &[&changed]).await?;
    if let Some(line) = &step.line {
        let line = line.clone();
        add_to_trail(client, &[(id, TrailLine { at: now, line })]).await?;
    }
    Ok(Some(step))
}

/// The case as it is now that its tenant is locked.
async fn locked(
    client: &impl GenericClient,
    id: CaseId,
    holder: Option<Holder<'_>>,
) -> Result<Option<StoredCase>> {
    let (owner, lasts) = holder.unzip();
    let lasts = lasts.unwrap_or_default().as_secs_f64();
    let sql = "SELECT cases.id, due_at, cases.data FROM cases JOIN tenants ON tenants.id = cases.tenant WHERE cases.id = $1 \
               AND ($2::text IS NULL OR (lease_owner = $2 AND lease_until >= clock_timestamp() + make_interval(secs => $3))) \
               FOR UPDATE OF cases";
    let row = optional(client, sql, &[&id.0, &owner, &lasts]).await?;
    row.as_ref().map(stored_case).transpose()
}

pub(super) async fn case(client: &impl GenericClient, id: CaseId) -> Result<Option<StoredCase>> {
    let sql = "SELECT id, due_at, data FROM cases WHERE id = $1";
    let row = optional(client, sql, &[&id.0]).await?;
    row.as_ref().map(stored_case).transpose()
}

pub(super) async fn due_cases(
    client: &impl GenericClient,
    tenant: &str,
    now: Time,
    most: usize,
) -> Result<Vec<StoredCase>> {
    let sql = "SELECT id, due_at, data FROM cases WHERE tenant = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT $3";
    let rows = rows(client, sql, &[&tenant, &now.0, &limit(most)]).await?;
    rows.iter().map(stored_case).collect()
}

pub(super) async fn next_due(client: &impl GenericClient, tenant: &str) -> Result<Option<Time>> {
    let sql =
        "SELECT due_at FROM cases WHERE tenant = $1 AND due_at IS NOT NULL ORDER BY due_at LIMIT 1";
    let row = optional(client, sql, &[&tenant]).await?;
    row.map(|row| time(&row, 0)).transpose()
}

pub(super) async fn with_work(client: &impl GenericClient, now: Time) -> Result<Vec<String>> {
    let sql = "SELECT id FROM tenants WHERE EXISTS (SELECT 1 FROM cases WHERE tenant = tenants.id AND due_at <= $1)";
    let rows = rows(client, sql, &[&now.0]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

pub(super) async fn calling(client: &impl GenericClient, tenant: &str) -> Result<Vec<CaseId>> {
    let sql = "SELECT id FROM cases WHERE tenant = $1 AND state IN ('opening', 'noting', 'closing', 'reopening')";
    let rows = rows(client, sql, &[&tenant]).await?;
    rows.iter().map(|row| Ok(CaseId(row.try_get(0)?))).collect()
}

pub(super) async fn watched(
    client: &impl GenericClient,
    tenant: &str,
    after: CaseId,
    most: usize,
) -> Result<Vec<Watched>> {
    let sql = "SELECT id, open_ticket FROM cases WHERE tenant = $1 AND id > $2 AND open_ticket IS NOT NULL ORDER BY id LIMIT $3";
    let watched = |row: &Row| {
        Ok(Watched {
            case: CaseId(row.try_get(0)?),
            ticket_id: row.try_get(1)?,
        })
    };
    let rows = rows(client, sql, &[&tenant, &after.0, &limit(most)]).await?;
    rows.iter().map(watched).collect()
}

pub(super) async fn pause(client: &impl GenericClient, tenant: &str) -> Result<Option<Pause>> {
    let sql = "SELECT pause FROM tenants WHERE id = $1 AND pause IS NOT NULL";
    let row = optional(client, sql, &[&tenant]).await?;
    row.map(|row| of_json(&row, 0)).transpose()
}

pub(super) async fn set_pause(
    client: &impl GenericClient,
    tenant: &str,
    pause: Option<&Pause>,
) -> Result<()> {
    let text = pause.map(serde_json::to_string).transpose()?;
    let sql = "UPDATE tenants SET pause = $2 WHERE id = $1";
    match execute(client, sql, &[&tenant, &text]).await? {
        0 => Err(StoreError::Missing("tenant".to_owned())),
        _ => Ok(()),
    }
}

pub(super) async fn cases(
    client: &impl GenericClient,
    filter: &CaseFilter,
) -> Result<Vec<StoredCase>> {
    let sql = "SELECT id, due_at, data FROM cases WHERE ($1::text IS NULL OR tenant = $1) AND ($2::bigint IS NULL OR id < $2) \
               AND (cardinality($3::text[]) = 0 OR state = ANY ($3)) ORDER BY id DESC LIMIT $4";
    let before = filter.before.map(|it| it.0);
    let most = limit(filter.limit.unwrap_or(100));
    let rows = rows(
        client,
        sql,
        &[&filter.tenant, &before, &filter.states, &most],
    )
    .await?;
    rows.iter().map(stored_case).collect()
}

pub(super) async fn counts(client: &impl GenericClient) -> Result<Vec<(String, String, u64)>> {
    let sql =
        "SELECT tenant, state, count(*) FROM cases GROUP BY tenant, state ORDER BY tenant, state";
    let counted = |row: &Row| Ok((row.try_get(0)?, row.try_get(1)?, count(row.try_get(2)?)));
    rows(client, sql, &[]).await?.iter().map(counted).collect()
}

/// How many cases are looked at at once.
const AT_ONCE: i64 = 1_000;

/// After the choices of a tenant changed: when each of its cases has work.
pub(super) async fn due_again(
    client: &impl GenericClient,
    tenant: &str,
    rules: &Rules,
) -> Result<()> {
    let sql = "SELECT id, due_at, data FROM cases WHERE tenant = $1 AND ended_at IS NULL AND id > $2 ORDER BY id LIMIT $3";
    let mut after = 0_i64;
    loop {
        let rows = rows(client, sql, &[&tenant, &after, &AT_ONCE]).await?;
        let cases: Result<Vec<StoredCase>> = rows.iter().map(stored_case).collect();
        let cases = cases?;
        let Some(last) = cases.last() else {
            return Ok(());
        };
        after = last.id.0;
        let (mut ids, mut times) = (Vec::new(), Vec::new());
        for stored in &cases {
            let due_at = due(&stored.case, rules).map(|due| due.at);
            if due_at != stored.due_at {
                ids.push(stored.id.0);
                times.push(due_at.map(|at| at.0));
            }
        }
        let sql = "UPDATE cases SET due_at = new.due_at FROM unnest($1::bigint[], $2::bigint[]) AS new (id, due_at) \
                   WHERE cases.id = new.id";
        execute(client, sql, &[&ids, &times]).await?;
    }
}

/// The rules of a tenant, which stays as it is until the transaction ends.
pub(super) async fn locked_rules(
    client: &impl GenericClient,
    tenant: &str,
    timing: &Timing,
) -> Result<Rules> {
    let sql = "SELECT data FROM tenants WHERE id = $1 FOR NO KEY UPDATE";
    let row = optional(client, sql, &[&tenant]).await?;
    let row = row.ok_or_else(|| StoreError::Missing("tenant".to_owned()))?;
    Ok(of_json::<Tenant>(&row, 0)?.rules(timing))
}
