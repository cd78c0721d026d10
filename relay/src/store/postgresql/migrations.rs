//! The tables. Each version is a step from the one before; a database keeps its own in `schema_version`.

use deadpool_postgres::ClientWrapper;

use super::row::optional;
use crate::store::{Result, StoreError};

/// Never changed once released: a change is another step.
const STEPS: [&str; 1] = [include_str!("version_1.sql")];
/// The advisory lock of whoever makes the tables: "psa-rela" as a number.
const LOCK: i64 = i64::from_be_bytes(*b"psa-rela");

/// Brings the database to the newest version, all or nothing. Of several relays that start at once, one does it; the others
/// wait, and find it done.
pub(super) async fn migrate(client: &mut ClientWrapper) -> Result<()> {
    let transaction = client.transaction().await?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await?;
    transaction
        .batch_execute("CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL)")
        .await?;
    let row = optional(&transaction, "SELECT version FROM schema_version", &[]).await?;
    let found: i64 = row.map(|row| row.try_get(0)).transpose()?.unwrap_or(0);
    let known = i64::try_from(STEPS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::TooNew { found, known });
    }
    if found < known {
        for step in STEPS.iter().skip(usize::try_from(found).unwrap_or(0)) {
            transaction.batch_execute(step).await?;
        }
        transaction
            .batch_execute("DELETE FROM schema_version")
            .await?;
        transaction
            .execute(
                "INSERT INTO schema_version (version) VALUES ($1)",
                &[&known],
            )
            .await?;
    }
    transaction.commit().await?;
    Ok(())
}
