//! The program: a folder, a configuration, what is set up, and the process.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use psa_tests::workspace;
use reqwest::{Client, Response};
use serde_json::Value;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::places::Place;

pub(crate) struct Program {
    folder: tempfile::TempDir,
    port: u16,
    operation: u16,
    page: u16,
    scheme: &'static str,
    process: Option<Child>,
    pub(crate) client: Client,
    tokens: Vec<(String, String)>,
    environment: Vec<(&'static str, String)>,
}

/// How it is configured.
#[derive(Clone, Copy, Default)]
pub(crate) struct Options<'a> {
    /// Lines below `[timing]`.
    pub(crate) timing: &'a str,
    /// The certificate of the intake and its key, as PEM.
    pub(crate) certificate: Option<(&'a str, &'a str)>,
    /// How many requests a minute the PSA gets. 0: as many as it takes.
    pub(crate) requests_per_minute: u32,
    /// The address of a database that it shares with others.
    pub(crate) database: Option<&'a str>,
}

impl Program {
    /// With a configuration for this PSA, and nothing set up.
    pub(crate) fn configured(place: &Place, options: &Options<'_>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let [port, operation, page] = [(); 3].map(|()| free_port());
        let path = |name: &str| folder.path().join(name);
        fs::write(path("ca.pem"), &place.ca_pem).expect("written");
        place.vendor.bytes().expect("a component of these sources");
        let component = workspace().join("target").join(place.vendor.component);
        let mut tls = "";
        if let Some((certificate, key)) = options.certificate {
            fs::write(path("intake.pem"), certificate).expect("written");
            fs::write(path("intake.key"), key).expect("written");
            tls = "certificate = 'intake.pem'\ncertificate-key = 'intake.key'\n";
        }
        let database = options
            .database
            .map(|url| format!("database.url = '{url}'\n"));
        let database = database.unwrap_or_default();
        let configuration = format!(
            "data = 'data'\ntrial = true\n{database}[connectors]\n{} = '{}'\n\
             [intake]\nlisten = '127.0.0.1:{port}'\n{tls}[operation]\nlisten = '127.0.0.1:{operation}'\n\
             [page]\nlisten = '127.0.0.1:{page}'\n[psa]\nallow-private-networks = true\ncertificate-authority = 'ca.pem'\nrequests-per-minute = {}\n\
             use-environment-proxy = {}\nallow-hosts = [{}]\n[timing]\n{}\n",
            place.vendor.name,
            component.display(),
            options.requests_per_minute,
            place.reached_at.is_some(),
            place.allowed_hosts,
            options.timing
        );
        fs::write(path("relay.toml"), configuration).expect("written");
        let environment = place.reached_at.map(|address| {
            let proxy = format!("http://127.0.0.1:{}", proxy_to(address));
            ("HTTPS_PROXY", proxy)
        });
        Self {
            folder,
            port,
            operation,
            page,
            scheme: if tls.is_empty() { "http" } else { "https" },
            process: None,
            client: client(options.certificate.map(|(pem, _)| pem)),
            tokens: Vec::new(),
            environment: environment.into_iter().collect(),
        }
    }

    /// With a tenant, and a source for each dialect.
    pub(crate) fn set_up(place: &Place, options: &Options<'_>) -> Self {
        let mut program = Self::configured(place, options);
        program.enter(place);
        program.take_tokens("");
        program
    }

    /// Enters everything, and turns tickets on.
    pub(crate) fn enter(&self, place: &Place) {
        self.enter_as(place, "t1", "");
    }

    /// With another tenant of the same PSA: its sources are `am2` and so on if it is number 2.
    #[allow(dead_code, reason = "the benches need it")]
    pub(crate) fn add_tenant(&mut self, place: &Place, number: usize) {
        let suffix = number.to_string();
        self.enter_as(place, &format!("t{number}"), &suffix);
        self.take_tokens(&suffix);
    }

    fn enter_as(&self, place: &Place, tenant: &str, suffix: &str) {
        self.import(&place.setup(tenant, suffix));
        let company = place.company;
        let check = ["check", tenant, "--company", company, "--skip-ticket"];
        self.command(&[&check[..], &["--enable"]].concat());
    }

    fn take_tokens(&mut self, suffix: &str) {
        for source in ["am", "pd", "ce", "gj"] {
            let source = format!("{source}{suffix}");
            let token = self.command(&["token", &source]);
            self.tokens.push((source, token.trim().to_owned()));
        }
    }

    /// Takes in a file of this content. Returns what it prints.
    pub(crate) fn import(&self, content: &Value) -> String {
        let file = self.path("import.json");
        fs::write(&file, content.to_string()).expect("written");
        self.command(&["import", &file.display().to_string()])
    }

    /// Has the key of another one, whose place it takes or which it works beside, and knows its tokens.
    pub(crate) fn with_key_of(mut self, other: &Self) -> Self {
        fs::create_dir(self.path("data")).expect("a folder");
        fs::copy(other.path("data/key"), self.path("data/key")).expect("the key");
        self.tokens.clone_from(&other.tokens);
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs another command beside it, and returns what it prints.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// The same with one that fails: what it says of that.
    pub(crate) fn refused(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.own(Command::new(program()));
        command.arg("--config").arg(self.path("relay.toml"));
        command.args(arguments).output().expect("it runs")
    }

    /// Nothing of whoever runs the tests; compiled code is kept below what is built here.
    fn own(&self, mut command: Command) -> Command {
        let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/cache");
        command.env_clear().env("XDG_CACHE_HOME", cache);
        command.envs(self.environment.iter().cloned());
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.path("log")
    }

    pub(crate) fn start(&mut self) {
        self.start_under(&[]);
    }

    /// Under another program, which takes its own place by it: `strace -D`, `sh -c 'exec "$0" "$@"'`.
    pub(crate) fn start_under(&mut self, words: &[&str]) {
        let program = program().display().to_string();
        let config = self.path("relay.toml").display().to_string();
        let own = [&*program, "--config", &config, "serve"];
        self.start_instead(&[words, &own[..]].concat());
    }

    /// Another program in its place.
    pub(crate) fn start_instead(&mut self, words: &[&str]) {
        assert!(self.process.is_none(), "it runs already");
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())
            .expect("a log");
        let (first, others) = words.split_first().expect("a program");
        let mut command = self.own(Command::new(first));
        let process = command.args(others).stderr(log).spawn();
        self.process = Some(process.expect("it starts"));
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process.as_ref().expect("it runs").id()
    }

    /// As the loss of power does it, but for the disk.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("killed");
            process.wait().expect("ended");
        }
    }

    /// As the service manager does it.
    pub(crate) fn stop(&mut self) {
        let mut process = self.process.take().expect("it runs");
        let id = process.id().to_string();
        let asked = Command::new("kill").arg(&id).status().expect("asked");
        assert!(asked.success());
        let ended = process.wait().expect("ended");
        assert!(ended.success(), "{ended:?}: {}", self.tail());
    }

    pub(crate) fn tail(&self) -> String {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    pub(crate) fn token(&self, source: &str) -> &str {
        let found = self.tokens.iter().find(|(id, _)| id == source);
        &found.expect("a source").1
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}://127.0.0.1:{}{path}", self.scheme, self.port)
    }

    /// Where people set it up.
    #[allow(dead_code, reason = "the tests of the page need it")]
    pub(crate) fn page_url(&self) -> String {
        format!("http://127.0.0.1:{}", self.page)
    }

    /// Sends until it is accepted, as a sender does that does not give up. Returns how often it had to.
    pub(crate) async fn accept(&self, path: &str, token: &str, body: &Value) -> usize {
        accept(&self.client, &[self.url(path)], 0, token, body).await
    }

    pub(crate) async fn post(&self, path: &str, token: &str, body: &Value) -> Response {
        let request = self.client.post(self.url(path)).bearer_auth(token);
        let request = request.header("content-type", "application/json");
        request
            .body(body.to_string())
            .send()
            .await
            .expect("an answer")
    }

    /// Waits until it answers.
    pub(crate) async fn answers(&self) {
        let until = Instant::now() + Duration::from_secs(60);
        while self.client.get(self.url("/")).send().await.is_err() {
            assert!(Instant::now() < until, "it does not start: {}", self.tail());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// How many cases are in each state.
    pub(crate) fn cases(&self) -> Value {
        let status = self.command(&["status", "--json"]);
        let status: Value = serde_json::from_str(&status).expect("JSON");
        status[0]["cases"].clone()
    }

    /// What `/healthz` answers.
    pub(crate) async fn health(&self) -> (u16, String) {
        let url = format!("http://127.0.0.1:{}/healthz", self.operation);
        let answer = self.client.get(url).send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("a body"))
    }

    /// A number of `/metrics`: the name with its labels. Zero if it is not there.
    pub(crate) async fn number(&self, name: &str) -> u64 {
        let url = format!("http://127.0.0.1:{}/metrics", self.operation);
        let text = self.client.get(url).send().await.expect("an answer");
        let text = text.text().await.expect("numbers");
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.map_or(0, |number| number.trim().parse().expect("a number"))
    }

    /// Waits until these are the cases.
    pub(crate) async fn until_cases(&self, expected: Value, within: Duration) {
        let until = Instant::now() + within;
        loop {
            let cases = self.cases();
            if cases == expected {
                return;
            }
            assert!(
                Instant::now() < until,
                "{cases} and not {expected}: {}\n{}",
                self.command(&["status"]),
                self.tail()
            );
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, within: Duration, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + within;
    while !is_so() {
        assert!(Instant::now() < until, "{what}: not within {within:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Sends it until it is accepted, first to the address with this number, and as a balancer does: one that does not take it is
/// passed over. The result is how often it had to be repeated.
pub(crate) async fn accept(
    client: &Client,
    urls: &[String],
    first: usize,
    token: &str,
    body: &Value,
) -> usize {
    let body = body.to_string();
    for tries in 0.. {
        let url = &urls[(first + tries) % urls.len()];
        let request = client.post(url).bearer_auth(token);
        let request = request.header("content-type", "application/json");
        match request.body(body.clone()).send().await {
            Ok(response) if response.status() == 202 => return tries,
            Ok(response) => assert_eq!(response.status(), 503),
            Err(_) => {}
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    unreachable!("it is tried without end")
}

/// Of a sender on this machine, which trusts this certificate and no other.
pub(crate) fn client(trusted_pem: Option<&str>) -> Client {
    use tokio_rustls::rustls::pki_types::pem::PemObject as _;
    let mut roots = RootCertStore::empty();
    if let Some(pem) = trusted_pem {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("PEM");
        roots.add(certificate).expect("a certificate");
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(config)
        .timeout(Duration::from_secs(10))
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client")
}

/// Built beside this test.
pub(crate) fn program() -> PathBuf {
    let path = built().join("psa-relay");
    assert!(
        path.exists(),
        "run `cargo build --workspace --locked`, then repeat"
    );
    path
}

/// Where things are built.
pub(crate) fn built() -> PathBuf {
    let test = std::env::current_exe().expect("this test's path");
    let folder = test.ancestors().nth(2);
    folder.map(Path::to_owned).expect("a folder")
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A proxy that leads to one address, whichever host is asked for. Returns its port.
fn proxy_to(address: SocketAddr) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    thread::spawn(move || {
        for client in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || connected(client, address));
        }
    });
    port
}

fn connected(mut client: TcpStream, address: SocketAddr) -> std::io::Result<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        client.read_exact(&mut byte)?;
        head.extend(byte);
    }
    assert!(head.starts_with(b"CONNECT "), "no request for a tunnel");
    let mut server = TcpStream::connect(address)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(std::net::Shutdown::Write);
    });
    std::io::copy(&mut server, &mut client)?;
    client.shutdown(std::net::Shutdown::Write)
}
