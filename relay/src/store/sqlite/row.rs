//! Values to columns and back.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::de::DeserializeOwned;

use crate::case::{Case, due};
use crate::policy::{Rules, Timing};
use crate::store::{CaseId, Result, StoreError, StoredCase};
use crate::tenant::Tenant;
use crate::time::Time;

impl ToSql for Time {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for Time {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

impl ToSql for CaseId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl FromSql for CaseId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        i64::column_result(value).map(Self)
    }
}

/// A word of an enumeration from a column.
pub(super) fn of_word<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let word: String = row.get(index)?;
    serde_json::from_value(serde_json::Value::String(word)).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(
            index,
            rusqlite::types::Type::Text,
            Box::new(error),
        )
    })
}

/// JSON from a column.
pub(super) fn of_json<T: DeserializeOwned>(row: &Row<'_>, index: usize) -> rusqlite::Result<T> {
    let text = row.get_ref(index)?.as_str().map_err(|_| {
        rusqlite::Error::InvalidColumnType(index, "JSON".to_owned(), rusqlite::types::Type::Null)
    })?;
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::from(FromSqlError::Other(Box::new(error))))
}

/// Columns `id, due_at, data`.
pub(super) fn stored_case(row: &Row<'_>) -> rusqlite::Result<StoredCase> {
    Ok(StoredCase {
        id: row.get(0)?,
        due_at: row.get(1)?,
        case: of_json(row, 2)?,
    })
}

pub(super) fn rules_of(connection: &Connection, tenant: &str, timing: &Timing) -> Result<Rules> {
    let tenant = tenant_of(connection, tenant)?;
    let tenant = tenant.ok_or_else(|| StoreError::Missing("tenant".to_owned()))?;
    Ok(tenant.rules(timing))
}

pub(super) fn tenant_of(connection: &Connection, id: &str) -> Result<Option<Tenant>> {
    let mut statement = connection.prepare_cached("SELECT data FROM tenants WHERE id = ?1")?;
    let found = statement.query_row([id], |row| of_json(row, 0));
    Ok(found.optional()?)
}

/// Keeps a case, with what is looked for in columns. Returns its number and when it has work.
pub(super) fn save(
    connection: &Connection,
    id: Option<CaseId>,
    case: &Case,
    rules: &Rules,
) -> Result<(CaseId, Option<Time>)> {
    let due_at = due(case, rules).map(|due| due.at);
    let open_ticket = case
        .ticket
        .as_ref()
        .filter(|ticket| !ticket.is_closed)
        .map(|ticket| ticket.id.as_str());
    let data = serde_json::to_string(case)?;
    let id = match id {
        Some(id) => {
            let mut update = connection.prepare_cached(
                "UPDATE cases SET state = ?2, due_at = ?3, open_ticket = ?4, ended_at = ?5, data = ?6, episode = ?7 WHERE id = ?1",
            )?;
            update.execute(params![
                id,
                case.state.name(),
                due_at,
                open_ticket,
                case.ended_at,
                data,
                case.episode
            ])?;
            id
        }
        None => {
            let mut insert = connection.prepare_cached(
                "INSERT INTO cases (tenant, source, key, episode, state, due_at, open_ticket, ended_at, data) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?;
            insert.execute(params![
                case.tenant,
                case.source,
                case.key,
                case.episode,
                case.state.name(),
                due_at,
                open_ticket,
                case.ended_at,
                data
            ])?;
            CaseId(connection.last_insert_rowid())
        }
    };
    Ok((id, due_at))
}

pub(super) fn add_to_trail(
    connection: &Connection,
    case: CaseId,
    line: &str,
    now: Time,
) -> Result<()> {
    let mut insert =
        connection.prepare_cached("INSERT INTO trail (case_id, at, line) VALUES (?1, ?2, ?3)")?;
    insert.execute(params![case, now, line])?;
    Ok(())
}
