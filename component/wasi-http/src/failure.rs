//! What the host says went wrong, as the contract has it: the kind, and whether the server can have acted. Nothing that the host
//! adds in its own words is passed on: it may hold more than a message should.

use psa_contract::http::denied;
use psa_contract::{Failure, FailureKind};
use wasi::http::types::ErrorCode;

use crate::limits;

/// Of a request that was handed over, before the response began.
pub(crate) fn of_code(code: &ErrorCode, target: &str) -> Failure {
    let (kind, may_have_acted) = judged(code);
    let what = match kind {
        FailureKind::Denied => "the host does not allow this request to",
        FailureKind::Unreachable => "no connection to",
        FailureKind::TimedOut if !may_have_acted => "no connection within the time to connect to",
        FailureKind::TimedOut => "no complete response within the host's time from",
        FailureKind::TooLarge => "the response passes a limit of the host, from",
        FailureKind::Interrupted => "the connection broke before the response, to",
    };
    Failure {
        kind,
        message: format!("{what} {target} ({})", name(code)),
        may_have_acted,
    }
}

/// Of a request that the host did not take: nothing left it, whatever the reason.
pub(crate) fn of_handing_over(code: &ErrorCode, target: &str) -> Failure {
    match judged(code).0 {
        FailureKind::Unreachable | FailureKind::TimedOut => Failure {
            may_have_acted: false,
            ..of_code(code, target)
        },
        _ => denied(format!(
            "the host does not allow this request to {target} ({})",
            name(code)
        )),
    }
}

/// Of a response that did not arrive whole.
pub(crate) fn in_response(code: Option<&ErrorCode>, target: &str) -> Failure {
    let kind = match code.map(judged) {
        Some((kind @ (FailureKind::TimedOut | FailureKind::TooLarge), _)) => kind,
        _ => FailureKind::Interrupted,
    };
    let code = code.map_or_else(String::new, |code| format!(" ({})", name(code)));
    Failure {
        kind,
        message: format!("the response from {target} did not arrive whole{code}"),
        may_have_acted: true,
    }
}

/// The codes that say for certain that nothing was sent are few; all others leave it open.
fn judged(code: &ErrorCode) -> (FailureKind, bool) {
    use ErrorCode::*;
    match code {
        HttpRequestDenied
        | DestinationIpProhibited
        | ConfigurationError
        | ConnectionLimitReached
        | HttpRequestMethodInvalid
        | HttpRequestUriInvalid
        | HttpRequestUriTooLong => (FailureKind::Denied, false),
        DnsError(_)
        | DestinationNotFound
        | DestinationUnavailable
        | DestinationIpUnroutable
        | ConnectionRefused
        | TlsProtocolError
        | TlsCertificateError => (FailureKind::Unreachable, false),
        DnsTimeout | ConnectionTimeout => (FailureKind::TimedOut, false),
        ConnectionReadTimeout | ConnectionWriteTimeout | HttpResponseTimeout => {
            (FailureKind::TimedOut, true)
        }
        HttpResponseBodySize(_)
        | HttpResponseHeaderSize(_)
        | HttpResponseHeaderSectionSize(_)
        | HttpResponseTrailerSize(_)
        | HttpResponseTrailerSectionSize(_) => (FailureKind::TooLarge, true),
        _ => (FailureKind::Interrupted, true),
    }
}

/// `ConnectionRefused`, without what the host adds.
fn name(code: &ErrorCode) -> String {
    let text = format!("{code:?}");
    let text = text.strip_prefix("ErrorCode::").unwrap_or(&text);
    text.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect()
}

/// The host has no such thing as this request.
pub(crate) fn refused(target: &str) -> Failure {
    denied(format!(
        "the request to {target} was not sent: the host takes no body for it"
    ))
}

/// The time to start requests of a `send` is over.
pub(crate) fn no_time_left() -> Failure {
    timed_out(
        "the request was not sent: those before it took all the time".to_owned(),
        false,
    )
}

/// The time of a request is over.
pub(crate) fn time_is_over(target: &str) -> Failure {
    let seconds = limits::REQUEST / 1_000_000_000;
    timed_out(
        format!("no complete response from {target} within {seconds} seconds"),
        true,
    )
}

fn timed_out(message: String, may_have_acted: bool) -> Failure {
    Failure {
        kind: FailureKind::TimedOut,
        message,
        may_have_acted,
    }
}

/// The host says that there is a response, and does not hand it out.
pub(crate) fn broken(target: &str) -> Failure {
    interrupted(format!("the host hands out no response from {target}"))
}

/// A body that cannot be read.
pub(crate) fn encoded(coding: &str, target: &str) -> Failure {
    let coding: String = coding
        .chars()
        .filter(char::is_ascii_graphic)
        .take(20)
        .collect();
    interrupted(format!(
        "the response from {target} has the content encoding {coding}, and none was asked for"
    ))
}

fn interrupted(message: String) -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message,
        may_have_acted: true,
    }
}

/// One response passes its limit.
pub(crate) fn too_large(target: &str) -> Failure {
    larger("the response", limits::RESPONSE_BYTES, target)
}

/// All responses together pass theirs.
pub(crate) fn all_too_large(target: &str) -> Failure {
    larger(
        "with all others of this round, the response",
        limits::ALL_BYTES,
        target,
    )
}

fn larger(what: &str, bytes: usize, target: &str) -> Failure {
    Failure {
        kind: FailureKind::TooLarge,
        message: format!("{what} from {target} has more than {bytes} bytes"),
        may_have_acted: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_keep_the_contracts_rules_and_pass_on_nothing_of_the_host() {
        let secret = || Some("Bearer abc".to_owned());
        let codes = [
            ErrorCode::HttpRequestDenied,
            ErrorCode::ConnectionRefused,
            ErrorCode::ConnectionTimeout,
            ErrorCode::HttpResponseTimeout,
            ErrorCode::HttpResponseBodySize(Some(9)),
            ErrorCode::ConnectionTerminated,
            ErrorCode::InternalError(secret()),
            ErrorCode::HttpResponseTransferCoding(secret()),
        ];
        for code in &codes {
            let before = of_code(code, "https://a.example");
            let handed = of_handing_over(code, "https://a.example");
            let within = in_response(Some(code), "https://a.example");
            assert!(!handed.may_have_acted && within.may_have_acted, "{code:?}");
            for failure in [before, handed, within] {
                match failure.kind {
                    FailureKind::Denied => assert!(!failure.may_have_acted, "{failure:?}"),
                    FailureKind::TooLarge | FailureKind::Interrupted => {
                        assert!(failure.may_have_acted, "{failure:?}");
                    }
                    FailureKind::Unreachable | FailureKind::TimedOut => {}
                }
                assert!(failure.message.contains("https://a.example"), "{failure:?}");
                assert!(!failure.message.contains("abc"), "{failure:?}");
            }
        }
        assert_eq!(
            of_code(&ErrorCode::ConnectionRefused, "https://a.example").message,
            "no connection to https://a.example (ConnectionRefused)"
        );
        let denied = of_handing_over(&ErrorCode::HttpResponseBodySize(None), "https://a.example");
        assert_eq!(denied.kind, FailureKind::Denied);
    }
}
