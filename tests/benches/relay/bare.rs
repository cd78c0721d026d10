//! What inserts and syncs in groups, and does nothing else: a loop, which shows what the disk and SQLite allow, and a server
//! in front of such a loop, which shows what HTTP on this machine allows in addition.

use std::convert::Infallible;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rusqlite::Connection;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

/// The argument with which this program is the server.
pub(crate) const SERVE: &str = "serve-bare";
/// How many rows share a commit at most, as in the relay.
const GROUP: usize = 256;

/// Inserts a group, commits, and begins again, for so long. Returns how many rows a second are on disk.
pub(crate) fn rows_a_second(folder: &Path, group: usize, body: &str, how_long: Duration) -> f64 {
    let connection = database(&folder.join("bare.db"));
    let began = Instant::now();
    let mut rows = 0;
    while began.elapsed() < how_long {
        insert(&connection, (0..group).map(|_| body.as_bytes()));
        rows += group;
    }
    rows as f64 / began.elapsed().as_secs_f64()
}

fn database(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("a database");
    let prepared = connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;
         CREATE TABLE IF NOT EXISTS alerts (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    );
    prepared.expect("a table");
    connection
}

fn insert<'a>(connection: &Connection, bodies: impl Iterator<Item = &'a [u8]>) {
    connection.execute_batch("BEGIN IMMEDIATE").expect("begun");
    let insert = "INSERT INTO alerts (body) VALUES (?1)";
    let mut insert = connection.prepare_cached(insert).expect("a statement");
    for body in bodies {
        insert.execute([body]).expect("inserted");
    }
    connection.execute_batch("COMMIT").expect("on disk");
}

/// The server, as a process of its own as the relay is.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut process = Command::new(program)
            .arg(SERVE)
            .arg(folder)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut address = String::new();
        let output = process.stdout.take().expect("its output");
        let read = BufReader::new(output).read_line(&mut address);
        read.expect("its address");
        Self {
            process,
            address: address.trim().to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("ended");
    }
}

/// Keeps the body of each request and answers 202 once it is on disk. Says where it listens, and never ends.
pub(crate) fn serve(folder: &Path) -> ! {
    let connection = database(&folder.join("bare-server.db"));
    let (sender, receiver) = mpsc::channel(16_384);
    std::thread::spawn(move || write_groups(&connection, receiver));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async move {
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let listener = TcpListener::bind(any).await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("set");
            let sender = sender.clone();
            let service = service_fn(move |request| keep(sender.clone(), request));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    })
}

type Row = (Bytes, oneshot::Sender<()>);

async fn keep(
    sender: mpsc::Sender<Row>,
    request: Request<Incoming>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let body = request.into_body().collect().await.expect("a body");
    let (kept, is_kept) = oneshot::channel();
    let sent = sender.send((body.to_bytes(), kept)).await;
    sent.expect("the thread that writes");
    is_kept.await.expect("on disk");
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

fn write_groups(connection: &Connection, mut receiver: mpsc::Receiver<Row>) {
    let mut group = Vec::new();
    while receiver.blocking_recv_many(&mut group, GROUP) > 0 {
        insert(connection, group.iter().map(|(body, _)| &**body));
        for (_, kept) in group.drain(..) {
            let _ = kept.send(());
        }
    }
}
