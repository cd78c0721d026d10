//! What one 429 does to the other requests of its tenant. Nothing here waits: the time of each call ends before the pause.

use super::*;

#[tokio::test]
async fn a_429_without_a_time_is_not_sent_again_at_once_by_anybody() {
    for header in ["", "retry-after: soon\r\n", "retry-after: 2.5\r\n"] {
        let busy = Behaviour::Answer(answer("429 Slow", header, b""));
        let server = Server::start(vec![busy]).await;
        let options = LiveOptions {
            limits: HttpLimits {
                in_flight: 1,
                ..HttpLimits::default()
            },
            retries: Retries::default(),
            ..options(&server)
        };
        let site = format!("{HOST}:{}", server.address.port());
        let (policy, pools) = (policy(&site, &on_loopback()), Pools::default());
        let mut live = Live::new(&policy, &options, &pools).expect("a backend");
        let get = || request("GET", &server);
        let found = ask(&mut live, vec![get(), get(), get()]).await;
        let found: Vec<String> = found.iter().map(describe).collect();
        assert_eq!(found[0], "429");
        let not_sent = "timed-out false: the request was not sent";
        assert!(found[1].starts_with(not_sent), "{found:?}");
        assert!(found[2].starts_with(not_sent), "{found:?}");
        // Another call of the tenant, and one of another tenant.
        let mut next = Live::new(&policy, &options, &pools).expect("a backend");
        let found = describe(&ask(&mut next, vec![get()]).await[0]);
        assert!(found.starts_with(not_sent), "{found}");
        assert_eq!(server.connections(), 1);
        let other = Policy::new(
            &[1; 32],
            &description(),
            &[],
            &PolicyOptions {
                allow_hosts: vec![site],
                ..on_loopback()
            },
        );
        let mut other = Live::new(&other.expect("a policy"), &options, &pools).expect("a backend");
        assert_eq!(describe(&ask(&mut other, vec![get()]).await[0]), "429");
        assert_eq!(server.connections(), 2);
    }
}

#[tokio::test]
async fn waiting_for_a_rate_limit_does_not_use_up_the_retries_of_a_call() {
    let busy = || Behaviour::Answer(answer("429 Slow", "retry-after: 0\r\n", b""));
    let ok = Behaviour::Answer(answer("200 OK", "", b"{}"));
    let server = Server::start(vec![busy(), busy(), busy(), ok]).await;
    let options = LiveOptions {
        retries: Retries {
            per_call: 0,
            ..Retries::default()
        },
        ..options(&server)
    };
    let found = ask(&mut live(&server, &options), vec![request("GET", &server)]).await;
    assert_eq!(describe(&found[0]), "200");
    assert_eq!(server.connections(), 4);
}
