//! How much the components compute, counted as fuel and not timed: each case against the table in `fuel.csv`, and lists of several
//! lengths, with the memory that they take.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use psa_conformance::perform;
use psa_host::{Limits, Usage};
use psa_recording::Replay;
use psa_tests::companies::Companies;
use psa_tests::{CONNECTWISE, VENDORS};
use serde::{Deserialize, Serialize};

/// Set, the table is written instead of compared.
const WRITE: &str = "PSA_WRITE_FUEL";
/// The table is written with Rust of rustup. Another compiler moves the numbers by up to 9 % (measured: Debian's 1.96 against
/// rustup's 1.95). A defect that
/// makes something be read twice moves them by more.
const TOLERANCE_PERCENT: u64 = 10;
const ADVICE: &str = "if that is as it should be, run `make fuel` and commit tests/fuel.csv";

/// A line of the table.
#[derive(Debug, Deserialize, Serialize)]
struct Line {
    case: String,
    fuel: u64,
}

#[tokio::test]
async fn each_case_computes_as_much_as_the_table_says() {
    let mut measured = Vec::new();
    for vendor in VENDORS {
        let connector = vendor.connector().expect("the component");
        for (case, run) in vendor.cases().expect("the cases") {
            let usage = Arc::default();
            let http = Replay::of_exchanges(run.exchanges, &run.settings);
            let call = connector.call(http, Limits::default()).measured(&usage);
            // What comes of it is checked elsewhere; an error is computed, too.
            let _ = perform(call, run.settings, run.input).await;
            let Usage { fuel, .. } = read(&usage);
            let case = format!("{}/{case}", vendor.name);
            measured.push(Line { case, fuel });
        }
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
        let (due, found) = (due.fuel, line.fuel);
        if due.abs_diff(found) * 100 > due * TOLERANCE_PERCENT {
            let than = if found > due { "more" } else { "less" };
            complaints.push(format!(
                "{}: {than} fuel than in the table: {found} units instead of {due}",
                line.case
            ));
        }
    }
    complaints.extend(due.keys().map(|case| format!("there is no case {case}")));
    complaints
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fuel.csv")
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
    let line = |case: &str, fuel| Line {
        case: case.to_owned(),
        fuel,
    };
    let table = [
        line("as-before", 1_000),
        line("within", 1_000),
        line("slower", 1_000),
        line("faster", 1_000),
        line("gone", 1_000),
    ];
    let measured = [
        line("as-before", 1_000),
        line("within", 1_100),
        line("slower", 1_101),
        line("faster", 899),
        line("new", 1),
    ];
    assert_eq!(
        complaints(&table, &measured),
        [
            "slower: more fuel than in the table: 1101 units instead of 1000",
            "faster: less fuel than in the table: 899 units instead of 1000",
            "new is not in the table",
            "there is no case gone",
        ]
    );
}

#[tokio::test]
async fn ten_thousand_companies_in_a_call_take_less_than_16_mib() {
    let connector = CONNECTWISE.connector().expect("the component");
    let bytes = Companies { count: 10_000 }
        .read(&connector)
        .await
        .memory_bytes;
    assert!(bytes < 16 << 20, "{bytes} bytes");
}

#[tokio::test]
async fn ten_times_as_many_companies_take_no_more_than_ten_and_a_half_times_the_fuel() {
    let connector = CONNECTWISE.connector().expect("the component");
    let fewer = Companies { count: 20_000 }.read(&connector).await.fuel;
    let more = Companies { count: 200_000 }.read(&connector).await.fuel;
    assert!(
        more * 10 <= fewer * 105,
        "{more} instead of 10 times {fewer}"
    );
}

fn read(usage: &Mutex<Usage>) -> Usage {
    *usage.lock().expect("no test panics with the lock")
}
