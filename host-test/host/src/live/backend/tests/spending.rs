//! What a call may send in all. Which requests are refused one by one is shown with guests, in `tests/sandbox/denied.rs`.

use super::*;

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
