//! Values to columns and back. What is written in number is written with one statement.

use std::borrow::Cow;

use deadpool_postgres::GenericClient;
use serde::de::DeserializeOwned;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use crate::case::{Case, due};
use crate::policy::Rules;
use crate::store::{CaseId, KeptAlert, Result, StoreError, StoredCase, TrailLine};
use crate::time::Time;

pub(super) type Parameters<'a> = &'a [&'a (dyn ToSql + Sync)];

/// Each statement is prepared once for a connection.
pub(super) async fn rows(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Vec<Row>> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query(&statement, parameters).await?)
}

pub(super) async fn optional(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Option<Row>> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query_opt(&statement, parameters).await?)
}

pub(super) async fn one(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<Row> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.query_one(&statement, parameters).await?)
}

/// Returns how many rows it changed.
pub(super) async fn execute(
    client: &impl GenericClient,
    sql: &str,
    parameters: Parameters<'_>,
) -> Result<u64> {
    let statement = client.prepare_cached(sql).await?;
    Ok(client.execute(&statement, parameters).await?)
}

/// PostgreSQL keeps every character but one.
pub(super) fn clean(text: &str) -> Cow<'_, str> {
    if text.contains('\0') {
        Cow::Owned(text.replace('\0', "\u{fffd}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// As many as may be asked for.
pub(super) fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// A word of an enumeration from a column.
pub(super) fn of_word<T: DeserializeOwned>(row: &Row, index: usize) -> Result<T> {
    let word: String = row.try_get(index)?;
    Ok(serde_json::from_value(serde_json::Value::String(word))?)
}

/// JSON from a column.
pub(super) fn of_json<T: DeserializeOwned>(row: &Row, index: usize) -> Result<T> {
    Ok(serde_json::from_str(row.try_get(index)?)?)
}

pub(super) fn time(row: &Row, index: usize) -> Result<Time> {
    Ok(Time(row.try_get(index)?))
}

/// Columns `id, due_at, data`.
pub(super) fn stored_case(row: &Row) -> Result<StoredCase> {
    Ok(StoredCase {
        id: CaseId(row.try_get(0)?),
        due_at: row.try_get::<_, Option<i64>>(1)?.map(Time),
        case: of_json(row, 2)?,
    })
}

/// A case as it is to be kept.
pub(super) fn to_keep(id: CaseId, case: Case, rules: &Rules) -> StoredCase {
    let due_at = due(&case, rules).map(|due| due.at);
    StoredCase { id, due_at, case }
}

/// New numbers of a sequence, ascending.
pub(super) async fn numbers(
    client: &impl GenericClient,
    sequence: &str,
    how_many: usize,
) -> Result<Vec<i64>> {
    if how_many == 0 {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT nextval('{sequence}') FROM generate_series(1, $1::bigint)");
    let rows = rows(client, &sql, &[&limit(how_many)]).await?;
    let numbers: std::result::Result<Vec<i64>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    Ok(numbers?)
}

/// Columns of cases, as arrays.
struct Columns<'a> {
    ids: Vec<i64>,
    episodes: Vec<i64>,
    states: Vec<&'static str>,
    due_at: Vec<Option<i64>>,
    open_tickets: Vec<Option<Cow<'a, str>>>,
    ended_at: Vec<Option<i64>>,
    data: Vec<String>,
}

impl<'a> Columns<'a> {
    fn of(cases: &[&'a StoredCase]) -> Result<Self> {
        let open_ticket = |case: &'a Case| {
            let ticket = case.ticket.as_ref().filter(|ticket| !ticket.is_closed);
            ticket.map(|ticket| clean(&ticket.id))
        };
        let data: std::result::Result<_, _> = cases
            .iter()
            .map(|it| serde_json::to_string(&it.case))
            .collect();
        Ok(Self {
            ids: cases.iter().map(|it| it.id.0).collect(),
            episodes: cases.iter().map(|it| it.case.episode.into()).collect(),
            states: cases.iter().map(|it| it.case.state.name()).collect(),
            due_at: cases.iter().map(|it| it.due_at.map(|at| at.0)).collect(),
            open_tickets: cases.iter().map(|it| open_ticket(&it.case)).collect(),
            ended_at: cases
                .iter()
                .map(|it| it.case.ended_at.map(|at| at.0))
                .collect(),
            data: data?,
        })
    }
}

pub(super) async fn insert_cases(client: &impl GenericClient, cases: &[&StoredCase]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let it = Columns::of(cases)?;
    let tenants: Vec<&str> = cases.iter().map(|it| &*it.case.tenant).collect();
    let sources: Vec<&str> = cases.iter().map(|it| &*it.case.source).collect();
    let keys: Vec<Cow<'_, str>> = cases.iter().map(|it| clean(&it.case.key)).collect();
    let sql = "INSERT INTO cases (id, tenant, source, key, episode, state, due_at, open_ticket, ended_at, data) \
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], \
               $7::bigint[], $8::text[], $9::bigint[], $10::text[])";
    let parameters: Parameters<'_> = &[
        &it.ids,
        &tenants,
        &sources,
        &keys,
        &it.episodes,
        &it.states,
        &it.due_at,
        &it.open_tickets,
        &it.ended_at,
        &it.data,
    ];
    execute(client, sql, parameters).await?;
    Ok(())
}

/// All of them are there, or nothing is kept.
pub(super) async fn update_cases(client: &impl GenericClient, cases: &[&StoredCase]) -> Result<()> {
    if cases.is_empty() {
        return Ok(());
    }
    let it = Columns::of(cases)?;
    let sql = "UPDATE cases SET episode = new.episode, state = new.state, due_at = new.due_at, \
               open_ticket = new.open_ticket, ended_at = new.ended_at, data = new.data \
               FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bigint[], $7::text[]) \
               AS new (id, episode, state, due_at, open_ticket, ended_at, data) WHERE cases.id = new.id";
    let parameters: Parameters<'_> = &[
        &it.ids,
        &it.episodes,
        &it.states,
        &it.due_at,
        &it.open_tickets,
        &it.ended_at,
        &it.data,
    ];
    let changed = execute(client, sql, parameters).await?;
    if usize::try_from(changed) == Ok(cases.len()) {
        Ok(())
    } else {
        Err(StoreError::Missing("case".to_owned()))
    }
}

/// With their numbers.
pub(super) async fn insert_alerts(client: &impl GenericClient, alerts: &[KeptAlert]) -> Result<()> {
    if alerts.is_empty() {
        return Ok(());
    }
    let texts = |text: fn(&KeptAlert) -> &str| -> Vec<Cow<'_, str>> {
        alerts.iter().map(|it| clean(text(it))).collect()
    };
    let ids: Vec<i64> = alerts.iter().map(|it| it.id).collect();
    let at: Vec<i64> = alerts.iter().map(|it| it.at.0).collect();
    let cases: Vec<Option<i64>> = alerts.iter().map(|it| it.case.map(|id| id.0)).collect();
    let statuses: Vec<&str> = alerts.iter().map(|it| it.status.name()).collect();
    let severities: Vec<&str> = alerts.iter().map(|it| it.severity.name()).collect();
    let companies: Vec<Option<Cow<'_, str>>> = alerts
        .iter()
        .map(|it| it.company.as_deref().map(clean))
        .collect();
    let sql = "INSERT INTO alerts (id, at, tenant, source, case_id, status, severity, company, summary, outcome) \
               SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[], $6::text[], \
               $7::text[], $8::text[], $9::text[], $10::text[])";
    let (tenants, sources) = (texts(|it| &it.tenant), texts(|it| &it.source));
    let (summaries, outcomes) = (texts(|it| &it.summary), texts(|it| &it.outcome));
    let parameters: Parameters<'_> = &[
        &ids,
        &at,
        &tenants,
        &sources,
        &cases,
        &statuses,
        &severities,
        &companies,
        &summaries,
        &outcomes,
    ];
    execute(client, sql, parameters).await?;
    Ok(())
}

pub(super) async fn add_to_trail(
    client: &impl GenericClient,
    lines: &[(CaseId, TrailLine)],
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let cases: Vec<i64> = lines.iter().map(|(case, _)| case.0).collect();
    let at: Vec<i64> = lines.iter().map(|(_, it)| it.at.0).collect();
    let texts: Vec<Cow<'_, str>> = lines.iter().map(|(_, it)| clean(&it.line)).collect();
    let sql = "INSERT INTO trail (case_id, at, line) SELECT case_id, at, line \
               FROM unnest($1::bigint[], $2::bigint[], $3::text[]) WITH ORDINALITY AS new (case_id, at, line, place) \
               ORDER BY place";
    execute(client, sql, &[&cases, &at, &texts]).await?;
    Ok(())
}
