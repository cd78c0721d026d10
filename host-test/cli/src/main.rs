//! `psa-host`: the library on the command line. Reading arguments and showing results is all that lives here.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run()
}
