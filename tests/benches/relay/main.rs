//! `make bench`: what the relay can take, how soon an alert is a ticket, and what a hundred thousand waiting cases cost. The
//! real program, built for release, over loopback. Prints a table, and writes it to `target/bench/relay.json`.
//!
//! Nothing is asserted here. What depends on the disk is compared in turn, in the same run, with a bare loop on the same disk.

#[path = "../speed/goal.rs"]
mod goal;
#[path = "../../tests/relay/places.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod places;
#[path = "../../tests/relay/program.rs"]
#[allow(dead_code, reason = "the tests need more of it")]
mod program;

mod bare; // What inserts and syncs in groups, and does nothing else.
mod load; // Many connections that send as fast as they are answered.
mod several; // Three relays on one database against one.
mod soon; // From an alert to its ticket.
mod waiting; // Many cases while the PSA is down.

use std::fs;

use goal::{at_most, noted};
use psa_tests::workspace;

/// So that nothing waits for the times of a real PSA.
const QUICK: &str = "settling = 2\ncall-limit = 20\nlease = 60\nshortest-pause = 0.5\nlongest-pause = 5\n\
                     watch-every = 3600\nverify-every = 1";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [command, folder, kept] = &*arguments
        && command == bare::SERVE
    {
        bare::serve(folder.as_ref(), kept);
    }
    // `cargo bench … -- intake` measures only that.
    let is_wanted = |name: &str| {
        let mut names = arguments.iter().filter(|it| !it.starts_with('-'));
        names.clone().next().is_none() || names.any(|it| it == name)
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    let mut goals = Vec::new();
    if is_wanted("intake") {
        goals.extend(runtime.block_on(load::goals()));
    }
    if is_wanted("several") {
        goals.extend(runtime.block_on(several::goals()));
    }
    if is_wanted("ticket") {
        goals.extend(runtime.block_on(soon::goals()));
    }
    if is_wanted("waiting") {
        goals.extend(runtime.block_on(waiting::goals()));
    }
    println!("\n{}", goal::table(&goals));
    let folder = workspace().join("target/bench");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("relay.json"), goal::json(&goals)).expect("a file");
    println!("Written: target/bench/relay.json");
}

/// The one in the middle.
fn median(mut measured: Vec<f64>) -> f64 {
    measured.sort_by(f64::total_cmp);
    measured[measured.len() / 2]
}
