//! `make bench`: what the sandbox costs, and how near that is to what was set as a goal. Prints one table, and writes it to
//! `target/bench/` as JSON and as a chart.
//!
//! Every comparison is a ratio of things done in turn in the same run, so that it holds on a machine that others use, too.
//! No time is asserted here: what must hold is counted in `tests/tests/suite/fuel.rs`.

mod chart;
mod goal;
mod in_turn;
mod listing;
mod loading;
mod network;
mod sizes;
mod verifying;

use std::fs;
use std::time::Duration;

use criterion::Criterion;
use goal::{at_most, noted};
use psa_tests::workspace;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    let mut goals = Vec::new();
    goals.extend(listing::goals(&mut criterion, &runtime));
    goals.extend(verifying::goals(&mut criterion, &runtime));
    goals.extend(loading::goals(&mut criterion, &runtime));
    goals.extend(sizes::goals(&runtime));
    goals.extend(network::goals(&runtime));
    criterion.final_summary();
    println!("\n{}", goal::table(&goals));
    let folder = workspace().join("target/bench");
    fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, text: String| fs::write(folder.join(name), text).expect("a file");
    write("speed.json", goal::json(&goals));
    write("speed.svg", chart::svg(&goals));
    println!("Written: target/bench/speed.json, target/bench/speed.svg");
}
