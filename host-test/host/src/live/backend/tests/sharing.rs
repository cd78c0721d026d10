//! Requests beside each other: how many at once, what time does to those that wait, what the observer hears, HTTP/2.

use std::sync::{Arc, Mutex};

use super::*;
use crate::live::Observer;
use crate::live::client::PoolKey;
use crate::policy::Authority;

#[tokio::test]
async fn requests_overlap_up_to_the_limit_and_answers_keep_their_order() {
    let slow = Behaviour::SlowAnswer(Duration::from_millis(50), answer("200 OK", "", b""));
    let server = Server::start(vec![slow]).await;
    let mut options = options(&server);
    options.limits.in_flight = 4;
    let mut live = live(&server, &options);
    let mut requests: Vec<Request> = (0..12).map(|_| request("GET", &server)).collect();
    requests[5].url = "https://evil.example/".to_owned();
    let answers = ask(&mut live, requests).await;
    let denied: Vec<bool> = answers.iter().map(Result::is_err).collect();
    assert_eq!(denied.iter().position(|denied| *denied), Some(5));
    assert_eq!(denied.iter().filter(|denied| **denied).count(), 1);
    assert_eq!(server.most_open(), 4);
}

#[tokio::test]
async fn at_the_deadline_what_waits_was_not_sent_and_what_was_sent_is_in_doubt() {
    let slow = Behaviour::SlowAnswer(Duration::from_secs(60), Vec::new());
    let server = Server::start(vec![slow]).await;
    let mut options = options(&server);
    options.limits.in_flight = 1;
    options.timeouts.request = Duration::from_secs(60);
    let mut live = live(&server, &options);
    let requests = vec![request("POST", &server), request("POST", &server)];
    let started = StdInstant::now();
    let answers = live
        .send(requests, started + Duration::from_millis(300))
        .await;
    assert!(started.elapsed() < Duration::from_secs(5));
    let found: Vec<String> = answers.iter().map(describe).collect();
    assert!(found[0].starts_with("timed-out true"), "{found:?}");
    assert!(found[1].starts_with("timed-out false"), "{found:?}");
}

#[tokio::test]
async fn a_write_that_http_2_says_was_not_processed_is_sent_again() {
    for (refused, expected, times) in [(1, "200", 2), (9, "unreachable false", 4)] {
        let server = Server::start(vec![Behaviour::RefuseStreams(refused)]).await;
        let mut live = live(&server, &options(&server));
        let found = describe(&ask(&mut live, vec![request("POST", &server)]).await[0]);
        assert!(found.starts_with(expected), "{found}");
        assert_eq!(server.requests(), vec!["POST /x"; times]);
    }
}

#[tokio::test]
async fn only_a_stream_that_http_2_says_was_not_processed_is_not_in_doubt() {
    let go_away = |last_stream: u8, reason: u8| {
        vec![
            0,
            0,
            8,
            7,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            last_stream,
            0,
            0,
            0,
            reason,
        ]
    };
    let reset = |reason: u8| vec![0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, reason];
    // The request is stream 1. Reasons: 0 no error, 2 internal error, 7 refused stream, 8 cancel, 11 enhance your calm.
    for (frames, expected, times) in [
        (go_away(0, 0), "unreachable false", 4),
        (go_away(0, 2), "unreachable false", 4),
        (go_away(1, 0), "interrupted true", 1),
        (go_away(1, 2), "interrupted true", 1),
        (go_away(3, 11), "interrupted true", 1),
        (reset(7), "unreachable false", 4),
        (reset(8), "interrupted true", 1),
        (reset(2), "interrupted true", 1),
        (Vec::new(), "interrupted true", 1),
    ] {
        let server = Server::start(vec![Behaviour::Http2(frames.clone())]).await;
        let options = options(&server);
        let mut live = live(&server, &options);
        let found = describe(&ask(&mut live, vec![request("POST", &server)]).await[0]);
        assert!(found.starts_with(expected), "{frames:?}: {found}");
        assert_eq!(server.requests().len(), times, "{frames:?}: {found}");
    }
}

#[tokio::test]
async fn the_budget_of_a_call_ends_sending_again() {
    let server = Server::start(vec![Behaviour::Answer(answer("503 Busy", "", b""))]).await;
    let mut options = options(&server);
    options.retries.per_call = 5;
    let mut live = live(&server, &options);
    let requests = (0..4).map(|_| request("GET", &server)).collect();
    let answers = ask(&mut live, requests).await;
    assert!(answers.iter().all(|answer| describe(answer) == "503"));
    assert_eq!(server.connections(), 4 + 5);
}

#[tokio::test]
async fn a_bodys_length_is_written_as_the_contract_says() {
    for (body, expected) in [
        (None, None),
        (Some(&b""[..]), Some("content-length: 0")),
        (Some(&b"{}"[..]), Some("content-length: 2")),
    ] {
        let server = Server::start(vec![Behaviour::Answer(answer("200 OK", "", b""))]).await;
        let mut live = live(&server, &options(&server));
        let mut request = request("POST", &server);
        request.body = body.map(|body| body.to_vec().into());
        request.headers = vec![("X-Name".to_owned(), "value".to_owned())];
        assert_eq!(describe(&ask(&mut live, vec![request]).await[0]), "200");
        let sent = server.requests().concat();
        let length = sent.lines().find(|line| line.starts_with("content-length"));
        assert_eq!(length, expected, "{sent}");
        for line in ["POST /x HTTP/1.1", "x-name: value", "accept-encoding: gzip"] {
            assert!(sent.lines().any(|found| found == line), "{sent}");
        }
        for name in ["transfer-encoding", "cookie", "referer"] {
            assert!(!sent.contains(name), "{sent}");
        }
    }
}

#[tokio::test]
async fn the_observer_hears_of_every_attempt_and_of_every_refusal() {
    let busy = Behaviour::Answer(answer("503 Busy", "", b""));
    let ok = Behaviour::Answer(answer("200 OK", "", b""));
    let server = Server::start(vec![busy, ok]).await;
    let heard = Arc::new(Mutex::new(Vec::new()));
    let hearing = Arc::clone(&heard);
    let mut options = options(&server);
    options.observer = Some(Observer::new(move |event| {
        let line = match event {
            Event::Sending { attempt, .. } => format!("sending {attempt}"),
            Event::Again { attempt, .. } => format!("again after {attempt}"),
            Event::Finished {
                attempts,
                answer,
                http_version,
                ..
            } => format!("{attempts} {http_version:?} {}", describe(answer)),
        };
        hearing.lock().expect("no panic").push(line);
    }));
    let mut live = live(&server, &options);
    ask(&mut live, vec![request("GET", &server)]).await;
    let mut refused = request("GET", &server);
    refused.url = "https://evil.example/".to_owned();
    ask(&mut live, vec![refused]).await;
    let heard = heard.lock().expect("no panic").clone();
    let expected = [
        "sending 1",
        "again after 1",
        "sending 2",
        "2 Some(\"HTTP/1.1\") 200",
    ];
    assert_eq!(heard[..4], expected);
    assert!(heard[4].starts_with("0 None denied false"), "{heard:?}");
    assert_eq!(heard.len(), 5);
}

#[tokio::test]
async fn connections_are_shared_by_calls_that_agree_and_by_no_others() {
    let server = Server::start(vec![Behaviour::CloseBeforeTls]).await;
    let pools = Pools::default();
    let base = (on_loopback(), options(&server));
    let environment = |name: &str| (name == "HTTPS_PROXY").then(|| "proxy.example".into());
    let changes: [fn(&mut PolicyOptions, &mut LiveOptions); 5] = [
        |policy, _| policy.allow_private_networks = false,
        |policy, _| policy.allow_hosts.push("b.example".to_owned()),
        |_, options| options.resolve.clear(),
        |_, options| options.use_environment_proxy = true,
        |_, options| options.timeouts.connect = Duration::from_secs(1),
    ];
    let key = |(policy_options, options): &(PolicyOptions, LiveOptions), host: &str| {
        let authority = Authority {
            host: host.to_owned(),
            port: 443,
        };
        let proxies = Proxies::new(options.use_environment_proxy, &environment);
        let proxies = proxies.expect("a proxy");
        let way = Way::new(&policy(HOST, policy_options), options, proxies);
        PoolKey {
            authority,
            way: Arc::new(way),
        }
    };
    pools.client(&key(&base, "a.example")).expect("a client");
    pools.client(&key(&base, "a.example")).expect("a client");
    assert_eq!(pools.len(), 1);
    pools.client(&key(&base, "b.example")).expect("a client");
    for (number, change) in changes.iter().enumerate() {
        let mut options = base.clone();
        change(&mut options.0, &mut options.1);
        pools.client(&key(&options, "a.example")).expect("a client");
        assert_eq!(pools.len(), 3 + number);
    }
}
