//! Tenants, sources, settings, mappings, tokens, and the relays' own notes.

use deadpool_postgres::GenericClient;
use tokio_postgres::Row;

use super::row::{count, execute, limit, of_json, one, optional, rows, time};
use super::{cases, row};
use crate::policy::Timing;
use crate::store::{MappingFilter, Result, SealedSetting, Token};
use crate::tenant::{Mapping, PsaCompany, Source, Tenant};

pub(super) async fn tenants(client: &impl GenericClient) -> Result<Vec<Tenant>> {
    let rows = rows(client, "SELECT data FROM tenants ORDER BY id", &[]).await?;
    rows.iter().map(|row| of_json(row, 0)).collect()
}

pub(super) async fn tenant(client: &impl GenericClient, id: &str) -> Result<Option<Tenant>> {
    let row = optional(client, "SELECT data FROM tenants WHERE id = $1", &[&id]).await?;
    row.map(|row| of_json(&row, 0)).transpose()
}

pub(super) async fn put_tenant(
    client: &impl GenericClient,
    tenant: &Tenant,
    timing: &Timing,
) -> Result<()> {
    let sql = "SELECT data FROM tenants WHERE id = $1 FOR NO KEY UPDATE";
    let before = optional(client, sql, &[&tenant.id]).await?;
    let before: Option<Tenant> = before.map(|row| of_json(&row, 0)).transpose()?;
    let sql = "INSERT INTO tenants (id, data) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET data = excluded.data";
    execute(client, sql, &[&tenant.id, &serde_json::to_string(tenant)?]).await?;
    let rules = tenant.rules(timing);
    match before {
        Some(before) if before.rules(timing) != rules => {
            cases::due_again(client, &tenant.id, &rules).await
        }
        _ => Ok(()),
    }
}

pub(super) async fn delete_tenant(client: &impl GenericClient, id: &str) -> Result<()> {
    // Locked first, so that nothing of it arrives meanwhile.
    optional(
        client,
        "SELECT 1 FROM tenants WHERE id = $1 FOR UPDATE",
        &[&id],
    )
    .await?;
    execute(client, "DELETE FROM settings WHERE tenant = $1", &[&id]).await?;
    execute(client, "DELETE FROM alerts WHERE tenant = $1", &[&id]).await?;
    execute(client, "DELETE FROM tenants WHERE id = $1", &[&id]).await?;
    Ok(())
}

pub(super) async fn settings(
    client: &impl GenericClient,
    tenant: &str,
) -> Result<Vec<(String, Vec<u8>)>> {
    let sql = "SELECT name, sealed FROM settings WHERE tenant = $1 ORDER BY name";
    let rows = rows(client, sql, &[&tenant]).await?;
    rows.iter()
        .map(|row| Ok((row.try_get(0)?, row.try_get(1)?)))
        .collect()
}

pub(super) async fn all_settings(client: &impl GenericClient) -> Result<Vec<SealedSetting>> {
    let setting = |row: &Row| {
        Ok(SealedSetting {
            tenant: row.try_get(0)?,
            name: row.try_get(1)?,
            sealed: Some(row.try_get(2)?),
        })
    };
    let sql = "SELECT tenant, name, sealed FROM settings ORDER BY tenant, name";
    rows(client, sql, &[]).await?.iter().map(setting).collect()
}

pub(super) async fn put_setting(
    client: &impl GenericClient,
    tenant: &str,
    name: &str,
    sealed: Option<&[u8]>,
) -> Result<()> {
    match sealed {
        Some(sealed) => {
            let sql = "INSERT INTO settings (tenant, name, sealed) VALUES ($1, $2, $3) \
                       ON CONFLICT (tenant, name) DO UPDATE SET sealed = excluded.sealed";
            execute(client, sql, &[&tenant, &name, &sealed]).await?;
        }
        None => {
            let sql = "DELETE FROM settings WHERE tenant = $1 AND name = $2";
            execute(client, sql, &[&tenant, &name]).await?;
        }
    }
    Ok(())
}

pub(super) async fn sources(client: &impl GenericClient) -> Result<Vec<Source>> {
    let rows = rows(client, "SELECT data FROM sources ORDER BY id", &[]).await?;
    rows.iter().map(|row| of_json(row, 0)).collect()
}

pub(super) async fn source(client: &impl GenericClient, id: &str) -> Result<Option<Source>> {
    let row = optional(client, "SELECT data FROM sources WHERE id = $1", &[&id]).await?;
    row.map(|row| of_json(&row, 0)).transpose()
}

pub(super) async fn put_source(client: &impl GenericClient, source: &Source) -> Result<()> {
    let sql = "INSERT INTO sources (id, tenant, data) VALUES ($1, $2, $3) \
               ON CONFLICT (id) DO UPDATE SET tenant = excluded.tenant, data = excluded.data";
    let data = serde_json::to_string(source)?;
    execute(client, sql, &[&source.id, &source.tenant, &data]).await?;
    Ok(())
}

pub(super) async fn delete_source(client: &impl GenericClient, id: &str) -> Result<()> {
    execute(client, "DELETE FROM sources WHERE id = $1", &[&id]).await?;
    Ok(())
}

pub(super) async fn tokens(client: &impl GenericClient) -> Result<Vec<Token>> {
    let token = |row: &Row| {
        let place: i16 = row.try_get(1)?;
        Ok(Token {
            source: row.try_get(0)?,
            place: u8::try_from(place).unwrap_or(0),
            digest: row.try_get(2)?,
            created_at: time(row, 3)?,
        })
    };
    let sql = "SELECT source, place, digest, created_at FROM tokens ORDER BY source, place";
    rows(client, sql, &[]).await?.iter().map(token).collect()
}

pub(super) async fn put_token(client: &impl GenericClient, token: &Token) -> Result<()> {
    let sql = "INSERT INTO tokens (source, place, digest, created_at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (source, place) DO UPDATE SET digest = excluded.digest, created_at = excluded.created_at";
    let (place, at) = (i16::from(token.place), token.created_at.0);
    execute(client, sql, &[&token.source, &place, &token.digest, &at]).await?;
    Ok(())
}

pub(super) async fn delete_token(
    client: &impl GenericClient,
    source: &str,
    place: u8,
) -> Result<()> {
    let sql = "DELETE FROM tokens WHERE source = $1 AND place = $2";
    execute(client, sql, &[&source, &i16::from(place)]).await?;
    Ok(())
}

pub(super) async fn mappings(
    client: &impl GenericClient,
    tenant: &str,
    filter: &MappingFilter,
) -> Result<Vec<Mapping>> {
    let sql = "SELECT tenant, company, target_id, target_name, is_gone, alerts FROM mappings WHERE tenant = $1 \
               AND ($2::text IS NULL OR position(lower($2) IN lower(company)) > 0) \
               AND (NOT $3 OR target_id IS NULL OR is_gone) AND ($4::text IS NULL OR company > $4) ORDER BY company LIMIT $5";
    let search = filter.search.as_deref().map(row::clean);
    let most = filter.limit.map(limit);
    let rows = rows(
        client,
        sql,
        &[
            &tenant,
            &search,
            &filter.only_unmapped,
            &filter.after,
            &most,
        ],
    )
    .await?;
    rows.iter().map(mapping_of).collect()
}

pub(super) async fn mapping(
    client: &impl GenericClient,
    tenant: &str,
    company: &str,
) -> Result<Option<Mapping>> {
    let sql = "SELECT tenant, company, target_id, target_name, is_gone, alerts FROM mappings WHERE tenant = $1 AND company = $2";
    let row = optional(client, sql, &[&tenant, &row::clean(company)]).await?;
    row.as_ref().map(mapping_of).transpose()
}

fn mapping_of(row: &Row) -> Result<Mapping> {
    let id: Option<String> = row.try_get(2)?;
    let name: Option<String> = row.try_get(3)?;
    Ok(Mapping {
        tenant: row.try_get(0)?,
        company: row.try_get(1)?,
        target: id.map(|id| PsaCompany {
            id,
            name: name.unwrap_or_default(),
        }),
        is_gone: row.try_get(4)?,
        alerts: count(row.try_get(5)?),
    })
}

/// The number of their alerts stays as it is.
pub(super) async fn put_mappings(client: &impl GenericClient, mappings: &[Mapping]) -> Result<()> {
    let sql = "INSERT INTO mappings (tenant, company, target_id, target_name, is_gone) VALUES ($1, $2, $3, $4, $5) \
               ON CONFLICT (tenant, company) DO UPDATE SET target_id = excluded.target_id, \
               target_name = excluded.target_name, is_gone = excluded.is_gone";
    for it in in_order(mappings) {
        let target = it.target.as_ref().map(|it| (&*it.id, &*it.name)).unzip();
        let company = row::clean(&it.company);
        execute(
            client,
            sql,
            &[&it.tenant, &company, &target.0, &target.1, &it.is_gone],
        )
        .await?;
    }
    Ok(())
}

/// With the number of their alerts. A company that has a target here keeps it if there it has none.
pub(super) async fn take_in_mappings(
    client: &impl GenericClient,
    mappings: &[Mapping],
) -> Result<()> {
    let sql = "INSERT INTO mappings (tenant, company, target_id, target_name, is_gone, alerts) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (tenant, company) DO UPDATE SET alerts = greatest(mappings.alerts, excluded.alerts), \
               target_id = coalesce(excluded.target_id, mappings.target_id), \
               target_name = coalesce(excluded.target_name, mappings.target_name), \
               is_gone = CASE WHEN excluded.target_id IS NULL THEN mappings.is_gone ELSE excluded.is_gone END";
    for it in in_order(mappings) {
        let target = it.target.as_ref().map(|it| (&*it.id, &*it.name)).unzip();
        let company = row::clean(&it.company);
        let alerts = i64::try_from(it.alerts).unwrap_or(i64::MAX);
        let parameters: row::Parameters<'_> = &[
            &it.tenant,
            &company,
            &target.0,
            &target.1,
            &it.is_gone,
            &alerts,
        ];
        execute(client, sql, parameters).await?;
    }
    Ok(())
}

/// Whoever writes several locks them in the same order, so that no two wait for each other.
fn in_order(mappings: &[Mapping]) -> Vec<&Mapping> {
    let mut mappings: Vec<&Mapping> = mappings.iter().collect();
    mappings.sort_by_key(|it| (&it.tenant, &it.company));
    mappings
}

pub(super) async fn note(client: &impl GenericClient, name: &str) -> Result<Option<String>> {
    let row = optional(client, "SELECT value FROM notes WHERE name = $1", &[&name]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn put_note(client: &impl GenericClient, name: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO notes (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    execute(client, sql, &[&name, &value]).await?;
    Ok(())
}

/// Returns what is there then.
pub(super) async fn put_first_note(
    client: &impl GenericClient,
    name: &str,
    value: &str,
) -> Result<String> {
    let sql = "INSERT INTO notes (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = notes.value RETURNING value";
    Ok(one(client, sql, &[&name, &value]).await?.try_get(0)?)
}

pub(super) async fn take_note(client: &impl GenericClient, name: &str) -> Result<Option<String>> {
    let sql = "DELETE FROM notes WHERE name = $1 RETURNING value";
    let row = optional(client, sql, &[&name]).await?;
    Ok(row.map(|row| row.try_get(0)).transpose()?)
}

pub(super) async fn revision(client: &impl GenericClient) -> Result<u64> {
    let text = note(client, "revision").await?;
    Ok(text.and_then(|it| it.parse().ok()).unwrap_or(0))
}

/// The last thing of a transaction: who sets something up next waits for its end here.
pub(super) async fn new_revision(client: &impl GenericClient) -> Result<u64> {
    let sql = "INSERT INTO notes (name, value) VALUES ('revision', '1') \
               ON CONFLICT (name) DO UPDATE SET value = (notes.value::bigint + 1)::text RETURNING value::bigint";
    Ok(count(one(client, sql, &[]).await?.try_get(0)?))
}
