//! Tenants, sources, settings, mappings, tokens, and the relay's own notes.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::row::{of_json, tenant_of};
use crate::policy::Timing;
use crate::store::{MappingFilter, Result, Token};
use crate::tenant::{Mapping, PsaCompany, Source, Tenant};

pub(super) fn tenants(connection: &Connection) -> Result<Vec<Tenant>> {
    let mut select = connection.prepare_cached("SELECT data FROM tenants ORDER BY id")?;
    let rows = select.query_map([], |row| of_json(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put_tenant(connection: &Connection, tenant: &Tenant, timing: &Timing) -> Result<()> {
    let before = tenant_of(connection, &tenant.id)?;
    connection.execute(
        "INSERT INTO tenants (id, data) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET data = excluded.data",
        params![tenant.id, serde_json::to_string(tenant)?],
    )?;
    match before {
        Some(before) if before.rules(timing) != tenant.rules(timing) => {
            super::cases::due_again(connection, &tenant.id, timing)
        }
        _ => Ok(()),
    }
}

pub(super) fn delete_tenant(connection: &Connection, id: &str) -> Result<()> {
    connection.execute("DELETE FROM settings WHERE tenant = ?1", [id])?;
    connection.execute("DELETE FROM alerts WHERE tenant = ?1", [id])?;
    connection.execute("DELETE FROM tenants WHERE id = ?1", [id])?;
    Ok(())
}

pub(super) fn settings(connection: &Connection, tenant: &str) -> Result<Vec<(String, Vec<u8>)>> {
    let mut select = connection
        .prepare_cached("SELECT name, sealed FROM settings WHERE tenant = ?1 ORDER BY name")?;
    let rows = select.query_map([tenant], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put_setting(
    connection: &Connection,
    tenant: &str,
    name: &str,
    sealed: Option<&[u8]>,
) -> Result<()> {
    match sealed {
        Some(sealed) => connection.execute(
            "INSERT OR REPLACE INTO settings (tenant, name, sealed) VALUES (?1, ?2, ?3)",
            params![tenant, name, sealed],
        )?,
        None => connection.execute(
            "DELETE FROM settings WHERE tenant = ?1 AND name = ?2",
            [tenant, name],
        )?,
    };
    Ok(())
}

pub(super) fn sources(connection: &Connection) -> Result<Vec<Source>> {
    let mut select = connection.prepare_cached("SELECT data FROM sources ORDER BY id")?;
    let rows = select.query_map([], |row| of_json(row, 0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn source(connection: &Connection, id: &str) -> Result<Option<Source>> {
    let mut select = connection.prepare_cached("SELECT data FROM sources WHERE id = ?1")?;
    Ok(select.query_row([id], |row| of_json(row, 0)).optional()?)
}

pub(super) fn put_source(connection: &Connection, source: &Source) -> Result<()> {
    connection.execute(
        "INSERT INTO sources (id, tenant, data) VALUES (?1, ?2, ?3) \
         ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, data = excluded.data",
        params![source.id, source.tenant, serde_json::to_string(source)?],
    )?;
    Ok(())
}

pub(super) fn tokens(connection: &Connection) -> Result<Vec<Token>> {
    let mut select = connection.prepare_cached(
        "SELECT source, place, digest, created_at FROM tokens ORDER BY source, place",
    )?;
    let rows = select.query_map([], |row| {
        Ok(Token {
            source: row.get(0)?,
            place: row.get(1)?,
            digest: row.get(2)?,
            created_at: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn put_token(connection: &Connection, token: &Token) -> Result<()> {
    connection.execute(
        "INSERT INTO tokens (source, place, digest, created_at) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (source, place) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at",
        params![token.source, token.place, token.digest, token.created_at],
    )?;
    Ok(())
}

pub(super) fn mappings(
    connection: &Connection,
    tenant: &str,
    filter: &MappingFilter,
) -> Result<Vec<Mapping>> {
    let mut select = connection.prepare_cached(
        "SELECT tenant, company, target_id, target_name, is_gone, alerts FROM mappings WHERE tenant = ?1 \
         AND (?2 IS NULL OR instr(lower(company), lower(?2)) > 0) \
         AND (NOT ?3 OR target_id IS NULL OR is_gone) AND (?4 IS NULL OR company > ?4) \
         ORDER BY company LIMIT ?5",
    )?;
    let limit = filter
        .limit
        .map_or(-1, |it| i64::try_from(it).unwrap_or(-1));
    let rows = select.query_map(
        params![
            tenant,
            filter.search,
            filter.only_unmapped,
            filter.after,
            limit
        ],
        mapping_of,
    )?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn mapping(
    connection: &Connection,
    tenant: &str,
    company: &str,
) -> Result<Option<Mapping>> {
    let mut select = connection.prepare_cached(
        "SELECT tenant, company, target_id, target_name, is_gone, alerts FROM mappings \
         WHERE tenant = ?1 AND company = ?2",
    )?;
    let found = select.query_row([tenant, company], mapping_of);
    Ok(found.optional()?)
}

fn mapping_of(row: &Row<'_>) -> rusqlite::Result<Mapping> {
    let id: Option<String> = row.get(2)?;
    let name: Option<String> = row.get(3)?;
    let alerts: i64 = row.get(5)?;
    Ok(Mapping {
        tenant: row.get(0)?,
        company: row.get(1)?,
        target: id.map(|id| PsaCompany {
            id,
            name: name.unwrap_or_default(),
        }),
        is_gone: row.get(4)?,
        alerts: u64::try_from(alerts).unwrap_or(0),
    })
}

pub(super) fn put_mappings(connection: &Connection, mappings: &[Mapping]) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO mappings (tenant, company, target_id, target_name, is_gone) VALUES (?1, ?2, ?3, ?4, ?5) \
         ON CONFLICT (tenant, company) DO UPDATE SET target_id = excluded.target_id, \
         target_name = excluded.target_name, is_gone = excluded.is_gone",
    )?;
    for mapping in mappings {
        let target = mapping.target.as_ref();
        insert.execute(params![
            mapping.tenant,
            mapping.company,
            target.map(|it| &it.id),
            target.map(|it| &it.name),
            mapping.is_gone
        ])?;
    }
    Ok(())
}

/// With the number of their alerts. A company that has a target here keeps it if there it has none.
pub(super) fn take_in_mappings(connection: &Connection, mappings: &[Mapping]) -> Result<()> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO mappings (tenant, company, target_id, target_name, is_gone, alerts) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (tenant, company) DO UPDATE SET alerts = max(alerts, excluded.alerts), \
         target_id = coalesce(excluded.target_id, target_id), target_name = coalesce(excluded.target_name, target_name), \
         is_gone = CASE WHEN excluded.target_id IS NULL THEN is_gone ELSE excluded.is_gone END",
    )?;
    for mapping in mappings {
        let target = mapping.target.as_ref();
        insert.execute(params![
            mapping.tenant,
            mapping.company,
            target.map(|it| &it.id),
            target.map(|it| &it.name),
            mapping.is_gone,
            i64::try_from(mapping.alerts).unwrap_or(i64::MAX)
        ])?;
    }
    Ok(())
}

pub(super) fn note(connection: &Connection, name: &str) -> Result<Option<String>> {
    let mut select = connection.prepare_cached("SELECT value FROM notes WHERE name = ?1")?;
    Ok(select.query_row([name], |row| row.get(0)).optional()?)
}

pub(super) fn put_note(connection: &Connection, name: &str, value: &str) -> Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO notes (name, value) VALUES (?1, ?2)",
        [name, value],
    )?;
    Ok(())
}

/// The note that counts what was set up.
const REVISION: &str = "revision";

pub(super) fn revision(connection: &Connection) -> Result<u64> {
    let text = note(connection, REVISION)?;
    Ok(text.and_then(|it| it.parse().ok()).unwrap_or(0))
}

pub(super) fn new_revision(connection: &Connection) -> Result<u64> {
    let revision = revision(connection)?.wrapping_add(1);
    put_note(connection, REVISION, &revision.to_string())?;
    Ok(revision)
}
