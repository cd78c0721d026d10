//! The program: a folder, a configuration, what is set up, and the process.

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::{CONNECTWISE, workspace};
use reqwest::{Client, Response};
use serde_json::{Value, json};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub(crate) const COMPANY: &str = "examplemsp";

pub(crate) struct Relay {
    folder: tempfile::TempDir,
    port: u16,
    process: Option<Child>,
    pub(crate) server: Server,
    pub(crate) client: Client,
    tokens: Vec<(String, String)>,
}

impl Relay {
    /// With a tenant, and a source for each dialect, under these times.
    pub(crate) fn set_up(timing: &str) -> Self {
        let server = Server::start(vec![Tenant::example(COMPANY)]).expect("a server");
        let folder = tempfile::tempdir().expect("a folder");
        let (port, operation) = (free_port(), free_port());
        let path = |name: &str| folder.path().join(name);
        fs::write(path("ca.pem"), &server.ca_pem).expect("written");
        CONNECTWISE.bytes().expect("a component of these sources");
        let component = workspace().join("target/connectwise-psa.wasm");
        let configuration = format!(
            "data = 'data'\ntrial = true\n[connectors]\nconnectwise = '{}'\n\
             [intake]\nlisten = '127.0.0.1:{port}'\n[operation]\nlisten = '127.0.0.1:{operation}'\n\
             [psa]\nallow-private-networks = true\ncertificate-authority = 'ca.pem'\nrequests-per-minute = 0\n\
             [timing]\n{timing}\n",
            component.display()
        );
        fs::write(path("relay.toml"), configuration).expect("written");
        fs::write(path("setup.json"), setup(&server).to_string()).expect("written");
        let mut relay = Self {
            folder,
            port,
            process: None,
            server,
            client: client(),
            tokens: Vec::new(),
        };
        let file = relay.folder.path().join("setup.json");
        relay.command(&["import", &file.display().to_string()]);
        for source in ["am", "pd", "ce", "gj"] {
            let token = relay.command(&["token", source]);
            relay
                .tokens
                .push((source.to_owned(), token.trim().to_owned()));
        }
        relay.command(&["check", "t1", "--company", "2", "--skip-ticket", "--enable"]);
        relay
    }

    /// Runs another command beside it, and returns what it prints.
    pub(crate) fn command(&self, arguments: &[&str]) -> String {
        let output = self.program().args(arguments).output().expect("it runs");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn program(&self) -> Command {
        let mut command = Command::new(program());
        command
            .arg("--config")
            .arg(self.folder.path().join("relay.toml"));
        // Nothing of whoever runs the tests; compiled code is kept below what is built here.
        let cache = concat!(env!("CARGO_TARGET_TMPDIR"), "/cache");
        command.env_clear().env("XDG_CACHE_HOME", cache);
        command.stdin(Stdio::null());
        command
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub(crate) fn start(&mut self) {
        let log = fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())
            .expect("a log");
        let process = self.program().arg("serve").stderr(log).spawn();
        self.process = Some(process.expect("it starts"));
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
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Sends until it is accepted, as a sender does that does not give up. Returns how often it had to.
    pub(crate) async fn accept(&self, path: &str, token: &str, body: &Value) -> usize {
        accept(&self.client, &self.url(path), token, body).await
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

impl Drop for Relay {
    fn drop(&mut self) {
        self.kill();
    }
}

pub(crate) async fn accept(client: &Client, url: &str, token: &str, body: &Value) -> usize {
    let body = body.to_string();
    for tries in 0.. {
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

/// Of a sender: plain HTTP, on this machine.
fn client() -> Client {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(config)
        .timeout(Duration::from_secs(10))
        .retry(reqwest::retry::never())
        .no_proxy()
        .build()
        .expect("a client")
}

/// Built beside this test.
fn program() -> PathBuf {
    let folder = std::env::current_exe().expect("this test's path");
    let folder = folder
        .ancestors()
        .nth(2)
        .expect("the folder of what is built");
    let path = folder.join("psa-relay");
    assert!(
        path.exists(),
        "run `cargo build --workspace --locked`, then repeat"
    );
    path
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn setup(server: &Server) -> Value {
    let settings = server.settings(COMPANY).into_iter();
    let settings: serde_json::Map<String, Value> = settings
        .filter(|setting| setting.name != "client-id")
        .map(|setting| (setting.name, Value::String(setting.value)))
        .collect();
    let client_id = server.settings(COMPANY).into_iter();
    let client_id = client_id.filter(|setting| setting.name == "client-id");
    let client_id: serde_json::Map<String, Value> = client_id
        .map(|setting| (setting.name, Value::String(setting.value)))
        .collect();
    let source =
        |id: &str, rules: Value| json!({"id": id, "tenant": "t1", "name": id, "rules": rules});
    json!({
        "tenants": [{
            "id": "t1",
            "name": "Example",
            "connector": "connectwise",
            "services": {
                "board-id": "5",
                "closing-status-ids": ["503"],
                "reopening-status-ids": ["501"],
                "default-company": {"id": "2", "name": "Example"},
            },
        }],
        "sources": [
            source("am", json!({"dialect": "alertmanager"})),
            source("pd", json!({"dialect": "pagerduty"})),
            source("ce", json!({"dialect": "cloudevents"})),
            source("gj", json!({"dialect": "generic", "fields": {"key": ["/id"], "summary": "/name"}})),
        ],
        "settings": {"t1": settings},
        "platform-settings": {"connectwise": client_id},
    })
}
