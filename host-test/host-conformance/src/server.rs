//! The server that the probe sends to: real TLS on ports of the loopback, on threads that end with the process.
//!
//! How each request is answered is in its URL (`script`). Beside the good port there are bad ones: with a certificate that
//! must not be trusted, without TLS, silent, closed, and one that nobody may reach.

mod answer; // Answers, whole and in halves.
mod authority; // Certificates.
mod script; // What a URL of the probe says.
mod seen; // What arrived.
mod wire; // Requests as they were written.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use answer::Next;
pub use authority::Authority;
#[cfg(test)]
pub(crate) use script::Script;
use seen::Log;
pub use seen::Seen;
use wire::Arrived;

/// What the server encodes: `component/probe/src/answers.rs` compares it.
const TEXT: &str = "Gr\u{f6}\u{df}e Gr\u{f6}\u{df}e Gr\u{f6}\u{df}e Gr\u{f6}\u{df}e";

const NAMES: [&str; 2] = ["localhost", "127.0.0.1"];
const NAME: &str = "Authority of psa-host conform-host";
/// Which shows each request as it was written.
const HTTP_1: [&str; 1] = ["http/1.1"];

/// Why the server cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// There is no port to be had.
    #[error("no port of the loopback: {0}")]
    Port(#[from] io::Error),
    /// No certificate can be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// TLS refuses the certificate.
    #[error("cannot use the certificate: {0}")]
    Tls(#[from] rustls::Error),
}

/// The server, which runs until the process ends.
pub struct Server {
    /// The certificate of the authority to trust, as PEM.
    pub certificate_pem: String,
    /// The one that must not be trusted.
    pub untrusted_pem: String,
    settings: BTreeMap<&'static str, String>,
    other_key: String,
    shared: Arc<Shared>,
}

/// What the threads share.
struct Shared {
    log: Log,
    /// The access token that it gives.
    token: String,
    /// How long it holds a request that is to time out.
    patience: Duration,
}

impl Server {
    /// Starts it on ports that are free. When this returns, it listens. A request that is to time out is held for
    /// `patience`.
    ///
    /// # Errors
    /// [`StartError`]
    pub fn start(patience: Duration) -> Result<Self, StartError> {
        let (authority, stranger) = (Authority::new(NAME)?, Authority::new(NAME)?);
        let shared = Arc::new(Shared {
            log: Log::default(),
            token: format!("token-{}", authority::secret()?),
            patience,
        });
        let good = authority.identity(&NAMES, &HTTP_1)?;
        let tls = |identity: Arc<ServerConfig>| {
            let shared = Arc::clone(&shared);
            listen(move |stream| serve(stream, &identity, &shared))
        };
        let settings = BTreeMap::from([
            ("site", tls(Arc::clone(&good))?),
            ("foreign", tls(good)?),
            ("untrusted", tls(stranger.identity(&NAMES, &HTTP_1)?)?),
            (
                "misnamed",
                tls(authority.identity(&["another.example.com"], &HTTP_1)?)?,
            ),
            ("plain", listen(speak_http)?),
            (
                "silent",
                listen(move |stream| stay_silent(stream, patience))?,
            ),
            ("refused", closed_port()?),
            // Reserved: no name server knows it.
            ("unknown", "psa-host-conform-host.invalid".to_owned()),
            ("key", format!("key-{}", authority::secret()?)),
            ("tenant", "one".to_owned()),
        ]);
        Ok(Self {
            certificate_pem: authority.certificate_pem,
            untrusted_pem: stranger.certificate_pem,
            settings,
            other_key: format!("key-{}", authority::secret()?),
            shared,
        })
    }

    /// The settings of the probe, by name.
    #[must_use]
    pub fn settings(&self) -> BTreeMap<&'static str, String> {
        self.settings.clone()
    }

    /// Those of another tenant, for `get-ticket`.
    #[must_use]
    pub fn other_settings(&self) -> BTreeMap<&'static str, String> {
        let mut settings = self.settings();
        settings.insert("key", self.other_key.clone());
        settings.insert("tenant", "two".to_owned());
        settings
    }

    /// What a program must not print.
    #[must_use]
    pub fn secrets(&self) -> [&str; 3] {
        [&self.settings["key"], &self.other_key, &self.shared.token]
    }

    /// What arrived since the start or since this was last asked.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.shared.log.take()
    }
}

/// Hands each connection to a thread of its own. Returns where it listens.
fn listen(
    serve: impl Fn(TcpStream) -> io::Result<()> + Clone + Send + 'static,
) -> Result<String, StartError> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            // What goes wrong with a connection is the client's to notice.
            thread::spawn(move || serve(stream));
        }
    });
    Ok(format!("localhost:{port}"))
}

fn serve(stream: TcpStream, identity: &Arc<ServerConfig>, shared: &Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let tls = ServerConnection::new(Arc::clone(identity)).map_err(io::Error::other)?;
    let mut stream = StreamOwned::new(tls, stream);
    let mut left = Vec::new();
    while let Some(arrived) = Arrived::read(&mut stream, &mut left)? {
        let numbers = shared.log.begin(&arrived.script);
        match answer::answer(&arrived, shared, numbers, &mut stream)? {
            Next::Go => {}
            Next::Cut => return stream.sock.shutdown(Shutdown::Both),
            Next::End => {
                stream.conn.send_close_notify();
                stream.flush()?;
                return stream.sock.shutdown(Shutdown::Write);
            }
        }
    }
    Ok(())
}

fn speak_http(mut stream: TcpStream) -> io::Result<()> {
    let mut hello = [0; 4_096];
    let _ = stream.read(&mut hello)?;
    stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn stay_silent(stream: TcpStream, patience: Duration) -> io::Result<()> {
    thread::sleep(patience);
    stream.shutdown(Shutdown::Both)
}

/// A port where nothing listens: the system gives it to nobody else for a while.
fn closed_port() -> Result<String, StartError> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    Ok(format!("localhost:{port}"))
}
