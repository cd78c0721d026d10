//! By the link to the next page that each page holds (`nextPageUrl`, `@odata.nextLink`).
//!
//! A link is a word of the server: it is followed only on the origin of the request before it, since the credentials go
//! with it.

use super::{Found, Row, misplaced, out_of_order};
use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange_one};
use crate::url::origin;

/// A server whose links never end.
const MOST_PAGES: usize = 200;

/// Rows of one answer, and the URL of the next page.
#[derive(Debug)]
pub struct LinkedPage<T> {
    /// By ascending id, above those of the page before.
    pub rows: Vec<T>,
    /// None: this is the last page.
    pub next_url: Option<String>,
}

/// Reads page after page until there are as many rows as wanted, or 200 pages were read. Those that follow a full result
/// are asked for with the id to continue after.
///
/// `next` makes the request for a URL. `after` is the id above which rows were asked for.
///
/// # Errors
/// What an answer meant, or `unexpected-response` for a link to another origin and for ids that do not ascend.
pub fn read_linked<T: Row>(
    tenant: &dyn Tenant,
    send: &mut HttpSend,
    first: Call,
    next: &dyn Fn(String) -> Call,
    read: fn(&Answer) -> Result<LinkedPage<T>, Error>,
    after: Option<i64>,
    limit: usize,
) -> Result<Found<T>, Error> {
    let mut rows: Vec<T> = Vec::new();
    let mut call = first;
    for number in 1..=MOST_PAGES {
        let answer = exchange_one(tenant, send, call);
        let page = read(&answer)?;
        let ids: Vec<i64> = page.rows.iter().map(Row::id).collect();
        let last = rows.last().map(Row::id).or(after);
        if let Some(id) = out_of_order(last, &ids) {
            return Err(answer.unexpected(&misplaced(id)));
        }
        rows.extend(page.rows);
        let Some(url) = page.next_url else {
            return Ok(limited(rows, limit, false));
        };
        if origin(&url).is_none() || origin(&url) != origin(&answer.request.url) {
            let fault =
                "expected a link to the next page on the same site, found a link to another site";
            return Err(answer.unexpected(fault));
        }
        if rows.len() >= limit {
            break;
        }
        if number == MOST_PAGES && rows.is_empty() {
            return Err(answer.unexpected("expected rows, found nothing but links to more pages"));
        }
        call = next(url);
    }
    Ok(limited(rows, limit, true))
}

fn limited<T: Row>(mut rows: Vec<T>, limit: usize, has_more: bool) -> Found<T> {
    let has_more = has_more || rows.len() > limit;
    rows.truncate(limit);
    let continue_after = rows.last().map(Row::id).filter(|_| has_more);
    Found {
        rows,
        continue_after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stand_in::{Number, plain, response};
    use psa_contract::Request;

    #[derive(serde::Deserialize)]
    struct Envelope {
        items: Vec<Number>,
        next: Option<String>,
    }

    fn read(answer: &Answer) -> Result<LinkedPage<Number>, Error> {
        let page: Envelope = answer.read()?;
        Ok(LinkedPage {
            rows: page.items,
            next_url: page.next,
        })
    }

    /// Ids, and where to go on.
    type Rows = (Vec<i64>, Option<i64>);

    /// Reads above id 0 from a server with these pages; how many requests it took.
    fn run(pages: &[(&str, &str)], limit: usize) -> (Result<Rows, String>, usize) {
        let tenant = plain();
        let mut sent = 0;
        let mut send = |requests: &mut [Request]| {
            sent += 1;
            let url = requests[0].url.as_str();
            let body = pages.iter().find(|(page, _)| *page == url).map(|it| it.1);
            vec![Ok(response(200, body.expect(url)))]
        };
        let first = Call::post("list rows", pages[0].0);
        let next = |url| Call::post("list rows", url);
        let found = read_linked(&tenant, &mut send, first, &next, read, Some(0), limit);
        let found = found.map(|found| {
            let ids = found.rows.iter().map(|row| row.id).collect();
            (ids, found.continue_after)
        });
        (found.map_err(|error| error.message.clone()), sent)
    }

    const A: &str = "https://a.example/query";
    const B: &str = "https://a.example/query/next?2";

    #[test]
    fn links_are_followed_until_there_are_enough_rows() {
        let pages = [
            (
                A,
                r#"{"items":[{"id":1},{"id":2}],"next":"https://a.example/query/next?2"}"#,
            ),
            (B, r#"{"items":[{"id":5},{"id":7}],"next":null}"#),
        ];
        for (limit, expected, requests) in [
            (10, (vec![1, 2, 5, 7], None), 2),
            (4, (vec![1, 2, 5, 7], None), 2),
            (3, (vec![1, 2, 5], Some(5)), 2),
            (2, (vec![1, 2], Some(2)), 1),
            (1, (vec![1], Some(1)), 1),
        ] {
            assert_eq!(run(&pages, limit), (Ok(expected), requests), "{limit}");
        }
    }

    #[test]
    fn a_link_elsewhere_and_rows_out_of_order_are_errors() {
        for next in [
            "https://b.example/",
            "http://a.example/",
            "https://a.example@b.example/",
            "/query",
        ] {
            let body = format!(r#"{{"items":[{{"id":1}}],"next":"{next}"}}"#);
            let (found, sent) = run(&[(A, &body)], 10);
            assert!(
                found.expect_err(next).contains("on the same site"),
                "{next}"
            );
            assert_eq!(sent, 1);
        }
        for second in ["1", "2"] {
            let body = format!(r#"{{"items":[{{"id":{second}}}],"next":null}}"#);
            let first = r#"{"items":[{"id":2}],"next":"https://a.example/query/next?2"}"#;
            let (found, _) = run(&[(A, first), (B, &body)], 10);
            assert!(
                found.expect_err(second).contains("ascending order"),
                "{second}"
            );
        }
        // A server whose pages never end.
        let pages = [(A, r#"{"items":[],"next":"https://a.example/query"}"#)];
        let (found, sent) = run(&pages, 10);
        assert!(found.expect_err("no rows").contains("nothing but links"));
        assert_eq!(sent, 200);
    }
}
