//! From the file of a component to its first result: with its code from the cache against compiling it.

use std::hint::black_box;

use criterion::Criterion;
use psa_host::{CodeCache, Connector, Limits, NoHttp};
use psa_tests::{CONNECTWISE, workspace};
use tokio::runtime::Runtime;

use crate::at_most;
use crate::goal::Goal;
use crate::in_turn::in_turn;

pub(crate) fn goals(criterion: &mut Criterion, runtime: &Runtime) -> Vec<Goal> {
    CONNECTWISE.bytes().expect("a component of these sources");
    let file = workspace().join("target/connectwise-psa.wasm");
    let folder = tempfile::tempdir().expect("a folder");
    let cache = CodeCache::at(folder.path().join("cache"));
    let describe = |connector: Connector| {
        let description = connector.call(NoHttp, Limits::default()).describe();
        black_box(runtime.block_on(description).expect("a description"));
    };
    let mut from_the_cache = || {
        describe(Connector::from_file_cached(&file, &cache).expect("a connector"));
    };
    let mut compiled = || describe(Connector::from_file(&file).expect("a connector"));
    from_the_cache();
    let times = in_turn(
        criterion,
        "from the cache to the first result",
        &mut [&mut from_the_cache, &mut compiled],
    );
    vec![
        at_most(
            "From the cache to the first result",
            times.seconds(0) * 1e3,
            1.0,
            "ms",
        ),
        at_most(
            "From the cache, against compiling",
            times.ratio(0, 1),
            0.1,
            "times",
        ),
    ]
}
