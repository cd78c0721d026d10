//! `list-companies` against a table that changes between the requests: a company that is there unchanged from the first
//! request to the last comes exactly once, by ascending id, and the listing ends.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use psa_host::contract::{CompanyQuery, Failure, Request, Response};
use psa_recording::Input;
use psa_tests::{CONNECTWISE, few, settings};
use serde_json::{Value, json};

/// More `send`s than a listing of these tables can need.
const MOST_ROUNDS: usize = 400;

/// A change of the table between two requests.
#[derive(Clone, Debug)]
enum Change {
    /// The row at this place in the table, counted around, vanishes.
    Delete(prop::sample::Index),
    /// A row so far above the highest id appears.
    Create(u32),
}

/// The server: its rows, and what happens to them.
struct Table {
    /// Id, and whether the row is marked as deleted.
    rows: BTreeMap<i64, bool>,
    /// The most rows that it serves at once, whatever is asked for.
    largest_page: usize,
    /// Whether it names the next page.
    says_more: bool,
    changes: Vec<Change>,
    /// Rows that were there when it began.
    untouched: BTreeSet<i64>,
    rounds: usize,
    requests: usize,
}

impl Table {
    fn answer(&mut self, requests: &[Request]) -> Vec<Result<Response, Failure>> {
        self.rounds += 1;
        assert!(self.rounds < MOST_ROUNDS, "the listing has no end");
        let answers = requests
            .iter()
            .map(|request| Ok(self.page(request)))
            .collect();
        if let Some(change) = self.changes.pop() {
            self.change(&change);
        }
        answers
    }

    fn change(&mut self, change: &Change) {
        match change {
            Change::Create(above) => {
                let highest = self.rows.keys().next_back().copied().unwrap_or(0);
                self.rows.insert(highest + 1 + i64::from(*above), false);
            }
            Change::Delete(index) if !self.rows.is_empty() => {
                let ids: Vec<i64> = self.rows.keys().copied().collect();
                let id = *index.get(&ids);
                self.rows.remove(&id);
                self.untouched.remove(&id);
            }
            Change::Delete(_) => {}
        }
    }

    fn page(&mut self, request: &Request) -> Response {
        self.requests += 1;
        let (_, query) = request.url.split_once('?').expect("a query");
        let query: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let page_size: usize = query["pageSize"].parse().expect("a page size");
        assert!((1..=1_000).contains(&page_size), "{page_size}");
        let conditions = query.get("conditions").map_or("", String::as_str);
        let mut ids: Vec<i64> = self
            .rows
            .iter()
            .filter(|(id, is_deleted)| is_met(conditions, **id, **is_deleted))
            .map(|(id, _)| *id)
            .collect();
        match query["orderBy"].as_str() {
            "id asc" => {}
            "id desc" => ids.reverse(),
            other => panic!("{other}"),
        }
        let served = page_size.min(self.largest_page);
        let link = (self.says_more && ids.len() > served).then(|| {
            let url = "<https://api-na.myconnectwise.net/v4_6_release/apis/3.0//company/companies?page=2>; rel=\"next\"";
            ("link".to_owned(), url.to_owned())
        });
        ids.truncate(served);
        let rows: Vec<Value> = ids
            .iter()
            .map(|id| json!({"id": id, "name": format!("Company {id}"), "deletedFlag": self.rows[id]}))
            .collect();
        Response {
            status: 200,
            headers: link.into_iter().collect(),
            body: Value::from(rows).to_string().into(),
            age_seconds: None,
        }
    }
}

/// The conditions that the connector uses here, and no others.
fn is_met(conditions: &str, id: i64, is_deleted: bool) -> bool {
    let number = |text: &str| text.parse::<i64>().expect("an id");
    let mut terms = conditions.split(" and ").filter(|term| !term.is_empty());
    terms.all(|term| match term {
        "deletedFlag=false" => !is_deleted,
        term => match (term.strip_prefix("id<="), term.strip_prefix("id>")) {
            (Some(through), _) => id <= number(through),
            (_, Some(after)) => id > number(after),
            _ => panic!("the connector asks for {term}"),
        },
    })
}

/// Ids that are dense, sparse, or in heaps far from each other.
fn table() -> impl Strategy<Value = BTreeMap<i64, bool>> {
    let heap = (
        1_i64..3_000_000,
        0_usize..5_000,
        prop_oneof![3 => Just(1_i64), 1 => 2_i64..40, 1 => 1_000_i64..5_000],
        0_i64..9,
    );
    prop::collection::vec(heap, 0..4).prop_map(|heaps| {
        let mut rows = BTreeMap::new();
        for (start, count, step, deleted) in heaps {
            // Far apart but few, or the table would have no end.
            let count = if step > 100 { count / 8 } else { count };
            for (place, id) in (start..)
                .step_by(usize::try_from(step).unwrap_or(1))
                .take(count)
                .enumerate()
            {
                rows.insert(id, place % 10 < usize::try_from(deleted).unwrap_or(0));
            }
        }
        rows
    })
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = prop_oneof![
        any::<prop::sample::Index>().prop_map(Change::Delete),
        (0_u32..2_000).prop_map(Change::Create),
    ];
    prop::collection::vec(change, 0..60)
}

proptest! {
    #![proptest_config(few(100))]

    #[test]
    fn a_company_that_stays_comes_exactly_once(
        rows in table(),
        changes in changes(),
        largest_page in prop_oneof![3 => Just(1_000_usize), 1 => 150_usize..1_000],
        says_more in any::<bool>(),
        limit in prop_oneof![Just(None), (400_u32..2_500).prop_map(Some), (2_500_u32..20_000).prop_map(Some)],
        include_inactive in any::<bool>(),
    ) {
        let untouched = rows.keys().copied().collect();
        let mut table = Table { rows, largest_page, says_more, changes, untouched, rounds: 0, requests: 0 };
        let mut query = CompanyQuery { limit, include_inactive, ..CompanyQuery::default() };
        let mut found: Vec<i64> = Vec::new();
        let most = usize::try_from(limit.unwrap_or(1_000)).expect("small").min(10_000);
        loop {
            let send = &mut |requests: &[Request]| table.answer(requests);
            let page = CONNECTWISE.call_natively(&settings(), &Input::ListCompanies(query.clone()), send).expect("a page");
            let companies = page["companies"].as_array().expect("companies");
            prop_assert!(companies.len() <= most, "{} companies for a limit of {most}", companies.len());
            for company in companies {
                found.push(company["id"].as_str().expect("an id").parse().expect("a number"));
                prop_assert!(include_inactive || company["is-active"] == json!(true), "{company}");
            }
            let cursor = page["next-cursor"].as_str().map(str::to_owned);
            prop_assert!(cursor.is_none() || cursor != query.cursor, "the cursor does not move");
            if cursor.is_none() { break }
            query.cursor = cursor;
        }
        prop_assert!(found.is_sorted_by(|left, right| left < right), "ids do not ascend, or one came twice");
        let found: BTreeSet<i64> = found.into_iter().collect();
        let due: BTreeSet<i64> = table.untouched.iter().copied().filter(|id| include_inactive || !table.rows[id]).collect();
        let missing: Vec<&i64> = due.difference(&found).take(5).collect();
        prop_assert!(missing.is_empty(), "companies are missing: {missing:?} and so on");
        // Reading page by page would need this many; the windows may not need many times more.
        let pages = due.len() / largest_page.min(most) + 1;
        prop_assert!(table.requests <= 20 * pages + 60, "{} requests for {pages} pages", table.requests);
    }
}
