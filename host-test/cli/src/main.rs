//! `psa-host`, the command line: from arguments to an exit code. The operations produce an [`output::Output`] or a
//! [`failure::Failure`]; only this file prints results; what is shown while a command works is in `watch.rs`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

mod arguments;
mod assets;
mod attach;
mod backend;
mod board_table;
mod case;
mod choice;
mod close;
mod companies;
mod conform;
mod connection;
mod contacts;
mod create;
mod csv;
mod draft;
mod exit;
mod failure;
mod find;
mod given;
mod listing;
mod names;
mod note;
mod of_company;
mod operations;
mod output;
mod pages;
mod private_file;
mod scrub;
mod secret_file;
mod settings;
mod sites;
mod status;
mod tables;
mod tenant;
mod test_ticket;
mod text;
mod watch;

use arguments::Arguments;
use connection::Format;
use failure::Failure;

fn main() -> ExitCode {
    let command = Arguments::parse().command;
    let format = command.format();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::defect(format!("cannot start the runtime: {error}")))
        .and_then(|runtime| runtime.block_on(operations::run(command)));
    // A reader that went away, as `head` does, is no failure of ours: what cannot be written is dropped.
    match outcome {
        Ok(output) => {
            let shown = output.text.trim_end();
            let _ = writeln!(std::io::stdout(), "{shown}");
            ExitCode::from(output.exit_code)
        }
        Err(failure) => {
            if format == Format::Json {
                let _ = writeln!(std::io::stdout(), "{}", failure.json());
            } else {
                let _ = writeln!(std::io::stderr(), "{}", failure.text().trim_end());
            }
            ExitCode::from(failure.exit_code())
        }
    }
}
