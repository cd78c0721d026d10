//! What an error of the HTTP client means: its kind, whether the server may have acted, and words for the operator. No
//! URL, header or body is in any message.

use std::error::Error;
use std::io;

use psa_contract::{Failure, FailureKind};
use rustls::{AlertDescription, CertificateError, InvalidMessage, PeerIncompatible};

use crate::http::denied;
use crate::live::resolver::AddressDenied;
use crate::policy::Authority;

/// A failure, and whether the same request may fare better a moment later.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) failure: Failure,
    pub(crate) is_passing: bool,
}

impl Fault {
    fn unreachable(message: String, is_passing: bool) -> Self {
        Self {
            failure: Failure {
                kind: FailureKind::Unreachable,
                message,
                may_have_acted: false,
            },
            is_passing,
        }
    }

    /// A failure that the same request would meet again.
    pub(crate) fn lasting(failure: Failure) -> Self {
        Self {
            failure,
            is_passing: false,
        }
    }
}

/// Of a request that has no response.
///
/// The server cannot have acted where there was no connection, where the client gave the request back before it was
/// written, and where HTTP/2 says that it was not processed. Everything else is in doubt.
pub(crate) fn of_sending(error: &reqwest::Error, authority: &Authority) -> Fault {
    if let Some(address) = find::<AddressDenied>(error) {
        return Fault::lasting(denied(format!("the request was not sent: {address}")));
    }
    if error.is_builder() {
        let cause = innermost(error);
        return Fault::lasting(denied(format!(
            "the request was not sent: it cannot be written as HTTP: {cause}"
        )));
    }
    if error.is_connect() {
        return of_connecting(error, authority);
    }
    if find::<h2::Error>(error).is_some_and(was_not_processed) {
        return Fault::unreachable(
            format!("https://{authority} sent the request back unprocessed"),
            true,
        );
    }
    let of_http = find::<hyper::Error>(error);
    if of_http.is_some_and(hyper::Error::is_canceled) {
        // The client hands the request back with this error, before it has written any of it.
        return Fault::unreachable(
            format!("the connection to https://{authority} closed before the request was written"),
            true,
        );
    }
    if of_http.is_some_and(is_head_too_large) {
        return Fault::lasting(too_large(
            "the headers of the response pass the limits `header_count` or `header_bytes`"
                .to_owned(),
        ));
    }
    Fault::lasting(interrupted(format!(
        "the connection to https://{authority} broke before the response: {}",
        innermost(error)
    )))
}

/// Of a response whose body did not arrive whole.
pub(crate) fn of_reading(error: &reqwest::Error) -> Failure {
    interrupted(format!(
        "the connection broke in the middle of the response: {}",
        innermost(error)
    ))
}

/// The server may have acted.
pub(crate) fn interrupted(message: String) -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message,
        may_have_acted: true,
    }
}

/// The server has acted on a request that it answers at length.
pub(crate) fn too_large(message: String) -> Failure {
    Failure {
        kind: FailureKind::TooLarge,
        message,
        may_have_acted: true,
    }
}

fn of_connecting(error: &reqwest::Error, authority: &Authority) -> Fault {
    let target = format!("https://{authority}");
    if let Some(tls) = find::<rustls::Error>(error) {
        return Fault::unreachable(
            format!("cannot agree on TLS with {target}: {}", of_tls(tls)),
            false,
        );
    }
    let cause = innermost(error);
    let message = if error.is_dns() {
        format!("cannot find the address of {target}: {cause}")
    } else if error.is_timeout() {
        format!("no connection to {target} within the time to connect")
    } else if closed_in_handshake(error) {
        format!(
            "{target} closed the connection while agreeing on TLS; a server whose TLS is older than 1.2 does that"
        )
    } else {
        format!("cannot connect to {target}: {cause}")
    };
    Fault::unreachable(message, true)
}

fn of_tls(error: &rustls::Error) -> String {
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
            "its certificate is signed by an authority that this host does not know. Add the authority's \
             certificate to `certificate_authorities`"
                .to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "its certificate is for another name".to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "its certificate has expired".to_owned()
        }
        // OpenSSL makes such certificates unless told otherwise. The error has no name of its own.
        other if other.to_string().contains("CaUsedAsEndEntity") => {
            "its certificate is that of a certificate authority, which this host does not take for a server's. Give \
             the server one that is not (basicConstraints CA:FALSE)"
                .to_owned()
        }
        other => format!("its certificate is not accepted: {other}"),
    }
}

/// `REFUSED_STREAM`, or a stream above the last one of a `GOAWAY`: no other stream gets the peer's `GOAWAY` as its error.
fn was_not_processed(error: &h2::Error) -> bool {
    let refused =
        error.is_reset() && error.is_remote() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    refused || (error.is_go_away() && error.is_remote())
}

/// The client tells this by its text only, to whoever does not build its server too.
fn is_head_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string().contains("too large")
}

fn closed_in_handshake(error: &(dyn Error + 'static)) -> bool {
    causes(error).any(|cause| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
            )
        })
    })
}

fn find<T: Error + 'static>(error: &reqwest::Error) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref::<T>())
}

/// The text of the last cause: those before it say no more than "error sending request".
fn innermost(error: &reqwest::Error) -> String {
    causes(error)
        .last()
        .map_or_else(String::new, |cause| cause.to_string())
}

/// The error and its causes, outermost first.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| next_cause(error))
}

/// An IO error says that its cause is the cause of what it holds, and so hides what it holds.
fn next_cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    let held = error
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref);
    match held {
        Some(held) => Some(held),
        None => error.source(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_that_is_too_old_is_called_that() {
        let alert = rustls::Error::AlertReceived;
        for (error, part) in [
            (
                alert(AlertDescription::ProtocolVersion),
                "needs TLS 1.2 or 1.3",
            ),
            (
                PeerIncompatible::ServerDoesNotSupportTls12Or13.into(),
                "needs TLS 1.2 or 1.3",
            ),
            (
                PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig.into(),
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
                "`certificate_authorities`",
            ),
            (CertificateError::NotValidForName.into(), "another name"),
            (CertificateError::Expired.into(), "expired"),
            (CertificateError::Revoked.into(), "not accepted"),
            (alert(AlertDescription::InternalError), "InternalError"),
        ] {
            let message = of_tls(&error);
            assert!(message.contains(part), "{error:?}: {message}");
        }
    }

    #[test]
    fn only_the_peers_word_says_that_a_stream_was_not_processed() {
        // Errors of a connection cannot be made here; those of a reason alone are the library's own.
        for reason in [
            h2::Reason::REFUSED_STREAM,
            h2::Reason::CANCEL,
            h2::Reason::NO_ERROR,
        ] {
            assert!(!was_not_processed(&h2::Error::from(reason)), "{reason:?}");
        }
    }

    #[test]
    fn a_cause_inside_an_io_error_is_found() {
        let inside = rustls::Error::General("x".to_owned());
        let error = io::Error::new(io::ErrorKind::InvalidData, inside);
        let found = causes(&error).find_map(|cause| cause.downcast_ref::<rustls::Error>());
        assert!(found.is_some());
    }
}
