//! Several ways to do the same, timed in turn: one of each, again and again, so that whatever slows the machine down slows
//! all of them. Criterion says how often; the numbers that are compared are taken here.

use std::time::{Duration, Instant};

use criterion::Criterion;

/// The medians of several ways: seconds, and how they compare in each turn.
pub(crate) struct Times {
    /// By turn, seconds of each way.
    turns: Vec<Vec<f64>>,
}

/// Times the ways in turn. Criterion shows the first one.
pub(crate) fn in_turn(
    criterion: &mut Criterion,
    name: &str,
    ways: &mut [&mut dyn FnMut()],
) -> Times {
    let mut turns = Vec::new();
    criterion.bench_function(name, |bencher| {
        bencher.iter_custom(|count| {
            let mut of_the_first = Duration::ZERO;
            for _ in 0..count {
                let turn: Vec<Duration> = ways.iter_mut().map(|way| time(way)).collect();
                of_the_first += turn[0];
                turns.push(turn.iter().map(Duration::as_secs_f64).collect());
            }
            of_the_first
        });
    });
    Times { turns }
}

fn time(way: &mut dyn FnMut()) -> Duration {
    let started = Instant::now();
    way();
    started.elapsed()
}

impl Times {
    /// The median of one way, in seconds.
    pub(crate) fn seconds(&self, way: usize) -> f64 {
        median(self.turns.iter().map(|turn| turn[way]))
    }

    /// The median of how many times as long one way took as the other did in the same turn.
    pub(crate) fn ratio(&self, way: usize, other: usize) -> f64 {
        median(self.turns.iter().map(|turn| turn[way] / turn[other]))
    }

    /// The median of how much longer, in seconds.
    pub(crate) fn difference(&self, way: usize, other: usize) -> f64 {
        median(self.turns.iter().map(|turn| turn[way] - turn[other]))
    }
}

fn median(numbers: impl Iterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
