//! The store in PostgreSQL, which several relays share.
//!
//! Whoever changes cases of a tenant locks the tenant's row first: so changes of one tenant come one after the other, as in
//! SQLite, and those of others at the same time. What a lease is about is compared by the clock of the database alone.

mod cases; // Cases and their work.
mod connect; // How a connection is made.
mod intake; // Alerts, taken in groups.
mod kept; // The trail, samples, and what is forgotten.
mod lease; // Who holds a tenant.
mod methods; // The trait.
mod migrations; // The tables, by version.
mod moved; // Everything, out and in.
mod people; // Tenants, sources, settings, mappings, tokens.
mod receive; // A group of alerts meets its cases.
mod row; // Values to columns and back.

use std::sync::Arc;

use deadpool_postgres::{Object, Pool, PoolError, TimeoutType};
use tokio::sync::watch;
use tokio_postgres::error::SqlState;

use super::{Result, StoreError};
use crate::clock::Clock;
use crate::policy::Timing;
use intake::Intake;

/// The store in PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct PostgreSql {
    pool: Pool,
    intake: Arc<Intake>,
    timing: Arc<Timing>,
    revision: Arc<watch::Sender<u64>>,
    clock: Clock,
}

/// How a database is reached.
#[derive(Clone, Default)]
pub struct PostgreSqlOptions {
    /// `postgresql://user@host/database`.
    pub url: String,
    /// The password, if it is not in the address.
    pub password: Option<String>,
    /// Certificate authorities to trust in addition to the machine's, as PEM.
    pub certificate_authorities: Option<String>,
    /// How long things take.
    pub timing: Timing,
}

impl PostgreSql {
    /// Connects, and makes the tables if they are not there. However many relays do so at once, one makes them.
    ///
    /// # Errors
    /// The database cannot be reached, does not keep what it confirms, or was made by a later version.
    pub async fn open(options: PostgreSqlOptions) -> Result<Self> {
        let pool = connect::pool(&options)?;
        let mut connection = pool.get().await?;
        connect::check(&connection).await?;
        migrations::migrate(&mut connection).await?;
        let clock = Clock::starting_at(lease::time(&connection).await?);
        drop(connection);
        let timing = Arc::new(options.timing);
        Ok(Self {
            intake: Arc::new(Intake::start(pool.clone(), Arc::clone(&timing))),
            pool,
            timing,
            revision: Arc::new(watch::Sender::new(0)),
            clock,
        })
    }

    /// A clock that was set by the database's: relays that share a store compare times.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.clock
    }

    async fn connection(&self) -> Result<Object> {
        Ok(self.pool.get().await?)
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(refused) = error.as_db_error() else {
            return Self::Database(with_causes(&error));
        };
        // Without its details, which may quote values.
        let message = refused.message().to_owned();
        match refused.code() {
            // Classes 22 and 23: data that cannot be, or not beside what is there.
            code if code.code().starts_with("22") || code.code().starts_with("23") => {
                Self::Refused(message)
            }
            &SqlState::INSUFFICIENT_PRIVILEGE => Self::Database(format!(
                "{message}: make the relay's user the owner of the database"
            )),
            code => Self::Database(format!("{message} ({})", code.code())),
        }
    }
}

/// `error performing TLS handshake` alone does not say that it is the certificate.
fn with_causes(error: &dyn std::error::Error) -> String {
    let all = std::iter::successors(Some(error), |error| error.source());
    let words: Vec<String> = all.map(ToString::to_string).collect();
    words.join(": ")
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Timeout(TimeoutType::Wait) => Self::Busy,
            PoolError::Timeout(_) => Self::Database("it does not answer in time".to_owned()),
            PoolError::Closed => Self::Closed,
            PoolError::Backend(error) => error.into(),
            other => Self::Database(other.to_string()),
        }
    }
}
