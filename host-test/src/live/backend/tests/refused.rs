//! Whatever the policy forbids: denied, with the rule, and nothing arrives at a socket that listens.

use super::*;

#[tokio::test]
async fn nothing_arrives_of_what_is_refused() {
    let server = Server::start(vec![Behaviour::Answer(answer("200 OK", "", b""))]).await;
    let port = server.address.port();
    let own = format!("https://psa.test:{port}/");
    let body = b"{}".to_vec();
    /// Method, URL, headers, the rule.
    type Case<'a> = (&'a str, String, &'a [(&'a str, &'a str)], &'a str);
    let cases: &[Case<'_>] = &[
        ("GET", format!("http://psa.test:{port}/"), &[], "https://"),
        (
            "GET",
            format!("https://a:b@psa.test:{port}/"),
            &[],
            "user information",
        ),
        (
            "GET",
            format!("https://localhost:{port}/"),
            &[],
            "not approved",
        ),
        (
            "GET",
            format!("https://psa.test.:{port}/"),
            &[],
            "not approved",
        ),
        ("GET", "https://psa.test/".to_owned(), &[], "not approved"),
        (
            "GET",
            format!("https://[::ffff:127.0.0.1]:{port}/"),
            &[],
            "not approved",
        ),
        ("GET", format!("https://psa.test:{port}x/"), &[], "its URL"),
        // Allowed as hosts, but the addresses are those of this machine.
        ("GET", format!("https://127.0.0.1:{port}/"), &[], "loopback"),
        ("GET", format!("https://0x7f.1:{port}/"), &[], "loopback"),
        (
            "GET",
            format!("https://2130706433:{port}/"),
            &[],
            "loopback",
        ),
        ("GET", format!("https://[::1]:{port}/"), &[], "loopback"),
        (
            "GET",
            "https://169.254.169.254/".to_owned(),
            &[],
            "metadata",
        ),
        ("GET", own.clone(), &[], "loopback"),
        ("CONNECT", own.clone(), &[], "CONNECT is not allowed"),
        ("TRACE", own.clone(), &[], "TRACE is not allowed"),
        ("get", own.clone(), &[], "upper-case"),
        (
            "GET",
            own.clone(),
            &[("Host", "evil")],
            "written by the host",
        ),
        (
            "GET",
            own.clone(),
            &[("Content-Length", "0")],
            "written by the host",
        ),
        (
            "GET",
            own.clone(),
            &[("Accept-Encoding", "br")],
            "written by the host",
        ),
        (
            "GET",
            own.clone(),
            &[("Transfer-Encoding", "chunked")],
            "connection",
        ),
        (
            "GET",
            own.clone(),
            &[("Proxy-Authorization", "x")],
            "connection",
        ),
        ("GET", own.clone(), &[("x", "a\r\nb: c")], "line break"),
        ("GET", own.clone(), &[("x", "a\0b")], "NUL"),
        ("POST", own.clone(), &[], "loopback"),
    ];
    let mut options = options(&server);
    options.allow_private = false;
    options.allow_hosts = ["127.0.0.1", "[::1]", "169.254.169.254"]
        .iter()
        .flat_map(|host| [(*host).to_owned(), format!("{host}:{port}")])
        .collect();
    let mut live = live(&server, &options);
    for (method, url, headers, rule) in cases {
        let request = Request {
            method: (*method).to_owned(),
            url: url.clone(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: Some(body.clone()),
        };
        let found = describe(&ask(&mut live, vec![request]).await[0]);
        assert!(found.starts_with("denied false"), "{method} {url}: {found}");
        assert!(found.contains(rule), "{method} {url}: {found}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_call_that_has_used_its_bytes_sends_no_more() {
    let server = Server::start(vec![Behaviour::Answer(answer("200 OK", "", &[b'x'; 60]))]).await;
    let mut options = options(&server);
    options.limits.call_bytes = 100;
    let mut live = live(&server, &options);
    for (beginning, part) in [
        ("200", ""),
        ("too-large true", "call_bytes"),
        ("denied false", "call_bytes"),
    ] {
        let found = describe(&ask(&mut live, vec![request("GET", &server)]).await[0]);
        assert!(
            found.starts_with(beginning) && found.contains(part),
            "{found}"
        );
    }
    assert_eq!(server.connections(), 2);
}
