//! Pages, lists and requests that a server cuts short, and pages that are not the PSA's, with a plain client.

use std::time::Duration;

use psa_tests::mock::connectwise::{Paging, Tenant};
use psa_tests::mock::{Answer, Misbehaviour, RateLimit, When};

use super::plain::{get, ids, json_of, read};
use super::{COMPANY, server};

const COMPANIES: &str = "/company/companies";

#[tokio::test]
async fn pages_are_shorter_than_asked_for_and_have_no_link() {
    let server = server();
    let mut tenant = Tenant::example(COMPANY).with_companies(60, 2);
    tenant.paging = Paging {
        largest_page: 20,
        sends_links: false,
    };
    server.add_tenant(tenant);
    for (query, length) in [
        (&[][..], 20),
        (&[("pageSize", "1000")], 20),
        (&[("pagesize", "50"), ("page", "4")], 3),
        (&[("pageSize", "7")], 7),
    ] {
        let response = read(&server, COMPANIES, query).await;
        assert_eq!(response.headers().get("link"), None, "{query:?}");
        assert_eq!(ids(&json_of(response).await).len(), length, "{query:?}");
    }
    server.tenant(COMPANY, |tenant| tenant.paging.sends_links = true);
    let response = read(&server, COMPANIES, &[("pageSize", "1000")]).await;
    let link = response.headers()["link"].to_str().expect("ASCII");
    assert!(link.contains("pageSize=20&page=2>; rel=\"next\""), "{link}");
}

#[tokio::test]
async fn one_board_may_be_refused() {
    let server = server();
    server.tenant(COMPANY, |tenant| tenant.boards[1].is_restricted = true);
    assert_eq!(get(&server, "/service/boards/5/statuses", &[]).await.0, 200);
    let (status, body) = get(&server, "/service/boards/6/statuses", &[]).await;
    assert_eq!((status, body["code"].as_str()), (403, Some("Security")));
    let boards = get(&server, "/service/info/boards", &[]).await.1;
    assert_eq!(ids(&boards), [3, 5, 6], "it is still listed");
}

#[tokio::test]
async fn a_firewall_answers_with_a_page_and_a_tired_server_with_500() {
    let server = server();
    for status in [401, 403, 406, 429, 503] {
        let page = Misbehaviour::Answer(Answer::of_a_firewall(status));
        server.misbehave(When::get(COMPANIES).times(1), page);
        let response = read(&server, COMPANIES, &[]).await;
        assert_eq!(response.status(), status);
        assert_eq!(
            response.headers()["content-type"],
            "text/html; charset=utf-8"
        );
        let page = response.text().await.expect("a page");
        assert!(
            page.contains("<title>Access denied") && page.contains("Request ID: "),
            "{page}"
        );
    }
    server.misbehave(
        When::get(COMPANIES).times(1),
        Misbehaviour::Answer(Answer::timed_out()),
    );
    let (status, body) = get(&server, COMPANIES, &[]).await;
    assert_eq!(
        (status, body["code"].as_str()),
        (500, Some("ConnectWiseApi"))
    );
    assert_eq!(body["message"], "A timeout has occured. Please try again.");
    assert_eq!(get(&server, COMPANIES, &[]).await.0, 200);
}

#[tokio::test]
async fn requests_beyond_the_rate_are_refused_until_the_window_has_passed() {
    for says_when in [true, false] {
        let server = server();
        let window = Duration::from_secs(2);
        server.limit_rate(RateLimit {
            requests: 3,
            window,
            says_when,
        });
        for _ in 0..3 {
            assert_eq!(get(&server, COMPANIES, &[]).await.0, 200);
        }
        let refused = read(&server, COMPANIES, &[]).await;
        assert_eq!(refused.status(), 429);
        let when = refused.headers().get("retry-after");
        let when = when.map(|seconds| seconds.to_str().expect("ASCII"));
        assert_eq!(when.is_some(), says_when);
        assert!(
            when.is_none_or(|seconds| ["1", "2"].contains(&seconds)),
            "{when:?}"
        );
        tokio::time::sleep(window).await;
        assert_eq!(get(&server, COMPANIES, &[]).await.0, 200);
    }
}
