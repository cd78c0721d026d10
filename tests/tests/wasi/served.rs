//! The service under the command `wasmtime serve`, as it is installed from a registry: what it answers, and the example of
//! docs/wasi.md.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use psa_tests::mock::SilentListener;
use psa_tests::mock::connectwise::{Server, Tenant};
use psa_tests::{fetched_tool, workspace};
use serde_json::{Value, json};

const COMPANY: &str = "examplemsp";

struct Serving {
    child: Child,
    address: String,
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Serving {
    fn start(wasmtime: &Path, component: &str, options: &[String]) -> Self {
        let mut child = Command::new(wasmtime)
            .args(["serve", "-S", "cli", "--addr", "127.0.0.1:0"])
            .args(options)
            .arg(workspace().join("target/wasi").join(component))
            .stderr(Stdio::piped())
            .spawn()
            .expect("wasmtime");
        let mut lines = BufReader::new(child.stderr.take().expect("its errors")).lines();
        let address = lines.find_map(|line| {
            let line = line.expect("text");
            let (_, rest) = line.split_once("http://")?;
            Some(rest.trim_end_matches('/').to_owned())
        });
        // Read on, so that it is not stopped by a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self {
            child,
            address: address.expect("it says where it listens"),
        }
    }

    /// Status and body.
    fn call(&self, function: &str, arguments: &Value) -> (u16, String) {
        let body = arguments.to_string();
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        write!(
            stream,
            "POST /v1/{function} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-type: application/json\r\n\
             content-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        )
        .expect("it is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|it| it.parse().ok());
        (status.expect("a status"), body.to_owned())
    }
}

fn wasmtime() -> Option<PathBuf> {
    fetched_tool("wasmtime", "component/service/wasmtime.sh")
}

fn variables(site: &str) -> Vec<String> {
    let settings = [
        ("SITE", site),
        ("COMPANY_ID", COMPANY),
        ("PUBLIC_KEY", "PubKeyOfExample1"),
        ("PRIVATE_KEY", "PrivKeyOfExample"),
        ("CLIENT_ID", "6f1b7a52-0c3d-4e58-9a76-2d4c8b1e9f30"),
    ];
    let options = settings.map(|(name, value)| format!("--env=PSA_{name}={value}"));
    options.into()
}

fn json_of(answer: (u16, String)) -> (u16, Value) {
    let body = serde_json::from_str(&answer.1);
    (answer.0, body.unwrap_or_else(|_| panic!("{answer:?}")))
}

#[test]
fn wasmtime_serve_runs_it_and_refuses_a_server_that_it_does_not_trust() {
    let Some(wasmtime) = wasmtime() else { return };
    let server = Server::start(vec![Tenant::example(COMPANY)]).expect("a server");
    let serving = Serving::start(
        &wasmtime,
        "connectwise-service.wasm",
        &variables(&server.site),
    );
    let origins = json_of(serving.call("origins", &json!({})));
    assert_eq!(origins, (200, json!({"origins": [server.origin]})));
    let (status, description) = json_of(serving.call("describe", &json!({})));
    assert_eq!(
        (status, &description["vendor"]),
        (200, &json!("ConnectWise PSA"))
    );
    let draft = json!({"draft": {"company-id": "250", "summary": "Disk is full"}});
    let (status, error) = json_of(serving.call("create-ticket", &draft));
    assert_eq!(
        (status, &error["code"]),
        (503, &json!("unavailable")),
        "{error}"
    );
    assert_eq!(server.counts().requests, 0);
    let given = json!({"id": "1", "settings": [{"name": "site", "value": "evil.example"}]});
    let (status, error) = json_of(serving.call("get-ticket", &given));
    assert_eq!(
        (status, &error["code"]),
        (400, &json!("invalid-input")),
        "{error}"
    );
}

/// What the documentation says of a call that the host ends: a 500 without an error of the connector.
#[test]
fn a_call_that_the_host_ends_is_a_500_without_an_error() {
    let Some(wasmtime) = wasmtime() else { return };
    let silent = SilentListener::start().expect("a port");
    let mut options = variables(&format!("localhost:{}", silent.address.port()));
    options.push("-Wtimeout=1s".to_owned());
    let serving = Serving::start(&wasmtime, "connectwise-service.wasm", &options);
    let (status, body) = serving.call("get-ticket", &json!({"id": "1"}));
    assert_eq!(status, 500);
    assert!(serde_json::from_str::<Value>(&body).is_err(), "{body}");
}

#[test]
fn the_first_ticket_of_the_documentation_is_opened_from_a_folder_with_two_files() {
    let Some(wasmtime) = wasmtime() else { return };
    let two_files = tempfile::tempdir().expect("a folder");
    for from in [
        "target/wasi/connectwise-recorded.wasm",
        "tests/recordings/connectwise/tenant.json",
    ] {
        let from = workspace().join(from);
        let to = two_files.path().join(from.file_name().expect("a name"));
        fs::copy(&from, to).expect("it is built");
    }
    let folder = wasmtime.parent().expect("a folder").display().to_string();
    let text = fs::read_to_string(workspace().join("docs/wasi.md")).expect("the document");
    let after = |text: &str, start: &str, end: &str| {
        let (_, rest) = text.split_once(start).expect("a block");
        rest.split_once(end).expect("its end").0.to_owned()
    };
    let commands = after(&text, "```sh\n# Needs wasmtime", "```");
    let commands: Vec<&str> = commands.lines().skip(1).collect();
    let port = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = port.local_addr().expect("its address").to_string();
    drop(port);
    let commands = commands.join("\n").replace("127.0.0.1:8080", &address);
    let output = Command::new("bash")
        .args([
            "-c",
            &format!("PATH={folder}:$PATH\ntrap 'kill %1' EXIT\n{commands}"),
        ])
        .current_dir(two_files.path())
        .stderr(Stdio::null())
        .output()
        .expect("bash");
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let shown = after(&text, "```json\n", "```");
    let shown: Value = serde_json::from_str(&shown.replace("…", "")).expect("JSON");
    let members = shown["ticket"].as_object().expect("a ticket");
    assert!(!members.is_empty());
    for (name, value) in members {
        assert_eq!(&found["ticket"][name], value, "{name}");
    }
    assert_eq!(found["creation"], shown["creation"]);
}
