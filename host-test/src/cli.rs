//! From arguments to an exit code. The operations produce an [`output::Output`] or a [`failure::Failure`]; only this
//! file prints.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

mod arguments;
mod board_table;
mod exit;
mod failure;
mod operations;
mod output;
mod settings;
mod tables;
mod text;

use arguments::Arguments;
use failure::Failure;

pub(crate) fn run() -> ExitCode {
    let command = Arguments::parse().command;
    let as_json = command.as_json();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| Failure::defect(format!("cannot start the runtime: {error}")))
        .and_then(|runtime| runtime.block_on(operations::run(command)));
    // A reader that went away, as `head` does, is no failure of ours: what cannot be written is dropped.
    match outcome {
        Ok(output) => {
            let shown = if as_json { output.json } else { output.text };
            let _ = writeln!(std::io::stdout(), "{}", shown.trim_end());
            ExitCode::from(output.exit_code)
        }
        Err(failure) => {
            if as_json {
                let _ = writeln!(std::io::stdout(), "{}", failure.json());
            } else {
                let _ = writeln!(std::io::stderr(), "{}", failure.text().trim_end());
            }
            ExitCode::from(failure.exit_code())
        }
    }
}
