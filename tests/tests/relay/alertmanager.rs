//! A real Alertmanager, of the distribution, in front of the program: alone at each of the three PSAs, and a pair.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use psa_tests::tool;
use serde_json::{Value, json};

use super::places::{Psa, Seen, tickets};
use super::program::{Options, Program, client, free_port, until};
use super::relay::Relay;

const QUICK: &str = "settling = 2\ncall-limit = 20\nlease = 60\nshortest-pause = 0.2\nlongest-pause = 2\n\
                     note-every = 0.5\nsame-event-within = 0\nwatch-every = 1\nverify-every = 1";
/// Of the pair: each is sent by both, unless one of them hears of the other in between.
const ALERTS: usize = 5;
const WITHIN: Duration = Duration::from_secs(60);

/// Alertmanager. If this is dropped, it ends.
struct Alertmanager {
    process: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Alertmanager {
    /// Sends to the program, again after so long. None: it is not installed.
    fn start(relay: &Program, repeat_interval: &str, cluster: &[String]) -> Option<Self> {
        let program = tool("prometheus-alertmanager", "prometheus-alertmanager")?;
        let folder = tempfile::tempdir().expect("a folder");
        let config = folder.path().join("alertmanager.yml");
        let text = format!(
            "route: {{receiver: tickets, group_by: ['...'], group_wait: 100ms, group_interval: 1s, \
             repeat_interval: {repeat_interval}}}\n\
             receivers:\n- name: tickets\n  webhook_configs:\n  - url: {}\n    send_resolved: true\n    \
             http_config: {{authorization: {{credentials: {}}}}}\n",
            relay.url("/alertmanager"),
            relay.token("am"),
        );
        fs::write(&config, text).expect("written");
        let port = free_port();
        Some(Self {
            process: run(&program, folder.path(), port, cluster),
            folder,
            port,
        })
    }

    /// Tells it of so many alerts, as Prometheus does, until it has them.
    async fn tell(&self, count: usize, is_over: bool) {
        let url = format!("http://127.0.0.1:{}/api/v2/alerts", self.port);
        let alerts = (1..=count).map(|number| {
            let mut alert = json!({
                "labels": {"alertname": "DiskFull", "instance": format!("srv{number}"), "severity": "critical"},
                "annotations": {"summary": "Disk almost full", "description": "2 % left"},
                "generatorURL": "https://prom.example/graph",
            });
            if is_over {
                alert["endsAt"] = json!("2026-01-01T00:00:00Z");
            }
            alert
        });
        let alerts = Value::from_iter(alerts).to_string();
        let began = Instant::now();
        loop {
            let request = client(None).post(&url);
            let request = request.header("content-type", "application/json");
            let sent = request.body(alerts.clone()).send().await;
            match sent {
                Ok(response) if response.status() == 200 => return,
                Ok(response) if response.status() == 400 => {
                    panic!("{}", response.text().await.unwrap_or_default())
                }
                _ => assert!(began.elapsed() < WITHIN, "{}", self.log()),
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Until it has found the other one and takes alerts in earnest.
    async fn is_settled(&self) {
        let url = format!("http://127.0.0.1:{}/api/v2/status", self.port);
        let began = Instant::now();
        loop {
            let answer = client(None).get(&url).send().await;
            let text = match answer {
                Ok(answer) => answer.text().await.unwrap_or_default(),
                Err(_) => String::new(),
            };
            let status: Value = serde_json::from_str(&text).unwrap_or_default();
            let peers = status["cluster"]["peers"].as_array().map_or(0, Vec::len);
            if status["cluster"]["status"] == "ready" && peers == 2 {
                return;
            }
            assert!(began.elapsed() < WITHIN, "{text}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn run(program: &PathBuf, folder: &Path, port: u16, cluster: &[String]) -> Child {
    let log = fs::File::create(folder.join("log")).expect("a log");
    let config = folder.join("alertmanager.yml");
    let process = Command::new(program)
        .env_clear()
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.path={}", folder.display()))
        .arg(format!("--web.listen-address=127.0.0.1:{port}"))
        .args(cluster)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn();
    process.expect("it starts")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn its_alert_becomes_a_ticket_its_repeat_a_note_its_recovery_closes_it_at_each_psa() {
    for psa in Psa::all() {
        let place = psa.place();
        let vendor = place.vendor.name;
        let options = Options {
            timing: QUICK,
            ..Options::default()
        };
        let mut relay = Program::set_up(&place, &options);
        relay.start();
        relay.answers().await;
        let alone = ["--cluster.listen-address=".to_owned()];
        let Some(alertmanager) = Alertmanager::start(&relay, "2s", &alone) else {
            return;
        };
        alertmanager.tell(1, false).await;
        relay.until_cases(json!({"open": 1}), WITHIN).await;
        let is_noted = |words: &str| {
            let tickets = psa.tickets();
            let [ticket] = tickets.as_slice() else {
                panic!("{vendor}: {tickets:?}");
            };
            ticket.notes.iter().any(|note| note.contains(words))
        };
        until(vendor, WITHIN, || is_noted("The alert goes on")).await;
        alertmanager.tell(1, true).await;
        relay.until_cases(json!({"closed": 1}), WITHIN).await;
        assert!(is_noted("The alert recovered at"), "{vendor}");
        let tickets = psa.tickets();
        assert!(
            matches!(
                tickets.as_slice(),
                [Seen {
                    is_closed: true,
                    ..
                }]
            ),
            "{vendor}: {tickets:?}"
        );
        relay.stop();
    }
}

/// Both of a pair send, since a cluster fails open: here each before it has heard of the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pair_sends_twice_and_one_ticket_arises_for_each_alert() {
    let mut relay = Relay::set_up(QUICK);
    relay.start();
    relay.answers().await;
    let ports = [free_port(), free_port()];
    let pair = ports.iter().map(|own| {
        let mut cluster = vec![
            format!("--cluster.listen-address=127.0.0.1:{own}"),
            "--cluster.peer-timeout=0s".to_owned(),
            "--cluster.gossip-interval=200ms".to_owned(),
        ];
        let peers = ports.iter().filter(|port| *port != own);
        cluster.extend(peers.map(|port| format!("--cluster.peer=127.0.0.1:{port}")));
        Alertmanager::start(&relay, "1h", &cluster)
    });
    let Some(pair) = pair.collect::<Option<Vec<_>>>() else {
        return;
    };
    tokio::join!(pair[0].is_settled(), pair[1].is_settled());
    tokio::join!(pair[0].tell(ALERTS, false), pair[1].tell(ALERTS, false));
    relay.until_cases(json!({"open": ALERTS}), WITHIN).await;
    let accepted = r#"psa_relay_requests_total{source="am",status="202"}"#;
    let began = Instant::now();
    while relay.number(accepted).await <= ALERTS as u64 {
        let logs: Vec<String> = pair.iter().map(Alertmanager::log).collect();
        assert!(began.elapsed() < WITHIN, "one sent: {}", logs.join("\n"));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::join!(pair[0].tell(ALERTS, true), pair[1].tell(ALERTS, true));
    relay.until_cases(json!({"closed": ALERTS}), WITHIN).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let tickets = tickets(&relay.server);
    println!(
        "{} notifications of a pair for {ALERTS} alerts that fire and recover",
        relay.number(accepted).await
    );
    assert_eq!(tickets.len(), ALERTS, "{tickets:?}");
    assert!(tickets.iter().all(|ticket| ticket.is_closed), "{tickets:?}");
    relay.stop();
}
