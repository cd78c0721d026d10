//! Certificates, connections that are refused, and who a request says it is from.

use super::*;

#[tokio::test]
async fn a_certificate_that_does_not_fit_sends_nothing() {
    let server = Server::start(vec![Behaviour::Answer(Vec::new())]).await;
    let trusted = options(&server);
    let mut untrusted = trusted.clone();
    untrusted.certificate_authorities.clear();
    let mut parameters = rcgen::CertificateParams::default();
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, "another authority");
    let other = rcgen::KeyPair::generate()
        .and_then(|key| parameters.self_signed(&key))
        .expect("a certificate");
    untrusted.certificate_authorities.push(other.pem());
    let mut renamed = trusted.clone();
    renamed.resolve[0].host = "other.test".to_owned();
    for (options, host, part) in [
        (&untrusted, HOST, "`certificate_authorities`"),
        (
            &renamed,
            "other.test",
            "another name: for psa.test, not for other.test",
        ),
    ] {
        let site = format!("{host}:{}", server.address.port());
        let mut live = Live::new(&policy(&site, &on_loopback()), options, &Pools::default())
            .expect("a backend");
        let mut request = request("POST", &server);
        request.url = format!("https://{site}/");
        let found = describe(&ask(&mut live, vec![request]).await[0]);
        assert!(found.starts_with("unreachable false"), "{found}");
        assert!(found.contains(part), "{found}");
    }
    assert_eq!(server.requests(), [""; 0]);
}

#[tokio::test]
async fn every_request_says_who_sends_it_unless_the_connector_does() {
    let server = Server::start(vec![Behaviour::Number]).await;
    let own = concat!("psa-host/", env!("CARGO_PKG_VERSION"));
    for (contact, of_connector, expected) in [
        (None, None, format!("{own} Example-PSA-connector/0")),
        (
            Some("https://platform.example"),
            None,
            format!("{own} Example-PSA-connector/0 (https://platform.example)"),
        ),
        (None, Some("own/1"), "own/1".to_owned()),
    ] {
        let options = LiveOptions {
            contact: contact.map(str::to_owned),
            ..options(&server)
        };
        let mut request = request("GET", &server);
        let header = of_connector.map(|value| ("User-Agent".to_owned(), value.to_owned()));
        request.headers.extend(header);
        ask(&mut live(&server, &options), vec![request]).await;
        let sent = server.requests().pop().expect("a request");
        let lines: Vec<&str> = sent.lines().collect();
        let found = lines
            .iter()
            .filter_map(|it| it.strip_prefix("user-agent: "));
        assert_eq!(found.collect::<Vec<_>>(), [expected], "{sent}");
    }
    let options = LiveOptions {
        contact: Some("a\r\nb: c".to_owned()),
        ..options(&server)
    };
    let policy = policy(HOST, &on_loopback());
    let refused = Live::new(&policy, &options, &Pools::default()).err();
    assert!(matches!(refused, Some(LiveError::Contact(_))));
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_named() {
    let server = Server::start(vec![Behaviour::CloseBeforeTls]).await;
    let mut options = options(&server);
    // Port 1 of loopback: nobody listens there.
    options.resolve[0].port = 1;
    let site = format!("{HOST}:1");
    let mut live =
        Live::new(&policy(&site, &on_loopback()), &options, &Pools::default()).expect("a backend");
    let mut request = request("POST", &server);
    request.url = format!("https://{site}/");
    let found = describe(&ask(&mut live, vec![request]).await[0]);
    assert!(
        found.starts_with("unreachable false: cannot connect to https://psa.test:1"),
        "{found}"
    );
}
