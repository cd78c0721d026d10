//! A browser, spoken to by `WebDriver`: elements are found by their role and their name, as assistive technology finds them.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::Client;
use serde_json::{Value, json};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// The key of an element in the JSON of `WebDriver`.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// How long something may take to appear.
const WITHIN: Duration = Duration::from_secs(30);

pub(crate) struct Browser {
    driver: Child,
    _profile: tempfile::TempDir,
    client: Client,
    session: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element(String);

impl Element {
    /// As the argument of a script.
    pub(crate) fn as_argument(&self) -> Value {
        json!([{ELEMENT: self.0}])
    }
}

impl Browser {
    pub(crate) async fn start(chromium: &Path, chromedriver: &Path) -> Self {
        let mut driver = Command::new(chromedriver)
            .arg("--port=0")
            // A group of its own, which the browser is in, too.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the driver starts");
        let port = port(&mut driver);
        let profile = tempfile::tempdir().expect("a folder");
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            &format!("--user-data-dir={}", profile.path().display()),
        ];
        let client = client();
        let asked = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome",
            "goog:chromeOptions": {"binary": chromium, "args": arguments},
        }}});
        let base = format!("http://127.0.0.1:{port}");
        let created = send(client.post(format!("{base}/session")).json_body(&asked)).await;
        let id = created["sessionId"].as_str().unwrap_or_default();
        assert!(!id.is_empty(), "no session: {created}");
        Self {
            driver,
            _profile: profile,
            client,
            session: format!("{base}/session/{id}"),
        }
    }

    async fn ask(&self, path: &str, body: Value) -> Value {
        let request = self.client.post(format!("{}/{path}", self.session));
        send(request.json_body(&body)).await
    }

    async fn read(&self, path: &str) -> Value {
        send(self.client.get(format!("{}/{path}", self.session))).await
    }

    /// So wide, and light or dark.
    pub(crate) async fn looks(&self, width: u32, is_dark: bool) {
        let size = json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        let scheme = if is_dark { "dark" } else { "light" };
        let scheme = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.devtools("Emulation.setEmulatedMedia", scheme).await;
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let asked = json!({"cmd": command, "params": parameters});
        self.ask("goog/cdp/execute", asked).await
    }

    pub(crate) async fn open(&self, url: &str) {
        self.ask("url", json!({"url": url})).await;
    }

    pub(crate) async fn url(&self) -> String {
        let url = self.read("url").await;
        url.as_str().unwrap_or_default().to_owned()
    }

    /// What a script returns.
    pub(crate) async fn script(&self, script: &str, arguments: Value) -> Value {
        self.ask("execute/sync", json!({"script": script, "args": arguments}))
            .await
    }

    /// What a script hands to its last argument.
    pub(crate) async fn script_that_waits(&self, script: &str, arguments: Value) -> Value {
        self.ask(
            "execute/async",
            json!({"script": script, "args": arguments}),
        )
        .await
    }

    /// The text that a person sees.
    pub(crate) async fn text(&self) -> String {
        let text = self
            .script("return document.body.innerText", json!([]))
            .await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says this.
    pub(crate) async fn says(&self, part: &str) {
        let until = Instant::now() + WITHIN;
        loop {
            let text = self.text().await;
            if text.contains(part) {
                return;
            }
            assert!(Instant::now() < until, "{part} is not on the page:\n{text}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// The one element with this role whose name begins so.
    pub(crate) async fn find(&self, role: &str, name: &str) -> Element {
        let selector = match role {
            "button" => "button",
            "switch" => "[role=switch]",
            "link" => "a",
            "textbox" => "input[type=text], input[type=password], textarea",
            "combobox" => "select",
            "checkbox" => "input[type=checkbox]",
            other => panic!("no elements of the role {other} are looked for"),
        };
        let until = Instant::now() + WITHIN;
        loop {
            let asked = json!({"using": "css selector", "value": selector});
            let found = self.ask("elements", asked).await;
            let found = found.as_array().cloned().unwrap_or_default();
            for element in found.iter().filter_map(|it| it[ELEMENT].as_str()) {
                let element = Element(element.to_owned());
                let (its_role, its_name) = self.role_and_name(&element).await;
                if its_role == role && its_name.starts_with(name) {
                    return element;
                }
            }
            let text = self.text().await;
            assert!(
                Instant::now() < until,
                "no {role} is called {name}:\n{text}"
            );
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// As the browser computes them for assistive technology.
    pub(crate) async fn role_and_name(&self, element: &Element) -> (String, String) {
        let role = self
            .read(&format!("element/{}/computedrole", element.0))
            .await;
        let name = self
            .read(&format!("element/{}/computedlabel", element.0))
            .await;
        let text = |value: Value| value.as_str().unwrap_or_default().to_owned();
        // Hidden fields of a password have no role of their own.
        let role = match text(role) {
            role if role.is_empty() || role == "none" => "textbox".to_owned(),
            role => role,
        };
        (role, text(name))
    }

    pub(crate) async fn focused(&self) -> Element {
        let element = self.read("element/active").await;
        Element(element[ELEMENT].as_str().unwrap_or_default().to_owned())
    }

    pub(crate) async fn click(&self, element: &Element) {
        self.ask(&format!("element/{}/click", element.0), json!({}))
            .await;
    }

    /// What is written in a field.
    pub(crate) async fn value(&self, element: &Element) -> String {
        let value = self
            .read(&format!("element/{}/property/value", element.0))
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn attribute(&self, element: &Element, name: &str) -> String {
        let value = self
            .read(&format!("element/{}/attribute/{name}", element.0))
            .await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Strikes keys, wherever the focus is.
    pub(crate) async fn strike(&self, keys: &str) {
        let strokes = keys.chars().flat_map(|key| {
            let key = key.to_string();
            [
                json!({"type": "keyDown", "value": key}),
                json!({"type": "keyUp", "value": key}),
            ]
        });
        let strokes: Vec<Value> = strokes.collect();
        let asked = json!({"actions": [{"type": "key", "id": "keyboard", "actions": strokes}]});
        self.ask("actions", asked).await;
    }

    /// The whole page as an image.
    pub(crate) async fn picture(&self, path: &Path) {
        let asked = json!({"format": "png", "captureBeyondViewport": true});
        let picture = self.devtools("Page.captureScreenshot", asked).await;
        let picture = STANDARD.decode(picture["data"].as_str().unwrap_or_default());
        std::fs::write(path, picture.expect("Base64")).expect("written");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver would leave the browser behind, and a browser that may end by itself writes its profile once more.
        let group = format!("-{}", self.driver.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.driver.wait();
    }
}

fn port(driver: &mut Child) -> u16 {
    let output = driver.stdout.take().expect("its output");
    let mut lines = BufReader::new(output).lines();
    let port = lines.find_map(|line| {
        let line = line.ok()?;
        let (_, port) = line.split_once("started successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    });
    // Read on, so that it can write.
    std::thread::spawn(move || lines.for_each(drop));
    port.expect("the driver says its port")
}

/// Plain HTTP, on this machine.
pub(crate) fn client() -> Client {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("TLS 1.2 and 1.3")
        .with_root_certificates(RootCertStore::empty())
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(config)
        .timeout(Duration::from_secs(120))
        .no_proxy()
        .build()
        .expect("a client")
}

trait JsonBody {
    fn json_body(self, body: &Value) -> Self;
}

impl JsonBody for reqwest::RequestBuilder {
    fn json_body(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }
}

async fn send(request: reqwest::RequestBuilder) -> Value {
    let response = request.send().await.expect("the driver answers");
    let status = response.status();
    let text = response.text().await.expect("a body");
    let body: Value = serde_json::from_str(&text).expect("JSON");
    // A page that was left meanwhile: whoever looks, looks again.
    let is_stale = body["value"]["error"] == "stale element reference"
        || body["value"]["error"] == "no such element";
    assert!(status.is_success() || is_stale, "{status}: {text}");
    if is_stale {
        Value::Null
    } else {
        body["value"].clone()
    }
}
