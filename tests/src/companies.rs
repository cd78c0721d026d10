//! A list of companies as large as one likes, answered in the process: for measures that no network may disturb. It knows
//! the requests of `list-companies` without filters and no others; what a server may do is in `server/`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use psa_host::contract::{CompanyQuery, Failure, Request, Response, Setting};
use psa_host::{Answers, Call, Connector, Http, Limits, Usage};

use crate::settings;

/// Companies with the ids from 1 on, without a gap.
#[derive(Clone, Copy, Debug)]
pub struct Companies {
    /// How many.
    pub count: i64,
}

/// What it took to read all of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Units of computing of all calls.
    pub fuel: u64,
    /// Guest memory of the call that had the most.
    pub memory_bytes: usize,
    /// From the first call to the end of the last.
    pub time: Duration,
}

impl Companies {
    /// Reads all of them, in calls of 10,000.
    ///
    /// # Panics
    /// A call fails, or the companies are not as many as there are.
    pub async fn read(self, connector: &Connector) -> Reading {
        let settings = settings();
        let mut usages: Vec<Arc<Mutex<Usage>>> = Vec::new();
        let started = Instant::now();
        let count = read_all(&settings, || {
            let usage = Arc::default();
            usages.push(Arc::clone(&usage));
            connector.call(self, Limits::default()).measured(&usage)
        })
        .await;
        let mut reading = Reading {
            time: started.elapsed(),
            ..Reading::default()
        };
        assert_eq!(i64::try_from(count).ok(), Some(self.count));
        for usage in usages {
            let Usage { fuel, memory_bytes } = *usage.lock().expect("nothing panics with it");
            reading.fuel += fuel;
            reading.memory_bytes = reading.memory_bytes.max(memory_bytes);
        }
        reading
    }

    /// The answers to a round.
    ///
    /// # Panics
    /// A request is none of `list-companies` without filters.
    pub fn answer(self, requests: &[Request]) -> Vec<Result<Response, Failure>> {
        requests
            .iter()
            .map(|request| Ok(self.page(&request.url)))
            .collect()
    }

    /// The answer that holds the first page.
    #[must_use]
    pub fn first_page(self) -> Response {
        response(rows(1..=self.count.min(1_000)))
    }

    fn page(self, url: &str) -> Response {
        let (path, query) = url.split_once('?').expect("a query");
        assert!(path.ends_with("/company/companies"), "{path}");
        let query: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        let page_size: i64 = query["pageSize"].parse().expect("a page size");
        let (mut first, mut last) = (1, self.count);
        for condition in query["conditions"].split(" and ") {
            let number = |text: &str| text.parse::<i64>().expect("an id");
            if let Some(id) = condition.strip_prefix("id>") {
                first = number(id) + 1;
            } else if let Some(id) = condition.strip_prefix("id<=") {
                last = last.min(number(id));
            } else {
                assert_eq!(condition, "deletedFlag=false");
            }
        }
        if query["orderBy"] == "id desc" {
            first = first.max(last - page_size + 1);
            assert_eq!(page_size, 1, "a longer list would have to be turned round");
        }
        response(rows(first..=last.min(first + page_size - 1)))
    }
}

/// How many companies there are, read page by page in calls of 10,000.
///
/// # Panics
/// A call fails.
pub async fn read_all(settings: &[Setting], mut call: impl FnMut() -> Call) -> usize {
    let mut count = 0;
    let mut query = CompanyQuery {
        limit: Some(10_000),
        ..CompanyQuery::default()
    };
    loop {
        let page = call().list_companies(settings.to_vec(), query.clone());
        let page = page.await.expect("a page");
        count += page.companies.len();
        query.cursor = page.next_cursor;
        if query.cursor.is_none() {
            return count;
        }
    }
}

impl Http for Companies {
    fn send(&mut self, requests: Vec<Request>, _deadline: Instant) -> Answers<'_> {
        Box::pin(std::future::ready(self.answer(&requests)))
    }
}

fn response(body: String) -> Response {
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Response {
        status: 200,
        headers: vec![
            header("content-type", "application/json; charset=utf-8"),
            header("x-cw-request-id", "2f9a6d10-55c3-4e0b-9d74-000000000001"),
        ],
        body: body.into(),
        age_seconds: None,
    }
}

/// Companies as `fields` of `list-companies` projects them, as JSON: some 220 bytes each.
#[must_use]
pub fn rows(ids: RangeInclusive<i64>) -> String {
    let mut body = String::from("[");
    for id in ids {
        if body.len() > 1 {
            body.push(',');
        }
        let _ = write!(
            body,
            r#"{{"id":{id},"identifier":"Customer{id}","name":"Customer {id} of Example & Söhne","status":{{"name":"Active"}},"deletedFlag":false,"types":[{{"id":1,"name":"Client","_info":{{"type_href":"https://api-na.myconnectwise.net/v4_6_release/apis/3.0//company/companies/types/1"}}}}]}}"#
        );
    }
    body.push(']');
    body
}
