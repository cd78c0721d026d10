//! An archive that another program made, keys and all: it is replayed as it is, and cleaned so that it still can be.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_host::contract::{CompanyQuery, Request};
use psa_host::{Answer, Answers, Http, Live};
use serde_json::{Value, json};

use crate::program::{component_path, run, scratch};

use super::operator::Operator;
use super::server;
use super::site::Site;

/// Takes down what passes, as a proxy does that knows nothing of secrets.
struct Proxy {
    live: Live,
    passed: Arc<Mutex<Vec<(Request, Answer)>>>,
}

impl Http for Proxy {
    fn send(&mut self, requests: Vec<Request>, deadline: Instant) -> Answers<'_> {
        let passed = Arc::clone(&self.passed);
        let sending = self.live.send(requests.clone(), deadline);
        Box::pin(async move {
            let answers = sending.await;
            let pairs = requests.into_iter().zip(answers.iter().cloned());
            passed.lock().expect("no panic").extend(pairs);
            answers
        })
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_archive_of_another_program_is_replayed_and_cleaned() {
    let server = server();
    let operator = Operator::of(&server, "of-others");
    let site = Site::with(operator.settings.clone(), &server, |options| {
        options.resolve = vec![super::operator::override_of(&server)];
    })
    .await;
    let passed = Arc::default();
    let proxy = Proxy {
        live: site.with_new_connections(),
        passed: Arc::clone(&passed),
    };
    let query = CompanyQuery::default();
    let listing = site
        .call_over(proxy)
        .list_companies(site.settings.clone(), query);
    assert_eq!(listing.await.expect("companies").companies.len(), 2);

    let entries: Vec<Value> = passed.lock().expect("no panic").iter().map(entry).collect();
    let archive = json!({"log": {"version": "1.2", "entries": entries}}).to_string();
    let raw = scratch("of-others.har", &archive);
    let clean = scratch("of-others-clean.har", "");
    let live = operator.run(&["companies"]);
    let scrubbed = run(&[
        "scrub".to_owned(),
        raw.display().to_string(),
        clean.display().to_string(),
        format!("--settings={}", operator.settings_file.display()),
        format!("--component={}", component_path()),
    ]);
    assert_eq!(scrubbed.exit_code, 0, "{}", scrubbed.errors);
    for file in [&raw, &clean] {
        let replay = [format!("--replay={}", file.display())];
        let replayed = operator.run_from(&replay, &["companies"]);
        assert_eq!(
            (replayed.exit_code, &replayed.output),
            (0, &live.output),
            "{}",
            replayed.errors
        );
    }
    let clean = fs::read_to_string(clean).expect("an archive");
    let value = |name: &str| {
        let setting = site.settings.iter().find(|known| known.name == name);
        setting.expect("the setting").value.clone()
    };
    let (company, public) = (value("company-id"), value("public-key"));
    let keys = format!("{company}+{public}:{}", value("private-key"));
    for secret in [STANDARD.encode(keys), value("client-id"), company] {
        assert!(archive.contains(&secret), "otherwise nothing is shown");
        assert!(!clean.contains(&secret));
    }
}

/// With what every program writes, and no more.
fn entry((request, answer): &(Request, Answer)) -> Value {
    let pairs = |headers: &[(String, String)]| {
        let pairs = headers
            .iter()
            .map(|(name, value)| json!({"name": name, "value": value}));
        pairs.collect::<Vec<_>>()
    };
    let response = answer.as_ref().expect("a response");
    json!({
        "request": {"method": request.method, "url": request.url, "headers": pairs(&request.headers)},
        "response": {
            "status": response.status,
            "headers": pairs(&response.headers),
            "content": {"text": response.body.to_text()},
        },
    })
}
