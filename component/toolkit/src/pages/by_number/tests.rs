use super::*;
use crate::stand_in::{Number, plain, response};
use psa_contract::Request;

#[derive(serde::Deserialize)]
struct Envelope {
    total: usize,
    rows: Vec<Number>,
}

fn read(answer: &Answer) -> Result<NumberedPage<Number>, Error> {
    let page: Envelope = answer.read()?;
    Ok(NumberedPage {
        rows: page.rows,
        total: page.total,
    })
}

/// A page of three of a list.
fn page(list: &[i64], number: usize) -> String {
    let rows = list.iter().skip((number - 1) * 3).take(3);
    let rows: Vec<String> = rows.map(|id| format!("{{\"id\":{id}}}")).collect();
    format!("{{\"total\":{},\"rows\":[{}]}}", list.len(), rows.join(","))
}

type Result3 = (
    Result<(Vec<i64>, Option<Place>), (ErrorCode, String)>,
    Vec<Vec<usize>>,
);

/// Reads from a server that answers page requests as `serve` says; which pages each round asked for.
fn run(
    start: Option<Place>,
    limit: usize,
    mut serve: impl FnMut(usize, usize) -> String,
) -> Result3 {
    let tenant = plain();
    let mut rounds = Vec::new();
    let mut send = |requests: &mut [Request]| {
        let pages: Vec<usize> = requests
            .iter()
            .map(|it| it.url.parse().expect("a page"))
            .collect();
        let answers = pages
            .iter()
            .map(|page| Ok(response(200, &serve(rounds.len(), *page))));
        let answers = answers.collect();
        rounds.push(pages);
        answers
    };
    let call = |page: usize| Call::get("list rows", page.to_string());
    let found = read_numbered(&tenant, &mut send, 3, &call, read, start, limit);
    let found = found.map(|found| {
        let ids = found.rows.iter().map(|row| row.id).collect();
        (ids, found.continue_after)
    });
    (found.map_err(|it| (it.code, it.message.clone())), rounds)
}

#[test]
fn pages_are_read_until_there_are_enough_rows() {
    let list: Vec<i64> = (1..=8).collect();
    for (limit, expected, place, rounds) in [
        (100, 1..=8, None, vec![vec![1], vec![1, 2, 3]]),
        (8, 1..=8, None, vec![vec![1], vec![1, 2, 3]]),
        (3, 1..=3, Some((2, 3)), vec![vec![1]]),
        (2, 1..=2, Some((1, 2)), vec![vec![1]]),
        (4, 1..=4, Some((2, 4)), vec![vec![1], vec![1, 2, 3]]),
    ] {
        let (found, asked) = run(None, limit, |_, number| page(&list, number));
        let place = place.map(|(page, after)| Place { page, after });
        assert_eq!(found, Ok((expected.collect(), place)), "{limit}");
        assert_eq!(asked, rounds, "{limit}");
    }
    let (found, _) = run(None, 5, |_, number| page(&[], number));
    assert_eq!(found, Ok((vec![], None)));
}

#[test]
fn many_pages_take_several_rounds() {
    let list: Vec<i64> = (1..=60).collect();
    let (found, asked) = run(None, 100, |_, number| page(&list, number));
    assert_eq!(found, Ok((list, None)));
    assert_eq!(asked.len(), 3);
    assert!(asked.iter().all(|round| round.len() <= 16), "{asked:?}");
}

#[test]
fn rows_that_vanish_between_two_calls_or_rounds_cost_no_other() {
    // Between two calls: 1 and 2 are deleted after the first one.
    let place = Place { page: 2, after: 3 };
    let (found, asked) = run(Some(place), 100, |_, number| {
        page(&[3, 4, 5, 6, 7, 8], number)
    });
    assert_eq!(found, Ok((vec![4, 5, 6, 7, 8], None)));
    assert_eq!(asked, [[1, 2]]);
    // Between two rounds of a call.
    let before: Vec<i64> = (1..=8).collect();
    let (found, _) = run(None, 100, |round, number| {
        page(if round == 0 { &before } else { &before[2..] }, number)
    });
    assert_eq!(found, Ok((before, None)));
}

#[test]
fn a_round_whose_pages_disagree_is_repeated() {
    let before: Vec<i64> = (1..=8).collect();
    let after = [1, 3, 4, 5, 6, 7, 8];
    let (found, asked) = run(None, 100, |round, number| {
        page(
            if round == 1 && number < 3 {
                &before
            } else {
                &after
            },
            number,
        )
    });
    assert_eq!(found, Ok((after.to_vec(), None)));
    assert_eq!(asked.len(), 3);
    let (found, asked) = run(None, 100, |round, number| {
        page(
            if round > 0 && number < 3 {
                &before
            } else {
                &after
            },
            number,
        )
    });
    assert_eq!(
        found.expect_err("it changes for ever").0,
        ErrorCode::Unavailable
    );
    assert_eq!(asked.len(), 5);
}

#[test]
fn a_server_that_ignores_the_page_or_serves_fewer_rows_is_an_error() {
    let list: Vec<i64> = (1..=8).collect();
    for (serve, expected) in [
        (
            (|list, _| page(list, 1)) as fn(&[i64], usize) -> String,
            "ascending order",
        ),
        (
            |_, _| r#"{"total":8,"rows":[{"id":1},{"id":2}]}"#.to_owned(),
            "expected 3 rows on page 1, found 2",
        ),
        (
            |_, _| r#"{"total":2,"rows":[{"id":2},{"id":1}]}"#.to_owned(),
            "ascending order",
        ),
    ] {
        let (found, _) = run(None, 100, |_, number| serve(&list, number));
        let (code, message) = found.expect_err(expected);
        assert_eq!(code, ErrorCode::UnexpectedResponse);
        assert!(message.contains(expected), "{message}");
    }
}
