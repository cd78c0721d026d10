//! What inserts and syncs in groups, and does nothing else: a loop, which shows what the disk and SQLite allow, and servers in
//! front of such a loop. One keeps the bodies, which shows what HTTP on this machine allows in addition. The other inserts cases
//! into the relay's tables, which shows what a case, its alert and their indexes cost without reading or deciding anything.

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
/// The tables of the relay, with their indexes.
const TABLES: &str = include_str!("../../../relay/src/store/sqlite/version_1.sql");
/// How many rows share a commit at most, as in the relay.
const GROUP: usize = 256;

/// Inserts a group, commits, and begins again, for so long. Returns how many rows a second are on disk.
pub(crate) fn rows_a_second(folder: &Path, group: usize, body: &str, how_long: Duration) -> f64 {
    let connection = database(&folder.join("bare.db"));
    let began = Instant::now();
    let mut rows = 0;
    while began.elapsed() < how_long {
        committed(&connection, || {
            insert(&connection, (0..group).map(|_| body.as_bytes()));
        });
        rows += group;
    }
    rows as f64 / began.elapsed().as_secs_f64()
}

fn database(path: &Path) -> Connection {
    let connection = Connection::open(path).expect("a database");
    let prepared = connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;
         CREATE TABLE IF NOT EXISTS bodies (id INTEGER PRIMARY KEY, body BLOB NOT NULL)",
    );
    prepared.expect("a table");
    connection
}

fn committed(connection: &Connection, work: impl FnOnce()) {
    connection.execute_batch("BEGIN IMMEDIATE").expect("begun");
    work();
    connection.execute_batch("COMMIT").expect("on disk");
}

fn insert<'a>(connection: &Connection, bodies: impl Iterator<Item = &'a [u8]>) {
    let insert = "INSERT INTO bodies (body) VALUES (?1)";
    let mut insert = connection.prepare_cached(insert).expect("a statement");
    for body in bodies {
        insert.execute([body]).expect("inserted");
    }
}

/// A company counted, a case of its own, whose data is the body, and its alert: what a new alert is in the relay. `first`
/// numbers the keys.
fn insert_cases<'a>(connection: &Connection, first: usize, bodies: impl Iterator<Item = &'a [u8]>) {
    let prepared = |text| connection.prepare_cached(text).expect("a statement");
    let mut company = prepared(
        "INSERT INTO mappings (tenant, company, alerts) VALUES ('bare', 'Example Dental', 1)
         ON CONFLICT (tenant, company) DO UPDATE SET alerts = alerts + 1",
    );
    let mut case = prepared(
        "INSERT INTO cases (tenant, source, key, episode, state, due_at, data)
         VALUES ('bare', 'bare', ?1, 1, 'new', 1000000, ?2)",
    );
    let mut alert = prepared(
        "INSERT INTO alerts (at, tenant, source, case_id, status, severity, company, summary, outcome)
         VALUES (1000000, 'bare', 'bare', ?1, 'firing', 'warning', 'Example Dental',
                 'Blocked query for a host of example.com', 'a new case')",
    );
    for (number, body) in (first..).zip(bodies) {
        let body = str::from_utf8(body).expect("JSON");
        company.execute([]).expect("counted");
        let key = format!("key-{number}");
        case.execute([&*key, body]).expect("inserted");
        let id = connection.last_insert_rowid();
        alert.execute([id]).expect("inserted");
    }
}

/// What a server inserts for each request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Bodies,
    Cases,
}

impl Kept {
    const ALL: [Self; 2] = [Self::Bodies, Self::Cases];

    fn name(self) -> &'static str {
        match self {
            Self::Bodies => "bodies",
            Self::Cases => "cases",
        }
    }
}

/// A server, as a process of its own as the relay is.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: String,
}

impl Server {
    pub(crate) fn start(folder: &Path, kept: Kept) -> Self {
        let program = std::env::current_exe().expect("this program");
        let mut process = Command::new(program)
            .arg(SERVE)
            .args([folder.as_os_str(), kept.name().as_ref()])
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

/// Keeps each request and answers 202 once it is on disk. Says where it listens, and never ends.
pub(crate) fn serve(folder: &Path, kept: &str) -> ! {
    let kept = Kept::ALL.into_iter().find(|it| it.name() == kept);
    let kept = kept.expect("what is kept");
    let connection = database(&folder.join(format!("bare-{}.db", kept.name())));
    if kept == Kept::Cases {
        let one_tenant =
            "PRAGMA foreign_keys = ON; INSERT INTO tenants (id, data) VALUES ('bare', '{}')";
        connection.execute_batch(TABLES).expect("the tables");
        connection.execute_batch(one_tenant).expect("a tenant");
    }
    let (sender, receiver) = mpsc::channel(16_384);
    std::thread::spawn(move || write_groups(&connection, kept, receiver));
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

fn write_groups(connection: &Connection, kept: Kept, mut receiver: mpsc::Receiver<Row>) {
    let mut group = Vec::new();
    let mut written = 0;
    while receiver.blocking_recv_many(&mut group, GROUP) > 0 {
        committed(connection, || {
            let bodies = group.iter().map(|(body, _)| &**body);
            match kept {
                Kept::Bodies => insert(connection, bodies),
                Kept::Cases => insert_cases(connection, written, bodies),
            }
        });
        written += group.len();
        for (_, kept) in group.drain(..) {
            let _ = kept.send(());
        }
    }
}
