//! What the component computes and holds in memory, counted and not timed: of each case against the table in
//! `computing.csv`, and of lists of several lengths.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use psa_host::contract::CompanyQuery;
use psa_host::{Connector, Limits, Replay, Usage, perform};
use psa_tests::companies::Companies;
use psa_tests::{cases, component, settings};
use serde::{Deserialize, Serialize};

/// Set, the table is written instead of compared.
const WRITE: &str = "PSA_WRITE_COMPUTING";
/// Another compiler moves the numbers by up to 9 % (measured: those of rustup and of Debian, 1.95 and 1.96). A defect that
/// makes something be read twice moves them by more.
const TOLERANCE_PERCENT: u64 = 10;
const ADVICE: &str =
    "if that is as it should be, run `make computing` and commit tests/computing.csv";

/// A line of the table.
#[derive(Debug, Deserialize, Serialize)]
struct Line {
    case: String,
    fuel: u64,
    memory_bytes: u64,
}

#[tokio::test]
async fn each_case_computes_as_much_as_the_table_says() {
    let connector = component().expect("the component");
    let mut measured = Vec::new();
    for (case, run) in cases("cases").expect("the cases") {
        let usage = Arc::default();
        let http = Replay::of_exchanges(run.exchanges, &run.settings);
        let call = connector.call(http, Limits::default()).measured(&usage);
        // What comes of it is checked elsewhere; an error is computed, too.
        let _ = perform(call, run.settings, run.input).await;
        let Usage { fuel, memory_bytes } = read(&usage);
        measured.push(Line {
            case,
            fuel,
            memory_bytes: memory_bytes.try_into().expect("a size"),
        });
    }
    if std::env::var_os(WRITE).is_some() {
        write(&measured);
    }
    let complaints = complaints(&table(), &measured);
    assert!(
        complaints.is_empty(),
        "{ADVICE}:\n- {}",
        complaints.join("\n- ")
    );
}

fn complaints(table: &[Line], measured: &[Line]) -> Vec<String> {
    let mut due: BTreeMap<&str, &Line> = table.iter().map(|line| (&*line.case, line)).collect();
    let mut complaints = Vec::new();
    for line in measured {
        let Some(due) = due.remove(&*line.case) else {
            complaints.push(format!("{} is not in the table", line.case));
            continue;
        };
        for (what, due, found) in [
            ("units of fuel", due.fuel, line.fuel),
            ("bytes of memory", due.memory_bytes, line.memory_bytes),
        ] {
            if due.abs_diff(found) * 100 > due * TOLERANCE_PERCENT {
                let than = if found > due { "more" } else { "fewer" };
                complaints.push(format!(
                    "{}: {than} {what} than in the table: {found} instead of {due}",
                    line.case
                ));
            }
        }
    }
    complaints.extend(due.keys().map(|case| format!("there is no case {case}")));
    complaints
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("computing.csv")
}

fn table() -> Vec<Line> {
    let mut reader = csv::Reader::from_path(path()).expect("the table");
    reader
        .deserialize()
        .collect::<Result<_, _>>()
        .expect("lines of the table")
}

fn write(lines: &[Line]) {
    let mut writer = csv::Writer::from_path(path()).expect("a file");
    for line in lines {
        writer.serialize(line).expect("a line");
    }
    writer.flush().expect("the whole table");
}

/// The same whichever way the table is wrong.
#[test]
fn what_differs_from_the_table_is_named_with_both_numbers() {
    let line = |case: &str, fuel, memory_bytes| Line {
        case: case.to_owned(),
        fuel,
        memory_bytes,
    };
    let table = [
        line("as-before", 1_000, 100),
        line("within", 1_000, 100),
        line("slower", 1_000, 100),
        line("faster", 1_000, 100),
        line("larger", 1_000, 100),
        line("gone", 1_000, 100),
    ];
    let measured = [
        line("as-before", 1_000, 100),
        line("within", 1_100, 90),
        line("slower", 1_101, 100),
        line("faster", 899, 100),
        line("larger", 1_000, 111),
        line("new", 1, 1),
    ];
    assert_eq!(
        complaints(&table, &measured),
        [
            "slower: more units of fuel than in the table: 1101 instead of 1000",
            "faster: fewer units of fuel than in the table: 899 instead of 1000",
            "larger: more bytes of memory than in the table: 111 instead of 100",
            "new is not in the table",
            "there is no case gone",
        ]
    );
}

#[tokio::test]
async fn ten_thousand_companies_in_a_call_take_less_than_16_mib() {
    let connector = component().expect("the component");
    let (companies, usage) = list(&connector, 10_000).await;
    assert_eq!(companies, 10_000);
    let bytes = usage.memory_bytes;
    assert!(bytes < 16 << 20, "{bytes} bytes");
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
