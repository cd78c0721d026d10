use super::*;
use crate::stand_in::{Number, plain, response};
use psa_contract::{ErrorCode, Request};

fn read(answer: &Answer) -> Result<Page<Number>, Error> {
    Ok(Page {
        rows: answer.read()?,
        server_has_more: false,
    })
}

/// A list of pages of three, asked for by `name after through size`.
struct Named(&'static str);

impl IdListing for Named {
    fn page_size(&self) -> usize {
        3
    }

    fn call(&self, window: Window, page_size: usize) -> Call {
        let after = window.after.unwrap_or(i64::MIN);
        let through = window.through.unwrap_or(i64::MAX);
        Call::get(
            "list rows",
            format!("{} {after} {through} {page_size}", self.0),
        )
    }

    fn newest(&self) -> Call {
        Call::get("list rows", format!("{} newest", self.0))
    }
}

fn serve(list: &[i64], request: &Request) -> String {
    let words: Vec<&str> = request.url.split(' ').collect();
    let ids: Vec<String> = match words[..] {
        [_, "newest"] => list
            .last()
            .into_iter()
            .map(|id| format!("{{\"id\":{id}}}"))
            .collect(),
        [_, after, through, size] => {
            let range = after.parse::<i64>().expect("after")..=through.parse().expect("through");
            list.iter()
                .filter(|id| range.contains(id) && range.start() != *id)
                .take(size.parse().expect("size"))
                .map(|id| format!("{{\"id\":{id}}}"))
                .collect()
        }
        _ => panic!("{}", request.url),
    };
    format!("[{}]", ids.join(","))
}

#[test]
fn a_range_is_read_in_windows_up_to_the_limit() {
    let dense: Vec<i64> = (1..=20).collect();
    let sparse: Vec<i64> = (1..=20).map(|id| id * 1_000).collect();
    for (list, after, limit, expected) in [
        (&dense, None, 100, (1..=20, None, 2)),
        (&sparse, None, 100, (1..=20, None, 3)),
        (&dense, None, 2, (1..=2, Some(2), 1)),
        (&dense, None, 3, (1..=3, Some(3), 1)),
        (&dense, None, 5, (1..=5, Some(5), 2)),
        (&dense, Some(18), 5, (19..=20, None, 1)),
        (&dense, None, 20, (1..=20, None, 2)),
    ] {
        let scale = list.first().copied().expect("rows");
        let tenant = plain();
        let mut rounds = 0;
        let mut send = |requests: &mut [Request]| {
            rounds += 1;
            let answer = |it| Ok(response(200, &serve(list, it)));
            requests.iter().map(answer).collect()
        };
        let found = read_range(&tenant, &mut send, &Named("a"), read, after, limit);
        let found = found.expect("rows");
        let ids: Vec<i64> = found.rows.iter().map(|row| row.id).collect();
        let wanted: Vec<i64> = expected.0.map(|id| id * scale).collect();
        assert_eq!((ids, found.continue_after), (wanted, expected.1), "{limit}");
        assert!(rounds <= expected.2, "{rounds} rounds for {limit}");
    }
}

#[test]
fn lists_are_read_in_the_same_rounds_and_fail_alone() {
    let tenant = plain();
    let mut rounds = Vec::new();
    let mut send = |requests: &mut [Request]| {
        rounds.push(requests.len());
        let answer = |it: &Request| {
            Ok(match it.url.as_bytes().first() {
                Some(b'a') => response(200, &serve(&[1, 2, 3, 4], it)),
                Some(b'b') => response(403, "no"),
                Some(b'c') => response(200, "[{\"id\":2},{\"id\":1}]"),
                _ => response(200, "[{\"id\":1},{\"id\":1},{\"id\":9}]"),
            })
        };
        requests.iter().map(answer).collect()
    };
    let mut lists = ["a", "b", "c"].map(|name| List::new(Named(name), read));
    let mut only = List::new(Named("d"), read).only(vec![1, 2]);
    {
        let [a, b, c] = &mut lists;
        read_all(&tenant, &mut send, &mut [a, b, c, &mut only]);
    }
    assert_eq!(rounds, [4, 1]);
    let [a, b, c] = lists.map(List::into_rows);
    let ids: Vec<i64> = a.expect("rows").iter().map(|row| row.id).collect();
    assert_eq!(ids, [1, 2, 3, 4]);
    assert_eq!(b.expect_err("403").code, ErrorCode::Forbidden);
    assert!(c.expect_err("order").message.contains("ascending order"));
    let error = only.into_rows().expect_err("another id");
    assert!(
        error.message.contains("only the requested ids"),
        "{error:?}"
    );
}

#[test]
fn a_window_with_more_than_a_page_is_read_on_and_its_rows_are_put_in_order() {
    // Sparse at first, so that the windows are wide, and dense in the first of them.
    let list: Vec<i64> = [1, 1_000, 2_000]
        .into_iter()
        .chain(2_001..2_010)
        .chain([3_500, 5_000])
        .collect();
    let tenant = plain();
    let mut send = |requests: &mut [Request]| {
        let answer = |it| Ok(response(200, &serve(&list, it)));
        requests.iter().map(answer).collect()
    };
    let found = read_range(&tenant, &mut send, &Named("a"), read, None, 100).expect("rows");
    let ids: Vec<i64> = found.rows.iter().map(|row| row.id).collect();
    assert_eq!((ids, found.continue_after), (list.clone(), None));
}

#[test]
fn a_highest_id_that_is_missing_or_too_low_is_an_error() {
    for newest in ["[]", "[{\"id\":2}]"] {
        let tenant = plain();
        let mut send = |requests: &mut [Request]| {
            let answer = |it: &Request| {
                let is_newest = it.url.ends_with("newest");
                let rows = "[{\"id\":1},{\"id\":2},{\"id\":3}]";
                Ok(response(200, if is_newest { newest } else { rows }))
            };
            requests.iter().map(answer).collect()
        };
        let found = read_range(&tenant, &mut send, &Named("a"), read, None, 100);
        let error = found.expect_err(newest);
        assert!(error.message.contains("highest id"), "{error:?}");
    }
}
