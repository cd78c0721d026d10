//! What long lists cost the component, counted and not timed: memory and units of fuel, which are the same in every run.

use std::sync::{Arc, Mutex};

use psa_host::contract::CompanyQuery;
use psa_host::{Connector, Limits, Usage};
use psa_tests::companies::Companies;
use psa_tests::{component, settings};

#[tokio::test]
async fn ten_thousand_companies_in_a_call_take_less_than_18_mib() {
    let connector = component().expect("the component");
    let (companies, usage) = list(&connector, 10_000).await;
    assert_eq!(companies, 10_000);
    let bytes = usage.memory_bytes;
    assert!(bytes < 18 << 20, "{bytes} bytes");
}

#[tokio::test]
async fn ten_times_as_many_companies_take_no_more_than_ten_and_a_half_times_the_fuel() {
    let connector = component().expect("the component");
    let (fewer, fewer_usage) = list(&connector, 20_000).await;
    let (more, more_usage) = list(&connector, 200_000).await;
    assert_eq!((fewer, more), (20_000, 200_000));
    let (fewer, more) = (fewer_usage.fuel, more_usage.fuel);
    assert!(
        more * 10 <= fewer * 105,
        "{more} instead of 10 times {fewer}"
    );
}

/// Reads so many companies page by page, each a call: how many came, fuel of all calls, memory of the largest.
async fn list(connector: &Connector, count: i64) -> (usize, Usage) {
    let (mut companies, mut all) = (0, Usage::default());
    let mut cursor = None;
    loop {
        let usage = Arc::default();
        let call = connector.call(Companies { count }, Limits::default());
        let query = CompanyQuery {
            limit: Some(10_000),
            cursor,
            ..CompanyQuery::default()
        };
        let page = call.measured(&usage).list_companies(settings(), query);
        let page = page.await.expect("a page");
        companies += page.companies.len();
        let usage = read(&usage);
        all.fuel += usage.fuel;
        all.memory_bytes = all.memory_bytes.max(usage.memory_bytes);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return (companies, all);
        }
    }
}

fn read(usage: &Mutex<Usage>) -> Usage {
    *usage.lock().expect("no test panics with the lock")
}
