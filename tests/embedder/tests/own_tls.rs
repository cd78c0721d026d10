//! That a program's rustls is the same with psa-host as without it. A second provider of cryptography in the program would
//! make rustls panic in `ClientConfig::builder`.

use embedder::{http_for_a_call, own_tls};
use psa_host::contract::ConnectorDescription;

#[test]
fn the_programs_own_tls_works_and_nothing_is_installed_for_it() {
    http_for_a_call(&[0; 32], &ConnectorDescription::default(), &[]).expect("HTTP");
    assert!(
        rustls::crypto::CryptoProvider::get_default().is_none(),
        "psa-host installed a provider"
    );
    assert!(!own_tls().alpn_protocols.contains(&b"h2".to_vec()));
}
