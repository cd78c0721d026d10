//! `psa-host conform`: reads the component and the cases, lets the kit work, and writes its reports. What is checked and
//! how it is shown is in the library.

use std::fs;
use std::io::IsTerminal as _;
use std::num::NonZeroUsize;
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};
use psa_conformance::{Filter, Options, Progress, Repeat, Report, conform, stale_required};
use psa_host::LoadError;
use psa_recording::{Case, case_files};

use crate::arguments::Conform;
use crate::failure::Failure;
use crate::output::Output;
use crate::{connector_file, csv, exit, text};

#[cfg(test)]
mod tests;

const HINT_OF_CASES: &str = "Name a folder of cases, or one case: a JSON file with an operation, the recorded exchanges and the expected result.";

pub(crate) async fn run(command: Conform) -> Result<Output, Failure> {
    let file = connector_file::of(&command.component)?;
    let component = fs::read(&file).map_err(|source| {
        let path = file.clone();
        Failure::load(&file, &LoadError::File { path, source })
    })?;
    let cases = cases(&command.cases)?;
    // Before the work, so that nobody waits for a report that has no place.
    for path in [&command.html, &command.junit, &command.json_file]
        .into_iter()
        .flatten()
    {
        let opened = fs::OpenOptions::new().create(true).append(true).open(path);
        opened.map_err(|error| not_written(path, &error))?;
    }
    let options = options(&command);
    // The kit has runtimes of its own, which must not start inside of this one.
    let report = tokio::task::spawn_blocking(move || work(&component, &cases, &options))
        .await
        .map_err(|error| Failure::defect(format!("the conformance kit failed: {error}")))?;
    if report.checks.is_empty() {
        return Err(nothing_checked(&command));
    }
    output(&report, &command)
}

/// Every case below the folder, by its path without `.json`, sorted.
fn cases(path: &Path) -> Result<Vec<(String, Case)>, Failure> {
    let usage = |message: String| Failure::usage(message, HINT_OF_CASES);
    let files = case_files(path)
        .map_err(|error| usage(format!("cannot read {}: {error}", path.display())))?;
    if files.is_empty() {
        return Err(usage(format!("{} contains no cases", path.display())));
    }
    let root = if path.is_dir() {
        path
    } else {
        path.parent().unwrap_or(path)
    };
    files
        .iter()
        .map(|file| {
            let case = Case::from_file(file).map_err(|error| unusable(error.to_string()))?;
            if let Some(stale) = stale_required(&case).first() {
                return Err(unusable(format!("{}: {stale}", file.display())));
            }
            let name = file.strip_prefix(root).unwrap_or(file).with_extension("");
            let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
            Ok((parts.join("/"), case))
        })
        .collect()
}

fn unusable(message: String) -> Failure {
    Failure::usage(
        message,
        "Correct the case, or name a folder without this file.",
    )
}

fn options(command: &Conform) -> Options {
    let filter = command.filter.clone().map(|text| {
        if command.exact {
            Filter::Exactly(text)
        } else {
            Filter::Contains(text)
        }
    });
    let usual = Options::default();
    Options {
        filter,
        jobs: command.jobs.map_or(usual.jobs, NonZeroUsize::get),
        ..usual
    }
}

fn work(component: &[u8], cases: &[(String, Case)], options: &Options) -> Report {
    let bar = bar();
    let progress = |progress: Progress| {
        if let Some(bar) = &bar {
            let number = |count| u64::try_from(count).unwrap_or(u64::MAX);
            bar.set_length(number(progress.total));
            bar.set_position(number(progress.done));
            bar.set_message(format!("{} failed", progress.failed));
        }
    };
    let report = conform(component, cases, options, &progress);
    if let Some(bar) = &bar {
        // The result stands alone.
        bar.finish_and_clear();
    }
    report
}

/// Only on a terminal. Without colour, so that `NO_COLOR` has nothing to turn off.
fn bar() -> Option<ProgressBar> {
    const TEMPLATE: &str = "{elapsed} [{bar:30}] {human_pos} of {human_len} checks, {msg}";
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let style = ProgressStyle::with_template(TEMPLATE).ok()?;
    let bar = ProgressBar::new(0).with_message("0 failed");
    Some(bar.with_style(style.progress_chars("=> ")))
}

fn output(report: &Report, command: &Conform) -> Result<Output, Failure> {
    let program = std::env::args_os().next();
    let repeat = Repeat {
        program: program.map_or_else(
            || "psa-host".to_owned(),
            |program| program.to_string_lossy().into_owned(),
        ),
        component: command.component.display().to_string(),
        cases: command.cases.display().to_string(),
    };
    let document = report.document(&repeat);
    if let Some(path) = &command.json_file {
        let json = text::json(&document).map_err(|error| Failure::defect(error.to_string()))?;
        write(path, &json)?;
    }
    if let Some(path) = &command.junit {
        let junit = report.junit(&repeat);
        let junit = junit.map_err(|error| Failure::defect(error.to_string()))?;
        write(path, &junit)?;
    }
    if let Some(path) = &command.html {
        write(path, &report.html(&repeat))?;
    }
    Output::new(
        command.shown.format(),
        &document,
        |_| report.text(&repeat),
        || csv::conformance(report),
        exit::of_conformance(report.is_conformant()),
    )
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| not_written(path, &error))
}

fn not_written(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(
        format!("cannot write {}: {error}", path.display()),
        "Name a file in a folder that you can write to.",
    )
}

fn nothing_checked(command: &Conform) -> Failure {
    let filter = command.filter.as_deref().unwrap_or_default();
    let which = if command.exact { "is" } else { "contains" };
    Failure::usage(
        format!("no check was run: no check has a name that {which} `{filter}`"),
        "A name looks like `faults/verify/ok/1/status-502-html`; --output csv lists all of them. A component that does not load has only a few checks.",
    )
}
