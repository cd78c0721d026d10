//! Requests through a proxy of the environment: one that connects, one that refuses, and one that is not there.

use std::net::SocketAddr;
use std::sync::Mutex;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// A proxy on loopback, and the heads of what it was asked.
struct ProxyServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl ProxyServer {
    /// Connects to this server, or answers with this line.
    async fn start(answer: Result<SocketAddr, &'static str>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a socket");
        let address = listener.local_addr().expect("an address");
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let shared = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut head = vec![0; 4_096];
                let length = stream.read(&mut head).await.unwrap_or_default();
                let head = String::from_utf8_lossy(&head[..length]).into_owned();
                shared.lock().expect("no panic").push(head);
                tokio::spawn(answer_connect(stream, answer));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

async fn answer_connect(mut stream: TcpStream, answer: Result<SocketAddr, &'static str>) {
    let line = answer.err().unwrap_or("200 Connected");
    let head = format!("HTTP/1.1 {line}\r\n\r\n");
    let _ = stream.write_all(head.as_bytes()).await;
    if let Ok(server) = answer
        && let Ok(mut server) = TcpStream::connect(server).await
    {
        let _ = tokio::io::copy_bidirectional(&mut stream, &mut server).await;
    }
}

/// What comes of one request, with this value of `HTTPS_PROXY`.
async fn through(server: &Server, proxy: &str) -> String {
    let options = LiveOptions {
        use_environment_proxy: true,
        ..options(server)
    };
    let site = format!("{HOST}:{}", server.address.port());
    let variable = |name: &str| (name == "HTTPS_PROXY").then(|| proxy.into());
    let policy = policy(&site, &on_loopback());
    let live = Live::in_environment(&policy, &options, &Pools::default(), &variable);
    match live {
        Ok(mut live) => describe(&ask(&mut live, vec![request("POST", server)]).await[0]),
        Err(error) => error.to_string(),
    }
}

#[tokio::test]
async fn a_proxy_connects_and_learns_its_password_and_nothing_of_the_request() {
    let server = Server::start(vec![Behaviour::Answer(answer("201 Created", "", b"{}"))]).await;
    let proxy = ProxyServer::start(Ok(server.address)).await;
    let found = through(&server, &format!("http://me:s3cret@{}", proxy.address)).await;
    assert_eq!(found, "201");
    let asked = proxy.asked();
    assert_eq!(asked.len(), 1);
    let target = format!("CONNECT {HOST}:{} HTTP/1.1", server.address.port());
    assert!(asked[0].starts_with(&target), "{asked:?}");
    // `me:s3cret` in base64.
    let credential = ["Basic", "bWU6czNjcmV0"].join(" ");
    assert!(asked[0].contains(&credential), "{asked:?}");
    assert!(!asked[0].contains("psa-host"), "{asked:?}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_with_its_answer_and_without_its_password() {
    let server = Server::start(vec![Behaviour::Answer(Vec::new())]).await;
    // Its answer, a part of the message, and how often it was asked: each attempt, and once more for the status.
    for (line, part, expected) in [
        ("403 Forbidden", "it answered 403", 2),
        (
            "407 Proxy Authentication Required",
            "it answered 407. Put a user name",
            2,
        ),
        ("503 Busy", "it answered 503", 8),
    ] {
        let proxy = ProxyServer::start(Err(line)).await;
        let found = through(&server, &format!("http://me:s3cret@{}", proxy.address)).await;
        let beginning = format!(
            "unreachable false: the proxy http://{} (`HTTPS_PROXY`) refused to connect to https://{HOST}:",
            proxy.address
        );
        assert!(found.starts_with(&beginning), "{found}");
        assert!(found.contains(part) && !found.contains("s3cret"), "{found}");
        assert_eq!(proxy.asked().len(), expected, "{found}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_proxy_that_cannot_be_used_is_never_passed_by() {
    let server = Server::start(vec![Behaviour::Answer(answer("200 OK", "", b"{}"))]).await;
    for (proxy, beginning) in [
        // Port 1 of loopback: nobody listens there.
        (
            "http://me:s3cret@127.0.0.1:1",
            "unreachable false: cannot connect through the proxy http://127.0.0.1:1 (`HTTPS_PROXY`) to https://psa.test:",
        ),
        (
            "::::",
            "the proxy in the variable `HTTPS_PROXY` cannot be used",
        ),
        (
            "not a url",
            "the proxy in the variable `HTTPS_PROXY` cannot be used",
        ),
    ] {
        let found = through(&server, proxy).await;
        assert!(found.starts_with(beginning), "{found}");
        assert!(!found.contains("s3cret"), "{found}");
    }
    assert_eq!(server.connections(), 0);
}
