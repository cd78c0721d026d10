//! What no guest can send through the live backend: each rule with a guest that breaks it. It is told so, so is the
//! operator, and nothing arrives where the request would have gone.

use crate::egress::{Egress, SITE, request};

#[tokio::test]
async fn urls_that_are_not_https_to_an_approved_origin_are_denied() {
    let egress = Egress::open();
    let port = egress.listener.address.port();
    for (url, rule) in [
        (format!("http://{SITE}:{port}/"), "https://"),
        (format!("HTTPS://{SITE}:{port}/"), "https://"),
        (format!("ws://{SITE}:{port}/"), "https://"),
        (format!("//{SITE}:{port}/"), "https://"),
        (String::new(), "https://"),
        ("https:///x".to_owned(), "no host"),
        (format!("https://{SITE}:{port}x/"), "its URL"),
        (format!("https://{SITE}:99999/"), "its URL"),
        (
            format!("https://user:key@{SITE}:{port}/"),
            "user information",
        ),
        (format!("https://user@{SITE}:{port}/"), "user information"),
        (format!("https://@{SITE}:{port}/"), "user information"),
        (format!("https://{SITE}:{port}/#x"), "fragment"),
        (format!("https://{SITE}:{port}/a b"), "space"),
        (format!("https://{SITE}:{port}/\r\nx: y"), "space"),
        (format!("https://{SITE}:{port}/\u{fc}"), "percent-encoded"),
        // Origins that nobody approved, however they are written; the operator is told how to.
        (
            format!("https://{SITE}/"),
            "add `psa.test`, or what `origins` lists for it, to `allow_hosts`",
        ),
        (format!("https://localhost:{port}/"), "add `localhost:"),
        (format!("https://{SITE}.:{port}/"), "`allow_hosts`"),
        (format!("https://x.{SITE}:{port}/"), "`allow_hosts`"),
        (format!("https://{SITE}.localhost:{port}/"), "`allow_hosts`"),
        (format!("https://127.0.0.1:{port}/"), "add `127.0.0.1:"),
        (
            format!("https://[::ffff:127.0.0.1]:{port}/"),
            "`allow_hosts`",
        ),
        (
            format!("https://localhost:{port}\\@{SITE}:{port}/"),
            "user information",
        ),
        (
            format!("https://localhost:{port}\\.{SITE}/"),
            "add `localhost:",
        ),
    ] {
        egress.assert_denied(&request("GET", &url, &[]), rule).await;
    }
}

#[tokio::test]
async fn headers_and_methods_that_are_the_hosts_are_denied() {
    let egress = Egress::open();
    let url = egress.url(SITE);
    for (name, value, rule) in [
        ("Host", "evil.example", "written by the host"),
        ("host", "evil.example", "written by the host"),
        ("Content-Length", "0", "written by the host"),
        ("Accept-Encoding", "br", "written by the host"),
        ("Transfer-Encoding", "chunked", "the host's connection"),
        ("Connection", "close", "the host's connection"),
        ("Keep-Alive", "1", "the host's connection"),
        ("TE", "trailers", "the host's connection"),
        ("Trailer", "x", "the host's connection"),
        ("Upgrade", "h2c", "the host's connection"),
        ("Expect", "100-continue", "the host's connection"),
        ("Proxy-Authorization", "Bearer x", "the host's connection"),
        ("proxy-connection", "close", "the host's connection"),
        ("X", "a\r\nb: c", "line break"),
        ("X", "a\rb", "line break"),
        ("X", "a\nb", "line break"),
        ("X", "a\0b", "NUL"),
        ("X", "a\u{7f}b", "control character"),
        ("X", "\u{20ac}", "Latin-1"),
        ("X\r\nY", "a", "not a token"),
        ("X\0", "a", "not a token"),
        ("X ", "a", "not a token"),
        ("X:", "a", "not a token"),
        ("", "a", "not a token"),
    ] {
        let request = request("GET", &url, &[(name, value)]);
        egress.assert_denied(&request, rule).await;
    }
    for (method, rule) in [
        ("CONNECT", "CONNECT is not allowed"),
        ("TRACE", "TRACE is not allowed"),
        ("get", "upper-case"),
        ("GET / HTTP/1.1\r\nX: y\r\n\r\nGET", "token"),
        ("", "token"),
    ] {
        egress
            .assert_denied(&request(method, &url, &[]), rule)
            .await;
    }
    let many = vec![("X", "a"); 101];
    egress
        .assert_denied(&request("GET", &url, &many), "header_count")
        .await;
    let long = "x".repeat(64 << 10);
    egress
        .assert_denied(&request("GET", &url, &[("X", &long)]), "header_bytes")
        .await;
}

/// The hosts themselves are approved, so that only their addresses stand in the way.
#[tokio::test]
async fn addresses_that_are_not_public_are_denied_unless_allowed() {
    let hosts = [
        SITE,
        "localhost",
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.0.1",
        "100.64.0.1",
        "[fd12:3456::1]",
    ];
    let egress = Egress::open().without_private_networks().allowing(&hosts);
    for host in hosts {
        let request = request("GET", &egress.url(host), &[]);
        egress
            .assert_denied(&request, "`allow_private_networks`")
            .await;
    }
}

#[tokio::test]
async fn metadata_and_addresses_of_no_host_are_denied_always() {
    let hosts = [
        "169.254.169.254",
        "0xa9fea9fe",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:a9fe:a9fe::]",
        "[fd00:ec2::254]",
        "168.63.129.16",
        "100.100.100.200",
        "[fe80::1]",
        "0.0.0.0",
        "[::]",
        "224.0.0.1",
        "255.255.255.255",
        // A name that leads there is no better.
        SITE,
    ];
    let mut egress = Egress::open().allowing(&hosts);
    egress.options.resolve[0].addresses = vec!["169.254.169.254".parse().expect("an address")];
    for host in hosts {
        let request = request("GET", &egress.url(host), &[]);
        egress
            .assert_denied(&request, "that is never allowed")
            .await;
    }
}
