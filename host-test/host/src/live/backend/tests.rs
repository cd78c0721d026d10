//! The backend against servers on loopback: what each behaviour of a server becomes, and what is sent again. That nothing
//! arrives of what is refused is shown with guests, in `tests/sandbox/denied.rs`.

mod server;

use std::time::Duration;

use psa_contract::{
    ConnectorDescription, Setting, SettingDescription, SettingKind, SettingSupplier,
};

use super::*;
use crate::live::{HttpLimits, Resolution, Retries, Timeouts};
use crate::policy::PolicyOptions;
use server::{Behaviour, Server};

const HOST: &str = "psa.test";

fn description() -> ConnectorDescription {
    ConnectorDescription {
        vendor: "Example PSA".to_owned(),
        version: "0".to_owned(),
        settings: vec![SettingDescription {
            name: "site".to_owned(),
            label: String::new(),
            help: String::new(),
            kind: SettingKind::Host,
            choices: Vec::new(),
            is_required: true,
            supplied_by: SettingSupplier::Customer,
            example: None,
        }],
        permissions: Vec::new(),
        board_label: None,
        vendor_domains: Vec::new(),
        ..ConnectorDescription::default()
    }
}

/// The servers are on loopback.
fn on_loopback() -> PolicyOptions {
    PolicyOptions {
        allow_private_networks: true,
        ..PolicyOptions::default()
    }
}

fn policy(site: &str, options: &PolicyOptions) -> Policy {
    let settings = [Setting {
        name: "site".to_owned(),
        value: site.to_owned(),
    }];
    Policy::new(&[0; 32], &description(), &settings, options).expect("a policy")
}

fn options(server: &Server) -> LiveOptions {
    LiveOptions {
        timeouts: Timeouts {
            connect: Duration::from_secs(5),
            request: Duration::from_secs(10),
        },
        limits: HttpLimits {
            response_bytes: 100_000,
            ..HttpLimits::default()
        },
        retries: Retries {
            first_pause: Duration::from_millis(1),
            rate_limit_pause: Duration::from_millis(1),
            ..Retries::default()
        },
        certificate_authorities: vec![server.authority_pem.clone()],
        resolve: vec![Resolution {
            host: HOST.to_owned(),
            port: server.address.port(),
            addresses: vec![server.address.ip()],
        }],
        ..LiveOptions::default()
    }
}

fn live(server: &Server, options: &LiveOptions) -> Live {
    let site = format!("{HOST}:{}", server.address.port());
    Live::new(&policy(&site, &on_loopback()), options, &Pools::default()).expect("a backend")
}

fn request(method: &str, server: &Server) -> Request {
    Request {
        method: method.to_owned(),
        url: format!("https://{HOST}:{}/x", server.address.port()),
        headers: Vec::new(),
        body: (method == "POST").then(|| "{}".into()),
        is_write: method == "POST",
        ..Request::default()
    }
}

async fn ask(live: &mut Live, requests: Vec<Request>) -> Vec<Answer> {
    live.send(requests, StdInstant::now() + Duration::from_secs(20))
        .await
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}").into_bytes();
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(body);
    bytes
}

/// `200`, or `interrupted true: the message`.
fn describe(answer: &Answer) -> String {
    match answer {
        Ok(response) => response.status.to_string(),
        Err(failure) => format!(
            "{} {}: {}",
            failure.kind.name(),
            failure.may_have_acted,
            failure.message
        ),
    }
}

#[tokio::test]
async fn what_a_server_does_becomes_the_contracts_answer() {
    use Behaviour::{Answer, CloseBeforeReading, CloseBeforeTls, Endless, Plain, SlowAnswer};
    let ok = || Answer(answer("200 OK", "", b"{}"));
    let busy = || Answer(answer("503 Busy", "", b"x"));
    let out_of_time = || {
        let body = br#"{"message": "A timeout has occured. Please try again."}"#;
        Answer(answer("500 Error", "", body))
    };
    let many_headers: String = (0..150)
        .map(|number| format!("x-{number}: 1\r\n"))
        .collect();
    let long_header = format!("x: {}\r\n", "x".repeat(70_000));
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut bomb, &vec![0; 10 << 20]).expect("memory");
    let bomb = bomb.finish().expect("memory");
    assert!(bomb.len() < 100_000);
    /// How the server behaves, the method, the beginning of the answer, a part of it, and how many connections it takes.
    type Case<'a> = (Vec<Behaviour>, &'a str, &'a str, &'a str, usize);
    let cases: Vec<Case<'_>> = vec![
        (vec![ok()], "GET", "200", "", 1),
        (vec![ok()], "POST", "200", "", 1),
        (
            vec![CloseBeforeTls],
            "POST",
            "unreachable false",
            "closed the connection",
            4,
        ),
        (vec![CloseBeforeTls, ok()], "POST", "200", "", 2),
        (
            vec![Plain(b"HTTP/1.1 400 Bad Request\r\n\r\n")],
            "GET",
            "unreachable false",
            "does not speak TLS",
            1,
        ),
        // Alerts: protocol_version and handshake_failure.
        (
            vec![Plain(&[21, 3, 1, 0, 2, 2, 70])],
            "POST",
            "unreachable false",
            "TLS is too old: this host needs TLS 1.2",
            1,
        ),
        (
            vec![Plain(&[21, 3, 3, 0, 2, 2, 40])],
            "POST",
            "unreachable false",
            "TLS is too old: it has no cipher",
            1,
        ),
        (
            vec![CloseBeforeReading, ok()],
            "POST",
            "interrupted true",
            "broke before the response",
            1,
        ),
        (
            vec![Answer(Vec::new()), ok()],
            "POST",
            "interrupted true",
            "broke before the response",
            1,
        ),
        (
            vec![Answer(Vec::new()), ok()],
            "GET",
            "interrupted true",
            "broke before the response",
            1,
        ),
        (
            vec![SlowAnswer(Duration::from_secs(5), Vec::new())],
            "POST",
            "timed-out true",
            "0.3 seconds",
            1,
        ),
        (
            vec![SlowAnswer(Duration::from_secs(5), Vec::new())],
            "GET",
            "timed-out true",
            "0.3 seconds",
            1,
        ),
        (
            vec![Answer(
                b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec(),
            )],
            "GET",
            "interrupted true",
            "middle of the response",
            1,
        ),
        (
            vec![Answer(
                b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{".to_vec(),
            )],
            "GET",
            "interrupted true",
            "middle of the response",
            1,
        ),
        (
            vec![Answer(answer(
                "200 OK",
                "content-encoding: gzip\r\n",
                b"no gzip",
            ))],
            "GET",
            "interrupted true",
            "middle of the response",
            1,
        ),
        (
            vec![Answer(answer(
                "302 Found",
                "location: https://psa.test/y\r\n",
                b"",
            ))],
            "GET",
            "302",
            "",
            1,
        ),
        (vec![busy(), busy(), ok()], "GET", "200", "", 3),
        (vec![busy(), busy(), ok()], "HEAD", "200", "", 3),
        (vec![busy(), ok()], "POST", "503", "", 1),
        (vec![busy()], "GET", "503", "", 4),
        (
            vec![Answer(answer("429 Slow", "retry-after: 0\r\n", b"")), ok()],
            "GET",
            "200",
            "",
            2,
        ),
        (
            vec![Answer(answer("429 Slow", "", b"")), ok()],
            "GET",
            "200",
            "",
            2,
        ),
        (
            vec![Answer(answer("429 Slow", "", b"")), ok()],
            "POST",
            "429",
            "",
            1,
        ),
        // A server whose database took too long, and one whose defect stays.
        (vec![out_of_time(), ok()], "GET", "200", "", 2),
        (vec![out_of_time(), ok()], "POST", "500", "", 1),
        (
            vec![Answer(answer("500 Error", "", b"a defect")), ok()],
            "GET",
            "500",
            "",
            1,
        ),
        (
            vec![
                Answer(answer("429 Slow", "retry-after: 3600\r\n", b"")),
                ok(),
            ],
            "GET",
            "429",
            "",
            1,
        ),
        (
            vec![Answer(answer("429 Slow", "retry-after: 25\r\n", b"")), ok()],
            "GET",
            "429",
            "",
            1,
        ),
        (
            vec![Answer(answer("999 Strange", "", b""))],
            "GET",
            "interrupted true",
            "status 999",
            1,
        ),
        (
            vec![Answer(answer("200 OK", &many_headers, b""))],
            "GET",
            "too-large true",
            "header_count",
            1,
        ),
        (
            vec![Answer(answer("200 OK", &long_header, b""))],
            "GET",
            "too-large true",
            "header_bytes",
            1,
        ),
        (
            vec![Answer(answer("200 OK", "", &[b'x'; 100_000]))],
            "GET",
            "200",
            "",
            1,
        ),
        (
            vec![Answer(answer("200 OK", "", &[b'x'; 100_001]))],
            "POST",
            "too-large true",
            "response_bytes",
            1,
        ),
        (
            vec![Answer(answer(
                "200 OK",
                "content-encoding: gzip\r\n",
                &bomb,
            ))],
            "GET",
            "too-large true",
            "response_bytes",
            1,
        ),
        (
            vec![Endless(
                b"HTTP/1.1 200 OK\r\n\r\n".to_vec(),
                vec![b'x'; 10_000],
            )],
            "GET",
            "too-large true",
            "response_bytes",
            1,
        ),
    ];
    for (behaviours, method, beginning, part, connections) in cases {
        let is_slow = matches!(behaviours[0], SlowAnswer(..));
        let server = Server::start(behaviours).await;
        let mut options = options(&server);
        if is_slow {
            options.timeouts.request = Duration::from_millis(300);
        }
        let mut live = live(&server, &options);
        let answers = ask(&mut live, vec![request(method, &server)]).await;
        let found = describe(&answers[0]);
        assert!(found.starts_with(beginning), "{beginning}: {found}");
        assert!(found.contains(part), "{part}: {found}");
        assert_eq!(server.connections(), connections, "{found}");
    }
}

mod connecting;
mod proxies;
mod rate_limits;
mod sharing;
mod spending;
mod tenants;
