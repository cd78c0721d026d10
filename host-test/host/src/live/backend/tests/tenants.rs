//! What the calls of a tenant share, and what they do not share with those of others: kept responses and pacing.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};

use psa_contract::{Body, Pacing};
use tokio::task::JoinSet;

use super::*;
use crate::live::Observer;
use crate::policy::PacingSource;

const TENANTS: usize = 200;

/// Calls over shared pools, of any tenant.
#[derive(Clone)]
struct Host {
    site: String,
    policy_options: PolicyOptions,
    options: LiveOptions,
    pools: Pools,
}

impl Host {
    fn of(server: &Server) -> Self {
        Self {
            site: format!("{HOST}:{}", server.address.port()),
            policy_options: on_loopback(),
            options: options(server),
            pools: Pools::default(),
        }
    }

    /// A call of a tenant, by the digest of its connector and one setting.
    fn call(&self, digest: u8, key: &str) -> Live {
        let settings = [("site", self.site.as_str()), ("key", key)];
        let settings = settings.map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        });
        let policy = Policy::new(
            &[digest; 32],
            &description(),
            &settings,
            &self.policy_options,
        )
        .expect("a policy");
        Live::new(&policy, &self.options, &self.pools).expect("a backend")
    }

    fn paced(mut self, pacing: Pacing) -> Self {
        self.policy_options.pacing = PacingSource::Fixed(pacing);
        self
    }
}

fn token_request(server: &Server) -> Request {
    Request {
        is_write: false,
        is_secret: true,
        reuse_seconds: Some(3_600),
        ..request("POST", server)
    }
}

async fn token(call: &mut Live, request: Request) -> (String, Option<u32>) {
    let answer = ask(call, vec![request]).await.remove(0);
    let response = answer.expect("a response");
    (response.body.to_text().into_owned(), response.age_seconds)
}

#[tokio::test]
async fn tenants_at_once_get_their_own_tokens_and_never_anothers() {
    let server = Arc::new(Server::start(vec![Behaviour::Number]).await);
    let host = Host::of(&server);
    let mut calls = JoinSet::new();
    for index in 0..3 * TENANTS {
        let (server, host) = (Arc::clone(&server), host.clone());
        calls.spawn(async move {
            let tenant = index % TENANTS;
            let mut call = host.call(0, &tenant.to_string());
            (tenant, token(&mut call, token_request(&server)).await.0)
        });
    }
    let mut tokens: HashMap<usize, HashSet<String>> = HashMap::new();
    for (tenant, token) in calls.join_all().await {
        tokens.entry(tenant).or_default().insert(token);
    }
    // The server gives every request another token: one for each tenant, though all ask for the same.
    assert!(tokens.values().all(|own| own.len() == 1), "{tokens:?}");
    let different: HashSet<&String> = tokens.values().flatten().collect();
    assert_eq!(different.len(), TENANTS);
    assert_eq!(server.requests().len(), TENANTS);
}

#[tokio::test]
async fn a_kept_response_answers_the_same_request_of_the_same_tenant_only() {
    let server = Server::start(vec![Behaviour::Number]).await;
    let host = Host::of(&server);
    let base = token_request(&server);
    let (first, age) = token(&mut host.call(0, "a"), base.clone()).await;
    assert_eq!(age, None);
    let again = token(&mut host.call(0, "a"), base.clone()).await;
    assert_eq!(again.0, first);
    assert!(again.1.is_some(), "a kept response has an age");

    let changes: [fn(&mut Request); 5] = [
        |request| request.method = "GET".to_owned(),
        |request| request.url.push('x'),
        |request| request.headers.push(("a".to_owned(), "b".to_owned())),
        |request| request.body = Some("other".into()),
        |request| request.reuse_seconds = None,
    ];
    let mut others: Vec<(u8, &str, Request)> = changes
        .iter()
        .map(|change| {
            let mut other = base.clone();
            change(&mut other);
            (0, "a", other)
        })
        .collect();
    others.push((1, "a", base.clone()));
    others.push((0, "b", base.clone()));
    for (digest, key, request) in others {
        let (found, age) = token(&mut host.call(digest, key), request.clone()).await;
        assert_ne!(found, first, "{digest} {key} {request:?}");
        assert_eq!(age, None, "{digest} {key} {request:?}");
    }
    // Neither other pools, nor a request without `reuse-seconds` before it, nor a host that records.
    let mut recording = host.clone();
    recording.options.ignore_reuse = true;
    for host in [Host::of(&server), recording] {
        for _ in 0..2 {
            let mut kept_nothing = base.clone();
            kept_nothing.reuse_seconds = host.options.ignore_reuse.then_some(3_600);
            let (found, age) = token(&mut host.call(0, "a"), kept_nothing).await;
            assert_ne!(found, first);
            assert_eq!(age, None);
        }
    }
    // All of that did not change what is kept.
    assert_eq!(token(&mut host.call(0, "a"), base).await.0, first);
}

#[tokio::test]
async fn a_kept_response_is_renewed_on_demand_and_gone_after_a_failure() {
    let ok = |body: &str| Behaviour::Answer(answer("200 OK", "", body.as_bytes()));
    let busy = || Behaviour::Answer(answer("500 Error", "", b""));
    let server = Server::start(vec![ok("1"), ok("2"), busy(), ok("3"), ok("4")]).await;
    let host = Host::of(&server);
    for (reuse_seconds, expected) in [
        (3_600, "1"),
        (3_600, "1"),
        (0, "2"),
        (3_600, "2"),
        (0, ""),
        (3_600, "3"),
        (3_600, "3"),
    ] {
        let request = Request {
            reuse_seconds: Some(reuse_seconds),
            ..token_request(&server)
        };
        let (found, _) = token(&mut host.call(0, "a"), request).await;
        assert_eq!(found, expected, "{reuse_seconds}");
    }
}

#[tokio::test]
async fn a_request_that_asks_for_reuse_and_may_not_is_refused() {
    let server = Server::start(vec![Behaviour::Number]).await;
    let host = Host::of(&server);
    for (is_write, reuse_seconds, part) in [
        (true, 60, "a write asks"),
        (true, 0, "a write asks"),
        (false, 3_601, "at most 3600"),
    ] {
        let request = Request {
            is_write,
            reuse_seconds: Some(reuse_seconds),
            ..token_request(&server)
        };
        let found = describe(&ask(&mut host.call(0, "a"), vec![request]).await[0]);
        assert!(found.starts_with("denied false"), "{found}");
        assert!(found.contains(part), "{found}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn what_is_kept_is_shown_to_nobody() {
    let secret = "s3cret-token";
    let answered = answer(
        "200 OK",
        &format!("x-token: {secret}\r\n"),
        secret.as_bytes(),
    );
    let server = Server::start(vec![Behaviour::Answer(answered)]).await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hearing = Arc::clone(&heard);
    let mut host = Host::of(&server);
    host.options.observer = Some(Observer::new(move |event| {
        let (request, answer) = match event {
            Event::Sending { request, .. } => (request, None),
            Event::Again {
                request, answer, ..
            }
            | Event::Finished {
                request, answer, ..
            } => (request, Some(answer)),
        };
        // `Debug` alone leaves headers and bodies out of every request.
        let told = |headers: &[(String, String)], body: Option<&Body>| {
            format!("{headers:?} {:?}", body.map(Body::to_text))
        };
        let mut line = format!(
            "{event:?} {}",
            told(&request.headers, request.body.as_ref())
        );
        if let Some(Ok(response)) = answer {
            line += &format!(" {} ", response.status);
            line += &told(&response.headers, Some(&response.body));
        }
        hearing.lock().expect("no panic").push(line);
    }));
    let request = Request {
        body: Some(format!("secret={secret}").into()),
        headers: vec![("authorization".to_owned(), secret.to_owned())],
        ..token_request(&server)
    };
    for expected in [None, Some(0)] {
        let (found, age) = token(&mut host.call(0, secret), request.clone()).await;
        assert_eq!((found.as_str(), age), (secret, expected));
    }
    let heard = heard.lock().expect("no panic").join("\n");
    // Sent once, and finished twice.
    assert_eq!(heard.matches("Sending").count(), 1, "{heard}");
    assert_eq!(heard.matches(" 200 ").count(), 2, "{heard}");
    let shown = format!(
        "{heard} {:?} {:?}",
        host.pools,
        host.call(0, secret).admission.policy
    );
    assert!(!shown.contains(secret), "{shown}");

    // Nor is it handed to a connector that may not reach its origin.
    let mut elsewhere = host.call(0, secret);
    let settings = [Setting {
        name: "site".to_owned(),
        value: "other.test".to_owned(),
    }];
    let other =
        Policy::new(&[0; 32], &description(), &settings, &host.policy_options).expect("a policy");
    elsewhere.admission.policy.approvals = other.approvals;
    let found = describe(&ask(&mut elsewhere, vec![request]).await[0]);
    assert!(found.starts_with("denied false"), "{found}");
}

#[tokio::test]
async fn the_calls_of_a_tenant_together_have_so_many_requests_in_flight() {
    let slow = Behaviour::SlowAnswer(Duration::from_millis(30), answer("200 OK", "", b""));
    let server = Arc::new(Server::start(vec![slow]).await);
    let host = Host::of(&server).paced(Pacing {
        concurrent_requests: Some(2),
        ..Pacing::default()
    });
    let mut calls = JoinSet::new();
    for _ in 0..4 {
        let (server, mut call) = (Arc::clone(&server), host.call(0, "a"));
        calls.spawn(async move {
            let requests = (0..4).map(|_| request("GET", &server)).collect();
            ask(&mut call, requests).await
        });
    }
    let answers = calls.join_all().await.concat();
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!((answers.len(), server.most_open()), (16, 2));
}

fn none_but_one_an_hour() -> Pacing {
    Pacing {
        requests: Some(1),
        seconds: Some(3_600),
        ..Pacing::default()
    }
}

/// What a call of a tenant gets that has little time: of each request `200`, or the beginning of the failure.
async fn hurried(call: &mut Live, requests: Vec<Request>) -> Vec<String> {
    let deadline = StdInstant::now() + Duration::from_millis(500);
    let answers = call.send(requests, deadline).await;
    let shortened = |answer: &Answer| {
        let described = describe(answer);
        described
            .split_once(':')
            .map_or(described.clone(), |(beginning, _)| beginning.to_owned())
    };
    answers.iter().map(shortened).collect()
}

#[tokio::test]
async fn a_request_whose_turn_does_not_come_in_time_is_not_sent() {
    let server = Server::start(vec![Behaviour::Number]).await;
    let host = Host::of(&server).paced(none_but_one_an_hour());
    let requests = || vec![request("GET", &server)];
    assert_eq!(hurried(&mut host.call(0, "a"), requests()).await, ["200"]);
    let writes = vec![request("POST", &server)];
    for requests in [requests(), writes] {
        let found = hurried(&mut host.call(0, "a"), requests).await;
        assert_eq!(found, ["timed-out false"]);
    }
    assert_eq!(server.connections(), 1);
    // Another tenant has a pace of its own.
    for (digest, key) in [(0, "b"), (1, "a")] {
        assert_eq!(
            hurried(&mut host.call(digest, key), requests()).await,
            ["200"]
        );
    }
    // Nothing of a kept response is sent, so it does not wait.
    let mut unpaced = host.clone();
    unpaced.policy_options.pacing = PacingSource::Off;
    token(&mut unpaced.call(0, "a"), token_request(&server)).await;
    let kept = vec![token_request(&server)];
    assert_eq!(hurried(&mut host.call(0, "a"), kept).await, ["200"]);
}

#[tokio::test]
async fn the_connectors_own_pacing_is_kept_unless_it_is_replaced_or_off() {
    let server = Server::start(vec![Behaviour::Number]).await;
    let two_an_hour = PacingSource::Fixed(Pacing {
        requests: Some(2),
        ..none_but_one_an_hour()
    });
    for (pacing, sent) in [
        (PacingSource::Connector, 1),
        (two_an_hour, 2),
        (PacingSource::Off, 3),
    ] {
        let mut host = Host::of(&server);
        host.policy_options.pacing = pacing.clone();
        let described = ConnectorDescription {
            pacing: none_but_one_an_hour(),
            ..description()
        };
        let settings = [Setting {
            name: "site".to_owned(),
            value: host.site.clone(),
        }];
        let policy = Policy::new(&[0; 32], &described, &settings, &host.policy_options);
        let policy = policy.expect("a policy");
        let mut call = Live::new(&policy, &host.options, &host.pools).expect("a backend");
        let requests = (0..3).map(|_| request("GET", &server)).collect();
        let found = hurried(&mut call, requests).await;
        let arrived = found.iter().filter(|answer| *answer == "200").count();
        assert_eq!(arrived, sent, "{pacing:?}");
    }
}

#[tokio::test]
async fn what_is_sent_again_counts_too() {
    let server = Server::start(vec![Behaviour::Answer(answer("503 Busy", "", b""))]).await;
    let host = Host::of(&server).paced(Pacing {
        requests: Some(2),
        ..none_but_one_an_hour()
    });
    // What the second attempt brought stands when the third one's turn does not come.
    let found = hurried(&mut host.call(0, "a"), vec![request("GET", &server)]).await;
    assert_eq!((found, server.connections()), (vec!["503".to_owned()], 2));
}

#[tokio::test]
async fn a_call_that_has_sent_a_write_does_not_wait_for_its_look_up() {
    let server = Server::start(vec![Behaviour::Number]).await;
    let host = Host::of(&server).paced(none_but_one_an_hour());
    let mut call = host.call(0, "a");
    let write = vec![request("POST", &server)];
    assert_eq!(hurried(&mut call, write).await, ["200"]);
    let look_up = || vec![request("GET", &server)];
    assert_eq!(hurried(&mut call, look_up()).await, ["200"]);
    let mut other = host.call(0, "a");
    assert_eq!(hurried(&mut other, look_up()).await, ["timed-out false"]);
}
