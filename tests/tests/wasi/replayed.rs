//! A recording in place of the network: what arrives is compared, and what was recorded comes back, failures as well.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, CONTENT_LENGTH, HOST, USER_AGENT};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt as _, Full};
use psa_host::contract::{Failure, FailureKind, Request};
use psa_recording::Replay;
use wasmtime_wasi_http::{Error, WasiBody};

use crate::host::{Network, Sent};

/// The network of one call.
pub(crate) struct Replayed {
    replay: Replay,
    in_flight: Arc<AtomicUsize>,
    most_in_flight: AtomicUsize,
    rounds: AtomicUsize,
}

impl Replayed {
    pub(crate) fn new(replay: Replay) -> Self {
        Self {
            replay,
            in_flight: Arc::default(),
            most_in_flight: AtomicUsize::new(0),
            rounds: AtomicUsize::new(0),
        }
    }

    /// How many requests were in flight at once.
    pub(crate) fn most_in_flight(&self) -> usize {
        self.most_in_flight.load(Ordering::SeqCst)
    }

    /// How often a request came while no other was in flight.
    pub(crate) fn rounds(&self) -> usize {
        self.rounds.load(Ordering::SeqCst)
    }
}

impl Network for Replayed {
    fn send(&self, request: http::Request<WasiBody>) -> Sent {
        let before = self.in_flight.fetch_add(1, Ordering::SeqCst);
        if before == 0 {
            self.rounds.fetch_add(1, Ordering::SeqCst);
        }
        self.most_in_flight.fetch_max(before + 1, Ordering::SeqCst);
        let in_flight = InFlight(Arc::clone(&self.in_flight));
        let replay = self.replay.clone();
        Box::pin(async move {
            let request = received(request).await?;
            match replay.answer(vec![request]).remove(0) {
                Ok(answer) => {
                    let mut response = http::Response::builder().status(answer.status);
                    for (name, value) in &answer.headers {
                        let value: Vec<u8> = value.chars().map(|letter| letter as u8).collect();
                        response = response.header(name, value);
                    }
                    let body = Held {
                        body: Full::from(answer.body.as_bytes().to_vec()),
                        _in_flight: in_flight,
                    };
                    let body = body.map_err(|never| match never {}).boxed_unsync();
                    Ok(response.body(body).expect("a recorded response"))
                }
                Err(failure) => Err(as_reported(&failure)),
            }
        })
    }
}

/// The request as the connector made it: what the adapter and the host add is checked and taken off.
async fn received(request: http::Request<WasiBody>) -> Result<Request, Error> {
    let (mut head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let host = head.headers.remove(HOST).expect("Host");
    assert_eq!(
        Some(host.as_bytes()),
        head.uri.authority().map(|it| it.as_str().as_bytes())
    );
    assert_eq!(
        head.headers
            .remove(ACCEPT_ENCODING)
            .expect("Accept-Encoding"),
        "identity"
    );
    assert!(head.headers.contains_key(USER_AGENT));
    let length = head.headers.remove(CONTENT_LENGTH);
    let is_whole = |length: &http::HeaderValue| *length == *body.len().to_string();
    assert!(
        length.as_ref().map_or(body.is_empty(), is_whole),
        "{length:?}"
    );
    let headers = head.headers.iter().map(|(name, value)| {
        let value = value.as_bytes().iter().copied().map(char::from).collect();
        (name.to_string(), value)
    });
    Ok(Request {
        method: head.method.to_string(),
        url: head.uri.to_string(),
        headers: headers.collect(),
        body: length.map(|_| body.to_vec().into()),
        ..Request::default()
    })
}

/// How a host of `wasi:http` reports a failure.
pub(crate) fn as_reported(failure: &Failure) -> Error {
    match (failure.kind, failure.may_have_acted) {
        (FailureKind::Denied, _) => Error::HttpRequestDenied,
        (FailureKind::Unreachable, false) => Error::ConnectionRefused,
        (FailureKind::TimedOut, false) => Error::ConnectionTimeout,
        (FailureKind::TimedOut, true) => Error::HttpResponseTimeout,
        // No code of `wasi:http` says that there was no connection and that the server may have acted all the same.
        (FailureKind::Interrupted, _) | (FailureKind::Unreachable, true) => {
            Error::ConnectionTerminated
        }
        (FailureKind::TooLarge, _) => Error::HttpResponseBodySize(None),
    }
}

/// In flight until the service has done with the body.
struct Held {
    body: Full<Bytes>,
    _in_flight: InFlight,
}

struct InFlight(Arc<AtomicUsize>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Body for Held {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
