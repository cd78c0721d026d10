//! Who holds a tenant, and until when: by the clock of the database, the one clock that all relays share. A lease is given as
//! how long it is to last, so it does not matter what time a relay believes it is.

use std::time::Duration;

use deadpool_postgres::GenericClient;

use super::row::{execute, one, time as time_of};
use crate::clock::Clock;
use crate::store::{Result, StoreError};
use crate::time::Time;

/// How far a relay's clock may be from the database's: what one relay writes about a pause another one reads.
const MOST_APART: Duration = Duration::from_secs(5);

/// The time of the database.
pub(super) async fn time(client: &impl GenericClient) -> Result<Time> {
    let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";
    time_of(&one(client, sql, &[]).await?, 0)
}

/// Whether the relay's clock still goes with the database's: pauses and doubts are by the relays' clocks.
pub(super) async fn check_clock(client: &impl GenericClient, clock: Clock) -> Result<()> {
    let asked = clock.now();
    let database = time(client).await?;
    apart(asked, database, clock.now())
}

/// The answer was given at some time between the question and now.
fn apart(asked: Time, database: Time, now: Time) -> Result<()> {
    let apart = asked.since(database).max(database.since(now));
    if apart <= MOST_APART {
        return Ok(());
    }
    Err(StoreError::Database(format!(
        "its clock and that of this relay are {} s apart, so this relay holds no tenant: keep both machines' clocks in time, \
         and restart the relay, which then takes the database's",
        apart.as_secs()
    )))
}

pub(super) async fn take(
    client: &impl GenericClient,
    tenant: &str,
    owner: &str,
    lasts: Duration,
) -> Result<bool> {
    let sql = "UPDATE tenants SET lease_owner = $2, lease_until = clock_timestamp() + make_interval(secs => $3) \
               WHERE id = $1 AND (lease_owner IS NULL OR lease_owner = $2 OR lease_until <= clock_timestamp())";
    let taken = execute(client, sql, &[&tenant, &owner, &lasts.as_secs_f64()]).await?;
    Ok(taken == 1)
}

pub(super) async fn release(client: &impl GenericClient, owner: &str) -> Result<()> {
    let sql = "UPDATE tenants SET lease_owner = NULL, lease_until = '-infinity' WHERE id = ANY (ARRAY( \
               SELECT id FROM tenants WHERE lease_owner = $1 ORDER BY id FOR NO KEY UPDATE))";
    execute(client, sql, &[&owner]).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_apart_are_told_from_an_answer_that_is_late() {
        let second = |second: i64| Time(second * 1_000);
        apart(second(100), second(100), second(100)).expect("the same");
        apart(second(100), second(130), second(160)).expect("a slow answer");
        apart(second(100), second(95), second(100)).expect("near enough");
        for database in [second(94), second(166)] {
            let error = apart(second(100), database, second(160)).expect_err("apart");
            assert!(error.to_string().contains("6 s apart"), "{error}");
        }
    }
}
