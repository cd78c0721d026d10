//! Size of the component, memory, and how time grows with a list.

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use psa_host::contract::CompanyQuery;
use psa_host::{Connector, Limits};
use psa_tests::companies::Companies;
use psa_tests::{component, component_bytes, settings};
use tokio::runtime::Runtime;

use crate::at_most;
use crate::goal::Goal;

/// How often the two lists are read in turn.
const TURNS: usize = 5;

pub(crate) fn goals(runtime: &Runtime) -> Vec<Goal> {
    let connector = component().expect("the component");
    let bytes = component_bytes().expect("the component");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes).expect("memory");
    let zipped = gzip.finish().expect("memory");
    let mut ratios: Vec<f64> = (0..TURNS)
        .map(|_| {
            let fewer = runtime.block_on(list(&connector, 20_000)).0;
            let more = runtime.block_on(list(&connector, 200_000)).0;
            more.as_secs_f64() / fewer.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let memory_bytes = runtime.block_on(list(&connector, 10_000)).1;
    vec![
        at_most("Component", bytes.len() as f64 / 1e3, 130.0, "kB"),
        at_most("Component, gzip", zipped.len() as f64 / 1e3, 50.0, "kB"),
        at_most(
            "Guest memory for 10,000 companies in a call",
            memory_bytes as f64 / f64::from(1 << 20),
            16.0,
            "MiB",
        ),
        at_most(
            "200,000 companies against 20,000",
            ratios[TURNS / 2],
            10.5,
            "times",
        ),
    ]
}

/// Reads so many companies page by page: time within the calls, and memory of the largest.
async fn list(connector: &Connector, count: i64) -> (Duration, usize) {
    let (mut time, mut memory_bytes, mut companies) = (Duration::ZERO, 0, 0);
    let mut cursor = None;
    loop {
        let usage = Arc::default();
        let call = connector
            .call(Companies { count }, Limits::default())
            .measured(&usage);
        let query = CompanyQuery {
            limit: Some(10_000),
            cursor,
            ..CompanyQuery::default()
        };
        let started = Instant::now();
        let page = call.list_companies(settings(), query).await;
        time += started.elapsed();
        let page = page.expect("a page");
        memory_bytes = memory_bytes.max(usage.lock().expect("no panic").memory_bytes);
        companies += page.companies.len();
        cursor = page.next_cursor;
        if cursor.is_none() {
            assert_eq!(i64::try_from(companies).ok(), Some(count));
            return (time, memory_bytes);
        }
    }
}
