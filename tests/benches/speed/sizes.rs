//! Size of the component, memory, and how time grows with a list.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use psa_tests::CONNECTWISE;
use psa_tests::companies::Companies;
use tokio::runtime::Runtime;

use crate::at_most;
use crate::goal::Goal;

/// How often the two lists are read in turn.
const TURNS: usize = 5;

pub(crate) fn goals(runtime: &Runtime) -> Vec<Goal> {
    let connector = CONNECTWISE.connector().expect("the component");
    let bytes = CONNECTWISE.bytes().expect("the component");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes).expect("memory");
    let zipped = gzip.finish().expect("memory");
    let mut ratios: Vec<f64> = (0..TURNS)
        .map(|_| {
            let time = |count| runtime.block_on(Companies { count }.read(&connector)).time;
            let fewer = time(20_000);
            time(200_000).as_secs_f64() / fewer.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let reading = Companies { count: 10_000 }.read(&connector);
    let memory_bytes = runtime.block_on(reading).memory_bytes;
    vec![
        // Its budget: the build refuses more.
        at_most("Component", bytes.len() as f64 / 1e3, 605.0, "kB"),
        at_most("Component, gzip", zipped.len() as f64 / 1e3, 238.0, "kB"),
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
