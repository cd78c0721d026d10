//! One request and its response, step by step, so that others go on meanwhile.

use psa_contract::http::Answer;
use psa_contract::{Failure, Request, Response};
use wasi::clocks::monotonic_clock::{Instant, now};
use wasi::http::outgoing_handler::handle;
use wasi::http::types::{
    FutureIncomingResponse, IncomingBody, IncomingResponse, OutgoingBody, http_error_code,
};
use wasi::io::poll::Pollable;
use wasi::io::streams::{InputStream, OutputStream, StreamError};

use crate::outgoing::outgoing;
use crate::{failure, limits};

/// A request that was handed to the host: from here on, the server may act on it.
pub(crate) struct Exchange {
    state: State,
    target: String,
    ends: Instant,
}

/// What is under way. What is part of something else comes before it: it has to be dropped first.
enum State {
    Writing {
        stream: OutputStream,
        body: OutgoingBody,
        rest: Vec<u8>,
        response: FutureIncomingResponse,
    },
    Waiting(FutureIncomingResponse),
    Reading {
        stream: InputStream,
        body: IncomingBody,
        head: IncomingResponse,
        bytes: Vec<u8>,
    },
}

/// What came of a step.
pub(crate) enum Step {
    Pending(Exchange),
    Done(Answer),
}

/// What came of a step within a state: it stays, there is more to do at once, or it ended.
enum Moved {
    Stays(State),
    On(State),
    Done(Answer),
}

impl Exchange {
    /// Hands a request to the host, that keeps the contract's rules.
    pub(crate) fn start(request: &Request) -> Result<Self, Failure> {
        let (outgoing, options, target) = outgoing(request)?;
        let refused = || failure::refused(&target);
        let body = match &request.body {
            None => None,
            Some(bytes) => {
                let body = outgoing.body().map_err(|()| refused())?;
                let stream = body.write().map_err(|()| refused())?;
                Some((stream, body, bytes.as_bytes().to_vec()))
            }
        };
        let response = handle(outgoing, Some(options))
            .map_err(|code| failure::of_handing_over(&code, &target))?;
        let state = match body {
            None => State::Waiting(response),
            Some((stream, body, rest)) => State::Writing {
                stream,
                body,
                rest,
                response,
            },
        };
        Ok(Self {
            state,
            target,
            ends: now().saturating_add(limits::REQUEST),
        })
    }

    /// When its time is over.
    pub(crate) fn ends(&self) -> Instant {
        self.ends
    }

    /// What it waits for.
    pub(crate) fn pollables(&self) -> Vec<Pollable> {
        match &self.state {
            State::Writing {
                stream, response, ..
            } => vec![stream.subscribe(), response.subscribe()],
            State::Waiting(response) => vec![response.subscribe()],
            State::Reading { stream, .. } => vec![stream.subscribe()],
        }
    }

    /// Goes on as far as it can without waiting. All responses together take no more than `bytes_left`.
    pub(crate) fn step(self, bytes_left: &mut usize) -> Step {
        let Self {
            mut state,
            target,
            ends,
        } = self;
        loop {
            let moved = match state {
                State::Writing {
                    stream,
                    body,
                    rest,
                    response,
                } => write(response, rest, body, stream),
                State::Waiting(response) => open(response, &target),
                State::Reading {
                    stream,
                    body,
                    head,
                    bytes,
                } => read(&target, bytes_left, bytes, head, body, stream),
            };
            match moved {
                Moved::On(next) => state = next,
                Moved::Done(answer) => return Step::Done(answer),
                Moved::Stays(_) if now() >= ends => {
                    return Step::Done(Err(failure::time_is_over(&target)));
                }
                Moved::Stays(state) => {
                    return Step::Pending(Self {
                        state,
                        target,
                        ends,
                    });
                }
            }
        }
    }
}

/// If the body cannot be written, or the answer came first, what it says counts. Parameters are dropped from the last to the
/// first, here and below: a stream has to go before its body.
fn write(
    response: FutureIncomingResponse,
    mut rest: Vec<u8>,
    body: OutgoingBody,
    stream: OutputStream,
) -> Moved {
    if response.subscribe().ready() {
        return Moved::On(State::Waiting(response));
    }
    loop {
        let room = match stream.check_write() {
            Ok(0) => {
                return Moved::Stays(State::Writing {
                    stream,
                    body,
                    rest,
                    response,
                });
            }
            Ok(room) => usize::try_from(room).unwrap_or(usize::MAX),
            Err(_) => break,
        };
        if rest.is_empty() {
            drop(stream);
            // If that fails, the response says why.
            let _ = OutgoingBody::finish(body, None);
            return Moved::On(State::Waiting(response));
        }
        let part: Vec<u8> = rest.drain(..room.min(rest.len())).collect();
        if stream.write(&part).is_err() {
            break;
        }
    }
    Moved::On(State::Waiting(response))
}

/// The head of the response, once it is there.
fn open(response: FutureIncomingResponse, target: &str) -> Moved {
    let head = match response.get() {
        None => return Moved::Stays(State::Waiting(response)),
        Some(Ok(Ok(head))) => head,
        Some(Ok(Err(code))) => return Moved::Done(Err(failure::of_code(&code, target))),
        Some(Err(())) => return Moved::Done(Err(failure::broken(target))),
    };
    if let Some(coding) = content_coding(&head) {
        return Moved::Done(Err(failure::encoded(&coding, target)));
    }
    let Ok(body) = head.consume() else {
        return Moved::Done(Err(failure::broken(target)));
    };
    let Ok(stream) = body.stream() else {
        return Moved::Done(Err(failure::broken(target)));
    };
    Moved::On(State::Reading {
        stream,
        body,
        head,
        bytes: Vec::new(),
    })
}

/// None was asked for, so that there should be none.
fn content_coding(head: &IncomingResponse) -> Option<String> {
    let codings = head.headers().get(&"content-encoding".to_owned());
    let mut codings = codings.into_iter().map(|coding| latin_1(&coding));
    codings.find(|coding| !coding.trim().eq_ignore_ascii_case("identity"))
}

fn read(
    target: &str,
    bytes_left: &mut usize,
    mut bytes: Vec<u8>,
    head: IncomingResponse,
    body: IncomingBody,
    stream: InputStream,
) -> Moved {
    loop {
        match stream.read(PART) {
            Ok(part) if part.is_empty() => {
                return Moved::Stays(State::Reading {
                    stream,
                    body,
                    head,
                    bytes,
                });
            }
            Ok(part) => {
                let Some(left) = bytes_left.checked_sub(part.len()) else {
                    return Moved::Done(Err(failure::all_too_large(target)));
                };
                *bytes_left = left;
                bytes.extend(part);
                if bytes.len() > limits::RESPONSE_BYTES {
                    return Moved::Done(Err(failure::too_large(target)));
                }
            }
            Err(StreamError::Closed) => return Moved::Done(Ok(whole(&head, bytes))),
            Err(StreamError::LastOperationFailed(error)) => {
                let code = http_error_code(&error);
                return Moved::Done(Err(failure::in_response(code.as_ref(), target)));
            }
        }
    }
}

/// How much is read in one step.
const PART: u64 = 64 << 10;

fn whole(head: &IncomingResponse, bytes: Vec<u8>) -> Response {
    let headers = head.headers().entries().into_iter();
    Response {
        status: head.status(),
        headers: headers
            .map(|(name, value)| (name.to_ascii_lowercase(), latin_1(&value)))
            .collect(),
        body: bytes.into(),
        age_seconds: None,
    }
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
