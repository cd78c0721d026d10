//! How a connection is made: to where, with which TLS, and what holds for it.

use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, GenericClient, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod,
    Runtime,
};
use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::PostgreSqlOptions;
use super::row::one;
use crate::store::{Result, StoreError};

/// How many connections a relay has at most.
const MOST: usize = 8;
/// How long one is waited for.
const WAIT: Duration = Duration::from_secs(5);
/// How long a peer that is silent is taken to be there.
const SILENCE: Duration = Duration::from_secs(10);

/// What holds for each connection. A commit is on disk when it is confirmed; a database that asks its standbys, too, goes on
/// doing so. A relay that is stuck in the middle of a transaction does not keep others from its tenants.
///
/// No `statement_timeout`: it would end a commit that waits for a standby, and PostgreSQL would call that a success.
const SESSION: &str = "SELECT \
    set_config('synchronous_commit', CASE current_setting('synchronous_commit') \
        WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false), \
    set_config('default_transaction_isolation', 'read committed', false), \
    set_config('idle_in_transaction_session_timeout', '10s', false), \
    set_config('lock_timeout', '20s', false)";

pub(super) fn pool(options: &PostgreSqlOptions) -> Result<Pool> {
    let (config, tls) = configured(options)?;
    let manager = ManagerConfig {
        recycling_method: RecyclingMethod::Fast,
    };
    let manager = Manager::from_config(config, tls, manager);
    let prepared = Hook::async_fn(|client: &mut ClientWrapper, _| {
        Box::pin(async move {
            let set = client.batch_execute(SESSION).await;
            set.map_err(HookError::Backend)
        })
    });
    let pool = Pool::builder(manager)
        .max_size(MOST)
        .wait_timeout(Some(WAIT))
        .create_timeout(Some(SILENCE))
        .runtime(Runtime::Tokio1)
        .post_create(prepared)
        .build();
    pool.map_err(|error| StoreError::Database(error.to_string()))
}

fn configured(options: &PostgreSqlOptions) -> Result<(tokio_postgres::Config, MakeRustlsConnect)> {
    let unusable = |message: String| StoreError::Database(format!("[database] {message}"));
    let parsed = options.url.parse::<tokio_postgres::Config>();
    let mut config = parsed.map_err(|error| unusable(format!("`url` cannot be used: {error}")))?;
    if config.get_hosts().is_empty() {
        return Err(unusable("`url` names no host".to_owned()));
    }
    match (
        config.get_ssl_mode(),
        config.get_hosts().iter().all(is_local),
    ) {
        // What does not leave the machine needs no certificate, unless somebody asks for it.
        (SslMode::Prefer, true) => config.ssl_mode(SslMode::Disable),
        (_, true) => &mut config,
        (SslMode::Disable, false) => {
            let message = "`url` says sslmode=disable, and the database is on another machine: \
                           settings and alerts would be sent in clear. Remove it";
            return Err(unusable(message.to_owned()));
        }
        (_, false) => config.ssl_mode(SslMode::Require),
    };
    if let Some(password) = &options.password {
        config.password(password);
    }
    config
        .application_name("psa-relay")
        .connect_timeout(SILENCE / 2)
        .tcp_user_timeout(SILENCE)
        .keepalives_idle(SILENCE)
        .keepalives_interval(SILENCE / 4)
        .keepalives_retries(3)
        // Of several hosts, the one that is not a standby.
        .target_session_attrs(TargetSessionAttrs::ReadWrite);
    let tls = tls(options.certificate_authorities.as_deref()).map_err(unusable)?;
    Ok((config, tls))
}

fn is_local(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            let address = name.parse::<std::net::IpAddr>();
            name == "localhost" || address.is_ok_and(|it| it.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// The certificate is always checked, by the machine's authorities and these.
fn tls(authorities: Option<&str>) -> std::result::Result<MakeRustlsConnect, String> {
    let pem = authorities.unwrap_or_default().as_bytes();
    let authorities: std::result::Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let authorities = authorities
        .map_err(|error| format!("`certificate-authority` cannot be read as PEM: {error}"))?;
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new_with_extra_roots(authorities, Arc::clone(&provider));
    let verifier = verifier.map_err(|error| {
        format!("certificates cannot be checked: {error}. Install the package ca-certificates, or name a `certificate-authority`")
    })?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        // The name of the method is for verifiers that check less; this one checks what the machine's own would.
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// What a 202 relies on.
pub(super) async fn check(client: &impl GenericClient) -> Result<()> {
    let row = one(
        client,
        "SELECT current_setting('fsync') = 'on', current_setting('server_encoding') = 'UTF8'",
        &[],
    );
    let row = row.await?;
    if !row.try_get::<_, bool>(0)? {
        let message = "the database has `fsync` off, so what it confirms does not survive the loss of power: turn it on";
        return Err(StoreError::Database(message.to_owned()));
    }
    if !row.try_get::<_, bool>(1)? {
        let message = "the encoding of the database is not UTF8: make another one, with `createdb --encoding=UTF8 --template=template0`";
        return Err(StoreError::Database(message.to_owned()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(url: &str) -> std::result::Result<SslMode, String> {
        let options = PostgreSqlOptions {
            url: url.to_owned(),
            ..PostgreSqlOptions::default()
        };
        let configured = configured(&options);
        configured
            .map(|(config, _)| config.get_ssl_mode())
            .map_err(|it| it.to_string())
    }

    #[test]
    fn a_database_on_another_machine_is_reached_with_tls_only() {
        assert_eq!(mode("postgresql://u@db.example/d"), Ok(SslMode::Require));
        assert_eq!(
            mode("postgresql://u@localhost,10.0.0.7/d"),
            Ok(SslMode::Require)
        );
        assert_eq!(mode("postgresql://u@localhost/d"), Ok(SslMode::Disable));
        assert_eq!(
            mode("postgresql://u@localhost/d?sslmode=require"),
            Ok(SslMode::Require)
        );
        assert_eq!(
            mode("postgresql:///d?host=/run/postgresql"),
            Ok(SslMode::Disable)
        );
        let refused =
            mode("postgresql://u:s3cret@db.example/d?sslmode=disable").expect_err("in clear");
        assert!(
            refused.contains("in clear") && !refused.contains("s3cret"),
            "{refused}"
        );
        for url in ["postgresql:///d", "postgresql://u:s3cret@h:x/d", "sqlite:d"] {
            let refused = mode(url).expect_err(url);
            assert!(
                refused.contains("`url`") && !refused.contains("s3cret"),
                "{refused}"
            );
        }
    }
}
