//! Certificates that are read again: whoever renews them puts the files in place, and the relay takes them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use rustls::ServerConfig;
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// A certificate with its key, from files. Cheap to clone.
#[derive(Clone)]
pub struct Certificates {
    certificate: PathBuf,
    key: PathBuf,
    current: Arc<RwLock<(Times, Arc<ServerConfig>)>>,
}

/// When each of the two files was last changed. Both, since a file may be put in place that is older than the other.
type Times = [Option<SystemTime>; 2];

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file.
    #[error("{path} cannot be read as PEM: {message}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        message: String,
    },
    /// Certificate and key do not fit.
    #[error("the certificate in {path} cannot be used: {message}")]
    Unfit {
        /// The certificate's.
        path: PathBuf,
        /// Why.
        message: String,
    },
}

impl Certificates {
    /// Reads them.
    ///
    /// # Errors
    /// [`TlsError`]
    pub fn from_files(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let changed_at = changed_at(certificate, key);
        let config = read(certificate, key)?;
        Ok(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: Arc::new(RwLock::new((changed_at, config))),
        })
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        TlsAcceptor::from(Arc::clone(&current.1))
    }

    /// Reads them again if a file has changed. What cannot be used is not taken.
    fn look(&self) {
        let found = changed_at(&self.certificate, &self.key);
        let before = self
            .current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .0;
        if found == before {
            return;
        }
        match read(&self.certificate, &self.key) {
            Ok(config) => {
                let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
                *current = (found, config);
                tracing::info!("the certificate was read again");
            }
            // Half of a renewal: the other file comes soon.
            Err(error) => {
                tracing::warn!(%error, "the certificate has changed and cannot be used; the old one stays");
            }
        }
    }
}

pub(super) async fn read_again(certificates: Certificates, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            _ = stop.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => certificates.look(),
        }
    }
}

fn changed_at(certificate: &Path, key: &Path) -> Times {
    let of = |path: &Path| std::fs::metadata(path).and_then(|it| it.modified()).ok();
    [of(certificate), of(key)]
}

fn read(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let file = |path: &Path, error: rustls_pki_types::pem::Error| TlsError::File {
        path: path.to_owned(),
        message: error.to_string(),
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(certificate)
        .map_err(|error| file(certificate, error))?
        .collect();
    let chain = chain.map_err(|error| file(certificate, error))?;
    let private = PrivateKeyDer::from_pem_file(key).map_err(|error| file(key, error))?;
    let unfit = |error: rustls::Error| TlsError::Unfit {
        path: certificate.to_owned(),
        message: error.to_string(),
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unfit)?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .map_err(unfit)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_cannot_be_used_says_why() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("x.pem");
        std::fs::write(&path, "no PEM").expect("written");
        let error = Certificates::from_files(&path, &path)
            .err()
            .expect("no key");
        assert!(error.to_string().contains("x.pem"), "{error}");
    }
}
