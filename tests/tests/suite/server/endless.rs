//! Lists that do not end: each call stops within its limits, with a cursor or with an error that says why.

use psa_host::Limits;
use psa_host::contract::{BoardSelection, ErrorCode};
use psa_tests::mock::{Endless, Misbehaviour, When};

use super::operator::Operator;
use super::server;
use super::site::{Site, connectors_own};

#[test]
fn an_endless_list_ends_each_command_with_a_cursor_or_an_error() {
    use Endless::{NewRows, OneRowAPage, SameRows};
    let companies = ["companies", "--limit=10000"];
    let boards = ["boards"];
    let order = "expected ids in ascending order";
    /// How the list goes on, the command, its exit code, a part of what it prints, and the most requests that it sends.
    type Case<'a> = (Endless, &'a [&'a str], i32, &'a str, u64);
    let cases: &[Case<'_>] = &[
        (
            NewRows,
            &companies,
            0,
            "10,000 companies. There are more",
            11,
        ),
        (SameRows, &companies, 21, order, 11),
        (OneRowAPage, &companies, 0, "There are more", 1_000),
        // The rows fill the connector's memory.
        (NewRows, &boards, 40, "bytes of memory", 5_000),
        // Boards, priorities and sources, each twice.
        (SameRows, &boards, 21, order, 6),
        (OneRowAPage, &boards, 18, "the limit `requests`", 5_000),
        (SameRows, &["companies", "--all"], 21, order, 11),
        // Every page is a call with limits of its own, so that pages are counted too.
        (
            NewRows,
            &["companies", "--all", "--limit=1"],
            40,
            "after 1000 pages with 1000 companies",
            1_000,
        ),
    ];
    let server = server();
    // Paced as the connector advises, a thousand requests would take minutes.
    let mut operator = Operator::of(&server, "endless");
    operator.live.push("--no-pacing".to_owned());
    for (pages, command, exit_code, part, most_requests) in cases {
        server.behave();
        server.misbehave(When::get(""), Misbehaviour::EndlessList(*pages));
        let before = server.counts().requests;
        let run = operator.run(command);
        let name = format!("{pages:?} {command:?}: {}", run.errors);
        assert_eq!(run.exit_code, *exit_code, "{name}");
        let is_said = run.output.contains(part) || run.errors.contains(part);
        assert!(is_said, "{name}");
        let sent = server.counts().requests - before;
        assert!(sent <= *most_requests, "{sent} requests: {name}");
    }
}

#[tokio::test]
async fn a_call_sends_as_many_requests_as_it_may_and_no_more() {
    let server = server();
    let site = Site::of(&server, |_| {}).await;
    server.misbehave(When::get(""), Misbehaviour::EndlessList(Endless::NewRows));
    let limits = Limits {
        requests: 30,
        ..Limits::default()
    };
    let listing = site
        .call_within(limits)
        .list_board_metadata(site.settings.clone(), BoardSelection::All);
    let error = listing.await.map_err(connectors_own).expect_err("no end");
    assert_eq!(error.code, ErrorCode::Denied, "{}", error.message);
    assert!(error.message.contains("`requests`"), "{}", error.message);
    assert_eq!(server.counts().requests, 30);
}
