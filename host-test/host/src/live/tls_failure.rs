//! What an error of TLS means, in words for the operator who has to mend it.

use rustls::{AlertDescription, CertificateError, InvalidMessage, PeerIncompatible};

/// What went wrong, in words that follow "cannot agree on TLS with ...".
pub(crate) fn of_tls(error: &rustls::Error) -> String {
    let too_old = "the server's TLS is too old: this host needs TLS 1.2 or 1.3. Update the server";
    let nothing_in_common = "the server's TLS is too old: it has no cipher, key exchange or signature in common with \
                             this host, which needs TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM or ChaCha20. Update \
                             the server, or enable those";
    match error {
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13
            | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig
            | PeerIncompatible::Tls12NotOffered
            | PeerIncompatible::Tls12NotOfferedOrEnabled,
        )
        | rustls::Error::InvalidMessage(InvalidMessage::UnknownProtocolVersion) => {
            too_old.to_owned()
        }
        rustls::Error::AlertReceived(
            AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity,
        )
        | rustls::Error::PeerIncompatible(_) => nothing_in_common.to_owned(),
        rustls::Error::InvalidMessage(_) => {
            "what answers there does not speak TLS. Check the port".to_owned()
        }
        rustls::Error::InvalidCertificate(problem) => of_certificate(problem),
        other => other.to_string(),
    }
}

fn of_certificate(problem: &CertificateError) -> String {
    match problem {
        CertificateError::UnknownIssuer => {
            "the authority that signed the server's certificate is unknown: add it to `certificate_authorities`, or, if \
             the server does not send its intermediate certificate, install the full chain there"
                .to_owned()
        }
        CertificateError::NotValidForName => "its certificate is for another name".to_owned(),
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names: Vec<&str> = presented.iter().map(|name| bare_name(name)).collect();
            let names = match names.as_slice() {
                [] => "no name".to_owned(),
                names => names.join(", "),
            };
            format!(
                "its certificate is for another name: for {names}, not for {}",
                expected.to_str()
            )
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired. Renew it on the server".to_owned()
        }
        // These errors have no names of their own. OpenSSL makes such certificates unless told otherwise.
        other if has_cause(other, "CaUsedAsEndEntity") => {
            "its certificate is that of a certificate authority, which this host does not accept from a server. Create \
             a server certificate (basicConstraints CA:FALSE)"
                .to_owned()
        }
        other if has_cause(other, "UnsupportedCertVersion") => {
            "its certificate has the X.509 version 1, which is not accepted. Create a certificate of version 3 that \
             lists the server's name (subjectAltName)"
                .to_owned()
        }
        other => format!("its certificate is not accepted: {other}"),
    }
}

fn has_cause(problem: &CertificateError, name: &str) -> bool {
    problem.to_string().contains(name)
}

/// The verifier shows names as `DnsName("psa.example")`.
fn bare_name(shown: &str) -> &str {
    let inside = shown
        .split_once('"')
        .and_then(|(_, rest)| rest.split_once('"'));
    inside.map_or(shown, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_of_tls_says_what_to_do_about_it() {
        let alert = rustls::Error::AlertReceived;
        let for_another_name = |presented: &[&str]| CertificateError::NotValidForNameContext {
            expected: "psa.example.com".try_into().expect("a name"),
            presented: presented.iter().map(|name| (*name).to_owned()).collect(),
        };
        for (error, part) in [
            (
                alert(AlertDescription::ProtocolVersion),
                "needs TLS 1.2 or 1.3",
            ),
            (
                PeerIncompatible::ServerDoesNotSupportTls12Or13.into(),
                "needs TLS 1.2 or 1.3",
            ),
            (alert(AlertDescription::HandshakeFailure), "no cipher"),
            (PeerIncompatible::NoCipherSuitesInCommon.into(), "no cipher"),
            (
                InvalidMessage::InvalidContentType.into(),
                "does not speak TLS",
            ),
            (
                CertificateError::UnknownIssuer.into(),
                "does not send its intermediate certificate, install the full chain",
            ),
            (
                CertificateError::UnknownIssuer.into(),
                "`certificate_authorities`",
            ),
            (CertificateError::NotValidForName.into(), "another name"),
            (
                for_another_name(&[r#"DnsName("other.example.org")"#, "192.0.2.7"]).into(),
                "for other.example.org, 192.0.2.7, not for psa.example.com",
            ),
            (
                for_another_name(&[]).into(),
                "for no name, not for psa.example.com",
            ),
            (CertificateError::Expired.into(), "expired. Renew it"),
            (CertificateError::Revoked.into(), "not accepted"),
            (alert(AlertDescription::InternalError), "InternalError"),
        ] {
            let message = of_tls(&error);
            assert!(message.contains(part), "{error:?}: {message}");
        }
    }
}
