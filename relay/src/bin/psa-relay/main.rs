//! The command line of the relay: it reads arguments, calls the library, and prints what came of it.

mod arguments; // What may be typed.
mod commands; // What each command does.
mod demo; // `demo`.
mod log; // Where the log goes.
mod output; // What is printed, and what ends a command.
mod run; // `serve`.

use std::process::ExitCode;

use clap::Parser as _;

use arguments::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::start(&arguments);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("psa-relay: no threads can be had: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(commands::perform(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::report(&error);
            ExitCode::FAILURE
        }
    }
}
