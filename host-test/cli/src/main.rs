//! `psa-host`, the command line: from arguments to an exit code. The operations produce an [`output::Output`] or a
//! [`failure::Failure`]; `output.rs` prints both; `watch.rs` shows progress.

use std::process::ExitCode;

use clap::Parser as _;

mod arguments;
mod assets;
mod attach;
mod backend;
mod board_table;
mod candidate;
mod case;
mod cells;
mod choice;
mod close;
mod closed_output;
mod companies;
mod conform;
mod conform_host;
mod connection;
mod connector_file;
mod contacts;
mod create;
mod csv;
mod draft;
mod error_text;
mod exit;
mod failure;
mod find;
mod flags;
mod given;
mod layout;
mod listing;
mod lookalike;
mod mcp;
mod names;
mod note;
mod of_company;
mod operations;
mod output;
mod pages;
mod permission;
mod private_file;
mod scrub;
mod secret_file;
mod settings;
mod sites;
mod sources;
mod status;
mod tables;
mod template;
mod tenant;
mod terminal;
mod test_ticket;
mod text;
mod text_file;
mod ticket_id;
mod usage;
mod verification;
mod verify;
mod verify_all;
mod warning;
mod watch;

use arguments::Arguments;
use connection::Format;
use failure::Failure;

fn main() -> ExitCode {
    if let Some(failure) = closed_output::refused() {
        return output::print_failure(&failure, Format::Table);
    }
    let words: Vec<_> = std::env::args_os().collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        Err(error) => return usage::end(&error, &words),
    };
    terminal::choose_color(arguments.color);
    let format = arguments.command.format();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::defect(format!("cannot start the runtime: {error}")))
        .and_then(|runtime| runtime.block_on(operations::run(arguments.command)));
    match outcome {
        Ok(output) => output.print(),
        Err(failure) => output::print_failure(&failure, format),
    }
}
