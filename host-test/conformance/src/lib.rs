//! The conformance kit: tests whether a connector keeps the contract, with recorded cases only. It needs no network, no
//! tenant and no source code.
//!
//! In scope: [`conform`] calls a component thousands of times, answered from its author's cases with faults put into them,
//! and returns a [`Report`] with what was expected and what came. `Report::text` shows it on a terminal; the features `html`
//! and `junit` add a page and a file for CI systems.
//!
//! Out of scope: the network, a tenant, the connector's sources, and anything about a vendor: the cases say what an answer is
//! for and what it must hold, and `outcomes.txt` says which outcome is right.
//!
//! ```no_run
//! use psa_conformance::{Options, conform};
//! use psa_recording::{Case, case_files};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let component = std::fs::read("halopsa.wasm")?;
//! let mut cases = Vec::new();
//! for file in case_files("cases".as_ref())? {
//!     cases.push((file.display().to_string(), Case::from_file(&file)?));
//! }
//! let report = conform(&component, &cases, &Options::default(), &|_progress| ());
//! for check in report.failed() {
//!     println!("{}: {:?}", check.name, check.problems);
//! }
//! assert!(report.is_conformant());
//! # Ok(())
//! # }
//! ```
#![deny(missing_docs)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

#[cfg(test)]
use psa_host::is_obeyed;
use psa_host::{Connector, Limits, visible};
use psa_recording::Case;

// Each area of checks is a file that turns the cases into tasks; `conform` runs them.
mod arguments;
mod body_fault;
mod canary;
mod closed_statuses;
mod described_fields;
mod description;
mod false_success;
mod fault;
mod faults;
mod fields;
mod input;
mod isolation;
mod judge;
mod list_rows;
mod marks;
mod needed_rights;
mod operations;
mod outcomes;
mod perform;
mod reach;
mod recorded;
mod renewal;
mod renewal_rules;
mod renewal_script;
mod report;
mod required;
mod resources;
mod results;
mod rows;
mod rules;
mod secrets;
mod stage;
mod stand;
mod structure;
mod task;
mod token;
mod writes;

pub use operations::OF_EVERY_CONNECTOR;
pub use perform::perform;
pub use report::{Area, Cell, Check, Document, Problem, Repeat, Report, Rule, Unreached};
pub use required::stale_required;

use stand::Stand;
use task::Task;

/// What to run, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Only run the checks whose names match. None: all.
    pub filter: Option<Filter>,
    /// How many calls run at once. At least one is used.
    pub jobs: usize,
    /// The largest component that is accepted.
    pub maximum_component_bytes: usize,
    /// The limits of one call.
    pub limits: Limits,
}

/// Which checks run, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Those whose name contains this.
    Contains(String),
    /// The one with this name.
    Exactly(String),
}

/// The progress of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Checks that are done.
    pub done: usize,
    /// Checks there are.
    pub total: usize,
    /// Checks that failed.
    pub failed: usize,
}

impl Default for Options {
    /// All checks on as many threads as the machine has, for a component of 1 MiB at most. A call may take 64 MiB of
    /// memory, and five billion units of fuel: some three hundred for each byte of an answer of 16 MiB.
    fn default() -> Self {
        Self {
            filter: None,
            jobs: std::thread::available_parallelism().map_or(1, usize::from),
            maximum_component_bytes: 1 << 20,
            limits: Limits {
                memory_bytes: 64 << 20,
                fuel: 5_000_000_000,
                ..Limits::default()
            },
        }
    }
}

impl Filter {
    fn fits(&self, name: &str) -> bool {
        match self {
            Self::Contains(part) => name.contains(part.as_str()),
            Self::Exactly(whole) => name == whole,
        }
    }
}

/// Tests a component against the contract, with these cases and their names. `progress` is called after every check, on the
/// thread that made it.
///
/// If a component cannot be loaded or does not describe itself, no further checks are made.
#[must_use]
pub fn conform(
    component: &[u8],
    cases: &[(String, Case)],
    options: &Options,
    progress: &(dyn Fn(Progress) + Sync),
) -> Report {
    let started = Instant::now();
    let loaded = Connector::from_bytes(component);
    let of_structure = structure::tasks(component, &loaded, options);
    // Where it does not load, the checks of its structure say why.
    let stand = loaded
        .ok()
        .map(|connector| Stand::new(connector, cases, options.limits.clone()));
    let mut tasks = of_structure;
    match &stand {
        Some(Ok(stand)) => tasks.extend(of_behaviour(stand)),
        Some(Err(found)) => tasks.push(description::cannot_be_read(found)),
        None => {}
    }
    if let Some(filter) = &options.filter {
        tasks.retain(|task| filter.fits(&task.name));
    }
    let checks = run(tasks, options.jobs, progress);
    Report {
        connector: match &stand {
            Some(Ok(stand)) => {
                let described = &stand.description;
                format!("{} {}", described.vendor, described.version)
            }
            _ => String::new(),
        },
        component_bytes: component.len(),
        cases: cases.len(),
        is_filtered: options.filter.is_some(),
        unreached: match &stand {
            Some(Ok(stand)) => {
                let cases = stand.cases.iter().map(|prepared| &prepared.case);
                reach::unreached(&stand.description.operations, cases)
            }
            _ => Vec::new(),
        },
        unreached_faults: match &stand {
            Some(Ok(stand)) if options.filter.is_none() => {
                Some(reach::unreached_faults(stand, &checks))
            }
            _ => None,
        },
        checks,
        elapsed: started.elapsed(),
    }
}

fn of_behaviour(stand: &Stand) -> Vec<Task<'_>> {
    let areas = [
        description::tasks,
        operations::tasks,
        needed_rights::tasks,
        recorded::tasks,
        input::tasks,
        faults::tasks,
        rows::tasks,
        writes::tasks,
        false_success::tasks,
        renewal::tasks,
        isolation::tasks,
        resources::tasks,
    ];
    areas.into_iter().flat_map(|area| area(stand)).collect()
}

fn run(tasks: Vec<Task<'_>>, jobs: usize, progress: &(dyn Fn(Progress) + Sync)) -> Vec<Check> {
    let total = tasks.len();
    let done = AtomicUsize::new(0);
    let failed = AtomicUsize::new(0);
    let run_all = || {
        tasks
            .into_par_iter()
            .map(|task| {
                let check = task.run();
                let failed = failed
                    .fetch_add(usize::from(!check.problems.is_empty()), Ordering::Relaxed)
                    + usize::from(!check.problems.is_empty());
                let done = done.fetch_add(1, Ordering::Relaxed) + 1;
                progress(Progress {
                    done,
                    total,
                    failed,
                });
                check
            })
            .collect()
    };
    match ThreadPoolBuilder::new().num_threads(jobs.max(1)).build() {
        Ok(pool) => pool.install(run_all),
        // No thread could be started: this one still runs.
        Err(_) => run_all(),
    }
}
