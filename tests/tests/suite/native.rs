//! A connector as ordinary Rust, as docs/writing-a-connector.md shows it to its author.

use psa_host::contract::{ErrorCode, Request, Response, Setting};
use psa_toolkit::ServiceDesk as _;
use sample_psa::SampleDesk;

#[test]
fn an_answer_that_is_not_a_ticket_is_an_error() {
    let entered = [
        ("site", "example.sample-desk.example"),
        ("client-id", "0000-0000"),
        ("client-secret", "0000-0000-0000"),
    ];
    let entered = entered.map(|(name, value)| Setting {
        name: name.to_owned(),
        value: value.to_owned(),
    });
    let settings = SampleDesk::parse(&entered).expect("good settings");
    // What stands for a server: a token to every request, whatever it asks for.
    let mut send = |requests: &mut [Request]| {
        let answer = |_: &Request| {
            Ok(Response {
                status: 200,
                body: r#"{"access_token": "abcdefghijkl"}"#.into(),
                ..Response::default()
            })
        };
        requests.iter().map(answer).collect()
    };
    let error = SampleDesk::get_ticket(&settings, "9", &mut send).expect_err("no ticket");
    assert_eq!(error.code, ErrorCode::UnexpectedResponse);
}
