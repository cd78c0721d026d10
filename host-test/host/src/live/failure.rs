//! What an error of the HTTP client means: its kind, whether the server may have acted, and words for the operator. No
//! URL, header or body is in any message.

use psa_contract::Failure;

use crate::http::denied;
use crate::live::cause::{find, innermost};
use crate::live::connect_failure::{Target, of_connecting};
use crate::live::fault::{Fault, interrupted, too_large};
use crate::live::resolver::AddressDenied;

/// Of a request that has no response.
///
/// The server cannot have acted if there was no connection, if the client gave the request back before it was written, or
/// if HTTP/2 says that it was not processed. Everything else is in doubt.
pub(crate) fn of_sending(error: &reqwest::Error, target: Target<'_>) -> Fault {
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
        return of_connecting(error, target);
    }
    if find::<h2::Error>(error).is_some_and(was_not_processed) {
        return Fault::unreachable(format!("{target} sent the request back unprocessed"), true);
    }
    let of_http = find::<hyper::Error>(error);
    if of_http.is_some_and(hyper::Error::is_canceled) {
        // The client hands the request back with this error, before it has written any of it.
        return Fault::unreachable(
            format!("the connection to {target} closed before the request was written"),
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
        "the connection to {target} broke before the response: {}",
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

/// `REFUSED_STREAM`, or a stream above the last one of a `GOAWAY`: no other stream gets the peer's `GOAWAY` as its error.
fn was_not_processed(error: &h2::Error) -> bool {
    let refused =
        error.is_reset() && error.is_remote() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
    refused || (error.is_go_away() && error.is_remote())
}

/// The client shows this in its text only, unless its server is built too.
fn is_head_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string().contains("too large")
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
