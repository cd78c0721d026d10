//! The trail, samples, and what is forgotten.

use std::collections::BTreeMap;

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use super::row::{clean, execute, limit, of_word, rows, time};
use crate::store::{AlertFilter, Capture, CaseId, KeptAlert, NewCapture, Result, TrailLine};
use crate::time::Time;

/// A company that is seen for the first time waits to be mapped.
pub(super) async fn count_companies(
    client: &impl GenericClient,
    companies: &BTreeMap<(String, String), i64>,
) -> Result<()> {
    if companies.is_empty() {
        return Ok(());
    }
    let tenants: Vec<&str> = companies.keys().map(|(tenant, _)| &**tenant).collect();
    let names: Vec<&str> = companies.keys().map(|(_, name)| &**name).collect();
    let counts: Vec<i64> = companies.values().copied().collect();
    let sql = "INSERT INTO mappings (tenant, company, alerts) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[]) \
               ON CONFLICT (tenant, company) DO UPDATE SET alerts = mappings.alerts + excluded.alerts";
    execute(client, sql, &[&tenants, &names, &counts]).await?;
    Ok(())
}

pub(super) async fn capture(
    client: &impl GenericClient,
    source: &str,
    capture: &NewCapture,
    now: Time,
) -> Result<()> {
    let places = capture.most_kept();
    let sql = "INSERT INTO captures (source, is_understood, place, number, at, why, media_type, body) \
               SELECT $1, $2, number % $3, number, $4, $5, $6, $7 FROM (SELECT coalesce(max(number), 0) + 1 AS number \
               FROM captures WHERE source = $1 AND is_understood = $2) AS next \
               ON CONFLICT (source, is_understood, place) DO UPDATE SET number = excluded.number, at = excluded.at, \
               why = excluded.why, media_type = excluded.media_type, body = excluded.body";
    let (why, media_type, body) = (
        clean(&capture.why),
        clean(&capture.media_type),
        clean(&capture.body),
    );
    let understood = capture.is_understood;
    execute(
        client,
        sql,
        &[
            &source,
            &understood,
            &places,
            &now.0,
            &why,
            &media_type,
            &body,
        ],
    )
    .await?;
    Ok(())
}

pub(super) async fn captures(client: &impl GenericClient, source: &str) -> Result<Vec<Capture>> {
    let sql = "SELECT at, is_understood, why, media_type, body FROM captures WHERE source = $1 ORDER BY at DESC, number DESC";
    let capture = |row: &Row| {
        Ok(Capture {
            at: time(row, 0)?,
            capture: NewCapture {
                is_understood: row.try_get(1)?,
                why: row.try_get(2)?,
                media_type: row.try_get(3)?,
                body: row.try_get(4)?,
            },
        })
    };
    rows(client, sql, &[&source])
        .await?
        .iter()
        .map(capture)
        .collect()
}

pub(super) async fn alerts(
    client: &impl GenericClient,
    filter: &AlertFilter,
) -> Result<Vec<KeptAlert>> {
    let sql = "SELECT id, at, tenant, source, case_id, status, severity, company, summary, outcome FROM alerts \
               WHERE ($1::text IS NULL OR tenant = $1) AND ($2::text IS NULL OR source = $2) \
               AND ($3::bigint IS NULL OR case_id = $3) AND ($4::bigint IS NULL OR id < $4) ORDER BY id DESC LIMIT $5";
    let alert = |row: &Row| {
        Ok(KeptAlert {
            id: row.try_get(0)?,
            at: time(row, 1)?,
            tenant: row.try_get(2)?,
            source: row.try_get(3)?,
            case: row.try_get::<_, Option<i64>>(4)?.map(CaseId),
            status: of_word(row, 5)?,
            severity: of_word(row, 6)?,
            company: row.try_get(7)?,
            summary: row.try_get(8)?,
            outcome: row.try_get(9)?,
        })
    };
    let case = filter.case.map(|it| it.0);
    let most = limit(filter.limit.unwrap_or(100));
    let rows = rows(
        client,
        sql,
        &[&filter.tenant, &filter.source, &case, &filter.before, &most],
    )
    .await?;
    rows.iter().map(alert).collect()
}

pub(super) async fn trail(client: &impl GenericClient, case: CaseId) -> Result<Vec<TrailLine>> {
    let sql = "SELECT at, line FROM trail WHERE case_id = $1 ORDER BY id";
    let line = |row: &Row| {
        Ok(TrailLine {
            at: time(row, 0)?,
            line: row.try_get(1)?,
        })
    };
    rows(client, sql, &[&case.0])
        .await?
        .iter()
        .map(line)
        .collect()
}

/// Cases that ended, and alerts without a case. A case that did not end is never forgotten: one that another relay works on
/// is locked, and left for the next time.
pub(super) async fn forget(client: &impl GenericClient, ended_before: Time) -> Result<u64> {
    let sql = "WITH old AS MATERIALIZED (SELECT id FROM cases WHERE ended_at < $1 AND due_at IS NULL \
               AND state IN ('closed', 'dropped') LIMIT 1000 FOR UPDATE SKIP LOCKED) \
               DELETE FROM cases USING old WHERE cases.id = old.id";
    let cases = execute(client, sql, &[&ended_before.0]).await?;
    let sql = "WITH old AS MATERIALIZED (SELECT id FROM alerts WHERE case_id IS NULL AND at < $1 LIMIT 1000 \
               FOR UPDATE SKIP LOCKED) DELETE FROM alerts USING old WHERE alerts.id = old.id";
    execute(client, sql, &[&ended_before.0]).await?;
    Ok(cases)
}
