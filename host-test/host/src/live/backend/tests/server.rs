//! A TLS server on loopback that behaves as it is told, connection by connection, and keeps what it was sent.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What a connection meets.
#[derive(Clone)]
pub(super) enum Behaviour {
    /// Closed at once, before TLS.
    CloseBeforeTls,
    /// These bytes, in answer to the first that arrive, without TLS.
    Plain(&'static [u8]),
    /// Closed after TLS, before anything was read.
    CloseBeforeReading,
    /// The request is read, then these bytes are written and the connection closed.
    Answer(Vec<u8>),
    /// The request is read, and answered with its number among all.
    Number,
    /// The same as [`Self::Answer`] after a while.
    SlowAnswer(Duration, Vec<u8>),
    /// The request is read, then these bytes are written for ever.
    Endless(Vec<u8>, Vec<u8>),
    /// HTTP/2: these bytes once the request has arrived, then closed.
    Http2(Vec<u8>),
    /// HTTP/2: the first so many requests are refused unprocessed, then 200.
    RefuseStreams(usize),
}

/// Running until it is dropped with its runtime.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) authority_pem: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    connections: usize,
    requests: Vec<String>,
    open: usize,
    most_open: usize,
}

impl Server {
    /// Serves the name `psa.test`. The connections meet the behaviours in their order, further ones the last.
    pub(super) async fn start(behaviours: Vec<Behaviour>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = listener.local_addr().expect("an address");
        let key = KeyPair::generate().expect("a key");
        let certificate = CertificateParams::new(vec!["psa.test".to_owned()])
            .and_then(|parameters| parameters.self_signed(&key))
            .expect("a certificate");
        let seen = Arc::new(Mutex::new(Seen::default()));
        let authority_pem = certificate.pem();
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            for number in 0.. {
                let Ok((stream, _)) = listener.accept().await else {
                    return;
                };
                shared.lock().expect("no panic").connections += 1;
                let behaviour = behaviours[number.min(behaviours.len() - 1)].clone();
                let is_http_2 =
                    matches!(behaviour, Behaviour::RefuseStreams(_) | Behaviour::Http2(_));
                let acceptor = acceptor(&certificate, &key, is_http_2);
                tokio::spawn(serve(stream, acceptor, behaviour, Arc::clone(&shared)));
            }
        });
        Self {
            address,
            authority_pem,
            seen,
        }
    }

    pub(super) fn connections(&self) -> usize {
        self.seen.lock().expect("no panic").connections
    }

    /// Head and body of every request.
    pub(super) fn requests(&self) -> Vec<String> {
        self.seen.lock().expect("no panic").requests.clone()
    }

    /// The most requests that were open at once.
    pub(super) fn most_open(&self) -> usize {
        self.seen.lock().expect("no panic").most_open
    }
}

fn acceptor(certificate: &rcgen::Certificate, key: &KeyPair, is_http_2: bool) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a certificate");
    let protocol: &[u8] = if is_http_2 { b"h2" } else { b"http/1.1" };
    config.alpn_protocols = vec![protocol.to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// What fails here fails at the client too, where it is looked at.
async fn serve(
    mut stream: TcpStream,
    acceptor: TlsAcceptor,
    behaviour: Behaviour,
    seen: Arc<Mutex<Seen>>,
) {
    match behaviour {
        Behaviour::CloseBeforeTls => return,
        Behaviour::Plain(bytes) => {
            let mut hello = [0; 4096];
            let _ = stream.read(&mut hello).await;
            let _ = stream.write_all(bytes).await;
            let _ = stream.read(&mut hello).await;
            return;
        }
        _ => {}
    }
    let Ok(mut stream) = acceptor.accept(stream).await else {
        return;
    };
    let is_number = matches!(behaviour, Behaviour::Number);
    let (delay, mut answer, tail) = match behaviour {
        Behaviour::CloseBeforeReading => return,
        Behaviour::Http2(frames) => {
            answer_in_frames(stream, &frames, &seen).await;
            return;
        }
        Behaviour::RefuseStreams(count) => {
            refuse_streams(stream, count, &seen).await;
            return;
        }
        Behaviour::Answer(answer) => (Duration::ZERO, answer, None),
        Behaviour::SlowAnswer(delay, answer) => (delay, answer, None),
        Behaviour::Endless(head, tail) => (Duration::ZERO, head, Some(tail)),
        // Made below, when the request has arrived.
        Behaviour::Number => (Duration::ZERO, Vec::new(), None),
        Behaviour::CloseBeforeTls | Behaviour::Plain(_) => return,
    };
    let request = read_request(&mut stream).await;
    {
        let mut seen = seen.lock().expect("no panic");
        seen.requests.push(request);
        seen.open += 1;
        seen.most_open = seen.most_open.max(seen.open);
        if is_number {
            let number = seen.requests.len().to_string();
            answer = super::answer("200 OK", "", number.as_bytes());
        }
    }
    tokio::time::sleep(delay).await;
    let _ = stream.write_all(&answer).await;
    if let Some(tail) = tail {
        while stream.write_all(&tail).await.is_ok() {}
    }
    seen.lock().expect("no panic").open -= 1;
    let _ = stream.shutdown().await;
}

async fn answer_in_frames(
    mut stream: tokio_rustls::server::TlsStream<TcpStream>,
    frames: &[u8],
    seen: &Mutex<Seen>,
) {
    // Empty SETTINGS, then time for the client to send what it has.
    let _ = stream.write_all(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
    let mut chunk = [0; 4096];
    let quiet = Duration::from_millis(100);
    while let Ok(Ok(count)) = tokio::time::timeout(quiet, stream.read(&mut chunk)).await {
        if count == 0 {
            return;
        }
    }
    seen.lock().expect("no panic").requests.push(String::new());
    let _ = stream.write_all(frames).await;
    let _ = stream.shutdown().await;
}

async fn refuse_streams(
    stream: tokio_rustls::server::TlsStream<TcpStream>,
    count: usize,
    seen: &Mutex<Seen>,
) {
    let Ok(mut connection) = h2::server::handshake(stream).await else {
        return;
    };
    let mut refused = 0;
    while let Some(Ok((request, mut answer))) = connection.accept().await {
        let line = format!("{} {}", request.method(), request.uri().path());
        seen.lock().expect("no panic").requests.push(line);
        if refused < count {
            refused += 1;
            answer.send_reset(h2::Reason::REFUSED_STREAM);
        } else {
            let _ = answer.send_response(hyper::Response::default(), true);
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .and_then(|length| length.parse().ok())
                .unwrap_or(0);
            if body.len() >= length {
                return text;
            }
        }
        let mut chunk = [0; 4096];
        match stream.read(&mut chunk).await {
            Ok(count) if count > 0 => bytes.extend_from_slice(&chunk[..count]),
            _ => return text,
        }
    }
}
