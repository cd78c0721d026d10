//! Several relays on one database: alerts come in at all of them while connections to the database and to the PSA are cut and
//! relays are killed. With `PSA_FULL_SIZE` set 10,000 alerts, otherwise a tenth.

mod line; // A line to the database that can be cut.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use psa_tests::mock::Misbehaviour;
use psa_tests::mock::connectwise::Server;
use psa_tests::postgresql::PostgreSql;
use psa_tests::repeats;
use serde_json::json;

use super::lost::{Load, TIMES, count, cut_writes, send};
use super::places::{connectwise_place, connectwise_server, tickets};
use super::program::{Options, Program, until};
use line::Line;

const ALERTS: usize = 10_000;
const SENDERS: usize = 32;

const SHORT: &str = "settling = 2\ncall-limit = 5\nlease = 9\nshortest-pause = 0.1\nlongest-pause = 1\n\
                     rate-limited = 0.5\nverify-every = 1\nwatch-every = 5\nlook-every = 0.5";

/// Relays on one database, each with a line of its own to it.
struct Several {
    psa: Server,
    database: &'static PostgreSql,
    url: String,
    lines: Vec<Line>,
    relays: Vec<Program>,
}

impl Several {
    /// None: PostgreSQL is not installed.
    fn set_up(how_many: usize) -> Option<Self> {
        let database = PostgreSql::shared()?;
        let url = database.new_database();
        let psa = connectwise_server();
        let place = connectwise_place(&psa);
        let (mut lines, mut relays) = (Vec::new(), Vec::new());
        for _ in 0..how_many {
            let line = Line::to(database.port());
            let port = database.port().to_string();
            let through = url.replace(&port, &line.port.to_string());
            let options = Options {
                timing: SHORT,
                database: Some(&through),
                ..Options::default()
            };
            relays.push(match relays.first() {
                None => Program::set_up(&place, &options),
                Some(first) => Program::configured(&place, &options).with_key_of(first),
            });
            lines.push(line);
        }
        Some(Self {
            psa,
            database,
            url,
            lines,
            relays,
        })
    }

    async fn start(&mut self, index: usize) {
        self.relays[index].start();
        self.relays[index].answers().await;
    }

    /// The relay that holds the tenant now. Empty: nobody does.
    fn owner(&self) -> String {
        let sql = "SELECT lease_owner FROM tenants WHERE lease_until > clock_timestamp()";
        self.database.sql(&self.url, sql)
    }

    fn urls(&self) -> Vec<String> {
        self.relays.iter().map(|it| it.url("/in/gj")).collect()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_relays_lose_nothing_and_do_nothing_twice() {
    let Some(mut several) = Several::set_up(3) else {
        return;
    };
    let alerts = repeats(ALERTS) / TIMES;
    let is_down = Arc::new(AtomicBool::new(false));
    cut_writes(&several.psa, Arc::clone(&is_down));
    for index in 0..3 {
        several.start(index).await;
    }
    let began = Instant::now();
    let (sent, is_sent) = send(Load {
        alerts,
        senders: SENDERS,
        pause: Duration::from_millis(200),
        client: several.relays[0].client.clone(),
        urls: several.urls(),
        token: several.relays[0].token("gj").to_owned(),
    });
    let (mut kills, mut cuts, mut owners) = (0, 0, BTreeSet::new());
    while !is_sent.load(Ordering::Acquire) || kills < 6 {
        for line in &several.lines {
            tokio::time::sleep(Duration::from_millis(400)).await;
            cuts += line.cut();
            owners.insert(several.owner());
        }
        is_down.store(kills % 4 == 1, Ordering::Release);
        // Two go on, and the one that was killed before is started again.
        several.relays[kills % 3].kill();
        if kills > 0 {
            several.start((kills - 1) % 3).await;
        }
        kills += 1;
    }
    is_down.store(false, Ordering::Release);
    let again = sent.await.expect("all are accepted");
    let accepted = began.elapsed();
    // One is left, whose connections are cut until the last ticket is there.
    for gone in [0, 1] {
        several.relays[gone].kill();
    }
    several.relays[2].kill();
    several.start(2).await;
    several.psa.behave();
    let within = Duration::from_secs(120 + alerts as u64 / 10);
    let last = Instant::now() + within;
    while count(&several.psa).0 < alerts && Instant::now() < last {
        tokio::time::sleep(Duration::from_secs(2)).await;
        cuts += several.lines[2].cut();
        owners.insert(several.owner());
    }
    several.relays[2]
        .until_cases(json!({"open": alerts}), within)
        .await;
    let (found, doubled) = count(&several.psa);
    owners.remove("");
    println!(
        "{alerts} alerts sent {TIMES} times by {SENDERS} senders to 3 relays, accepted in {accepted:?} after {again} repeats; \
         {kills} kills, {cuts} connections to the database cut, {} holders seen; {found} tickets after {:?}, {doubled} doubled",
        owners.len(),
        began.elapsed()
    );
    assert_eq!((found, doubled), (alerts, 0));
    assert!(cuts > 0 && owners.len() > 1, "{cuts}, {owners:?}");
    several.relays[2].stop();
    assert_eq!(several.owner(), "", "it gave its tenants up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_relays_tenant_goes_on_elsewhere_after_its_lease_with_one_ticket() {
    let Some(mut several) = Several::set_up(2) else {
        return;
    };
    several.start(0).await;
    until("a holder", Duration::from_secs(30), || {
        !several.owner().is_empty()
    })
    .await;
    let first = several.owner();
    several.start(1).await;
    // The PSA takes so long that the relay which asks is killed in the middle of its call.
    several.psa.misbehave_as(|asked| {
        (asked.method == "POST").then_some(Misbehaviour::Delay(Duration::from_secs(2)))
    });
    let token = several.relays[1].token("gj").to_owned();
    let body = json!({"id": "key", "name": "Alert"});
    several.relays[1].accept("/in/gj", &token, &body).await;
    let sql = "SELECT count(*) FROM cases WHERE state = 'opening'";
    let opening = || several.database.sql(&several.url, sql) == "1";
    until(
        "the call of the other relay",
        Duration::from_secs(30),
        opening,
    )
    .await;
    assert_eq!(
        several.owner(),
        first,
        "the alert came in where the tenant is not held"
    );
    several.relays[0].kill();
    several.psa.behave();
    let killed = Instant::now();
    let within = Duration::from_secs(60);
    several.relays[1]
        .until_cases(json!({"open": 1}), within)
        .await;
    assert_ne!(several.owner(), first);
    println!(
        "the other relay had the ticket {:?} after the kill",
        killed.elapsed()
    );
    let tickets = tickets(&several.psa);
    assert_eq!(tickets.len(), 1, "{tickets:?}");
    several.relays[1].stop();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_the_page_of_any_relay_once_and_a_session_is_of_the_relay_where_it_began() {
    let Some(mut several) = Several::set_up(2) else {
        return;
    };
    for index in 0..2 {
        several.start(index).await;
    }
    let link = several.relays[0].command(&["link"]);
    let (_, path) = link.trim().split_once("/link/").expect("a link");
    let [one, other] = [0, 1].map(|index| several.relays[index].page_url());
    let client = &several.relays[0].client;
    let get = async |url: String, cookie: &str| {
        let asked = client.get(url).header("cookie", cookie);
        let answer = asked.send().await.expect("an answer");
        let cookie = answer.headers().get("set-cookie");
        let cookie = cookie.map(|it| it.to_str().expect("text").to_owned());
        (cookie, answer.text().await.expect("a page"))
    };
    let (cookie, _) = get(format!("{other}/link/{path}"), "").await;
    let cookie = cookie.expect("a session");
    let cookie = cookie.split(';').next().expect("a cookie");
    let (_, there) = get(format!("{other}/"), cookie).await;
    assert!(there.contains("Example"), "{there}");
    let (_, here) = get(format!("{one}/"), cookie).await;
    assert!(!here.contains("Example"), "{here}");
    let (again, _) = get(format!("{one}/link/{path}"), "").await;
    assert_eq!(again, None, "a link works once");
}
