//! Connections: accepted, greeted with TLS, served until they end or are cut.

use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::Result;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;

use super::answer::Answer;
use super::asked::Asked;
use super::body::Body;
use super::misbehaviour::{ConnectionFault, Misbehaviour};
use super::service::Service;
use super::state::State;

type Refused = Box<dyn Error + Send + Sync>;

/// Accepts connections for ever.
pub(super) async fn accept<S: Service>(listener: TcpListener, state: Arc<State<S>>) {
    loop {
        // Out of file handles, or a client that went away: the next one may fare better.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        state.counters.connections.fetch_add(1, Ordering::SeqCst);
        let fault = state.plan().for_connection();
        // What goes wrong with a connection is the client's to notice.
        tokio::spawn(serve(stream, fault, Arc::clone(&state)));
    }
}

async fn serve<S: Service>(
    mut stream: TcpStream,
    fault: Option<ConnectionFault>,
    state: Arc<State<S>>,
) -> Result<()> {
    let identity = match fault {
        Some(ConnectionFault::CertificateOfAnother) => &state.identities.of_another,
        _ => &state.identities.own,
    };
    if let Some(bytes) = fault.and_then(greeting_in_place_of_tls) {
        let mut hello = [0; 4096];
        let _ = stream.read(&mut hello).await?;
        stream.write_all(bytes).await?;
        return Ok(stream.shutdown().await?);
    }
    if fault == Some(ConnectionFault::RefuseTls) {
        return Ok(());
    }
    stream.set_nodelay(true)?;
    let acceptor = TlsAcceptor::from(Arc::clone(identity));
    let stream = acceptor.accept(stream).await?;
    state.counters.handshakes.fetch_add(1, Ordering::SeqCst);
    if fault == Some(ConnectionFault::CloseAfterHandshake) {
        return Ok(());
    }
    let cut = Arc::new(Notify::new());
    let service = {
        let cut = Arc::clone(&cut);
        service_fn(move |request| respond(request, Arc::clone(&state), Arc::clone(&cut)))
    };
    let builder = Builder::new(TokioExecutor::new());
    tokio::select! {
        // Dropping the stream ends the connection without a word.
        () = cut.notified() => {}
        _ = builder.serve_connection(TokioIo::new(stream), service) => {}
    }
    Ok(())
}

/// What a server says that does not speak the TLS that was asked for.
fn greeting_in_place_of_tls(fault: ConnectionFault) -> Option<&'static [u8]> {
    match fault {
        // Alert, TLS 1.0, two bytes: fatal, protocol_version.
        ConnectionFault::OldTlsAlert => Some(&[21, 3, 1, 0, 2, 2, 70]),
        ConnectionFault::OldTlsHello => Some(&OLD_HELLO),
        ConnectionFault::PlainHttp => {
            Some(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        }
        ConnectionFault::RefuseTls
        | ConnectionFault::CertificateOfAnother
        | ConnectionFault::CloseAfterHandshake => None,
    }
}

/// A `ServerHello` of TLS 1.0: record header, message header, version, 32 bytes of chance, no session,
/// `TLS_RSA_WITH_AES_128_CBC_SHA`, no compression.
const OLD_HELLO: [u8; 47] = {
    let mut hello = [7; 47];
    let start = [22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1];
    let mut place = 0;
    while place < start.len() {
        hello[place] = start[place];
        place += 1;
    }
    let end = [0, 0, 0x2f, 0];
    place = 0;
    while place < end.len() {
        hello[43 + place] = end[place];
        place += 1;
    }
    hello
};

/// Answers one request, or sees to it that it is not answered.
async fn respond<S: Service>(
    request: Request<Incoming>,
    state: Arc<State<S>>,
    cut: Arc<Notify>,
) -> Result<Response<Body>, Refused> {
    let (parts, body) = request.into_parts();
    let number = state.counters.requests.fetch_add(1, Ordering::SeqCst) + 1;
    match parts.method {
        http::Method::POST => state.counters.posts.fetch_add(1, Ordering::SeqCst),
        http::Method::PATCH => state.counters.patches.fetch_add(1, Ordering::SeqCst),
        _ => 0,
    };
    let mut asked = Asked::of(number, &parts);
    asked.tenant = S::tenant_of(&asked);
    let misbehaviour = state.plan().for_request(&asked);
    let named = misbehaviour.as_ref().map(|how| format!("{how:?}"));
    state.log().add(asked.clone(), named);

    match &misbehaviour {
        Some(Misbehaviour::DropBeforeReading) => return Ok(ended(&cut).await),
        Some(Misbehaviour::RefuseStream) if asked.is_http2 => {
            return Err(h2::Error::from(h2::Reason::REFUSED_STREAM).into());
        }
        Some(Misbehaviour::RefuseStream) => return Ok(ended(&cut).await),
        _ => {}
    }
    let body = body.collect().await?.to_bytes();
    let act = || state.act(&asked, &body);
    let sent = || Arc::clone(&state.counters.body_bytes);
    let (answer, body) = match misbehaviour {
        None => whole(act(), sent),
        Some(Misbehaviour::Delay(time)) => {
            // On its own: a client that goes away does not stop what it asked for.
            let (state, asked, body) = (Arc::clone(&state), asked.clone(), body.clone());
            let acting = tokio::spawn(async move {
                tokio::time::sleep(time).await;
                state.act(&asked, &body)
            });
            whole(acting.await?, sent)
        }
        Some(Misbehaviour::DropAfterCommitting) => {
            act();
            return Ok(ended(&cut).await);
        }
        Some(Misbehaviour::CommitLate(time)) => {
            let (state, asked, body) = (Arc::clone(&state), asked.clone(), body.clone());
            tokio::spawn(async move {
                tokio::time::sleep(time).await;
                state.act(&asked, &body);
            });
            return Ok(ended(&cut).await);
        }
        Some(Misbehaviour::DropInBody) => {
            let answer = act();
            let body = Body::broken(&answer.body, cut, sent());
            (answer, body)
        }
        Some(Misbehaviour::EndlessBody) => (act(), Body::endless(sent())),
        Some(Misbehaviour::Bomb(size)) => {
            let answer = act().with_header("content-encoding", "gzip".to_owned());
            (answer, Body::bomb(size, sent()))
        }
        Some(Misbehaviour::TooManyRequests(after)) => {
            whole(S::too_many_requests(after.as_deref()), sent)
        }
        Some(Misbehaviour::BadGateway) => whole(Answer::bad_gateway(), sent),
        Some(Misbehaviour::BadGatewayAfterCommitting) => {
            act();
            whole(Answer::bad_gateway(), sent)
        }
        Some(Misbehaviour::Unavailable(after)) => {
            let mut answer = Answer::bad_gateway();
            answer.status = 503;
            whole(
                after.into_iter().fold(answer, |answer, after| {
                    answer.with_header("retry-after", after)
                }),
                sent,
            )
        }
        Some(Misbehaviour::EndlessList(pages)) => whole(S::endless_page(&asked, pages), sent),
        Some(Misbehaviour::Redirect(url)) => {
            let answer = Answer::text(302, "text/html", "").with_header("location", url);
            whole(answer, sent)
        }
        Some(Misbehaviour::FalseSuccess) => {
            let mut read = asked.clone();
            read.method = "GET".to_owned();
            whole(state.act(&read, &Bytes::new()), sent)
        }
        Some(Misbehaviour::Answer(answer)) => whole(answer, sent),
        Some(Misbehaviour::DropBeforeReading | Misbehaviour::RefuseStream) => {
            unreachable!("decided before the body was read")
        }
    };
    state.log().answered(number, answer.status);
    Ok(response(S::headers(number), answer, body)?)
}

fn whole(
    answer: Answer,
    sent: impl FnOnce() -> Arc<std::sync::atomic::AtomicU64>,
) -> (Answer, Body) {
    let body = Body::whole(answer.body.clone(), sent());
    (answer, body)
}

fn response(
    common: Vec<(&'static str, String)>,
    answer: Answer,
    body: Body,
) -> Result<Response<Body>, http::Error> {
    let mut response = Response::builder().status(answer.status);
    for (name, value) in common.into_iter().chain(answer.headers) {
        response = response.header(name, value);
    }
    response.body(body)
}

/// Ends the connection; what is returned is never sent.
async fn ended(cut: &Notify) -> Response<Body> {
    cut.notify_one();
    let never: Result<Response<Body>, Infallible> = std::future::pending().await;
    match never {
        Ok(response) => response,
        Err(impossible) => match impossible {},
    }
}
