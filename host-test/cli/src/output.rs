//! What an operation returns, and how it is printed.

use std::io::{ErrorKind, Result as IoResult, Write as _};
use std::process::ExitCode;

use serde::Serialize;

use crate::connection::Format;
use crate::exit;
use crate::failure::Failure;
use crate::layout::Width;
use crate::terminal::{error_width, output_width};
use crate::text;

/// A result, in the form that was asked for.
pub(crate) struct Output {
    pub(crate) text: String,
    pub(crate) exit_code: u8,
    done: Option<String>,
}

impl Output {
    /// JSON has the names of the contract. Table and CSV must already be safe for a terminal. Only the requested form is
    /// made: formatting a long list takes longer than fetching it.
    pub(crate) fn new(
        format: Format,
        result: &impl Serialize,
        table: impl FnOnce(Width) -> String,
        csv: impl FnOnce() -> String,
        exit_code: u8,
    ) -> Result<Self, Failure> {
        let text = match format {
            Format::Table => table(output_width()),
            Format::Csv => csv(),
            Format::Json => text::json(result).map_err(|error| {
                Failure::defect(format!("the result cannot be written as JSON: {error}"))
            })?,
        };
        Ok(Self {
            text,
            exit_code,
            done: None,
        })
    }

    /// What has one form only.
    pub(crate) fn of_text(text: String) -> Self {
        Self {
            text,
            exit_code: exit::SUCCESS,
            done: None,
        }
    }

    /// For a command that wrote to standard output itself.
    pub(crate) fn nothing() -> Self {
        Self::of_text(String::new())
    }

    /// What the command changed in the PSA, as a sentence. It goes to standard error if the result cannot be printed, so that
    /// nobody repeats the change.
    pub(crate) fn done(self, sentence: String) -> Self {
        Self {
            done: Some(sentence),
            ..self
        }
    }

    pub(crate) fn print(&self) -> ExitCode {
        match write_out(&self.text) {
            Ok(()) => ExitCode::from(self.exit_code),
            // A reader that stops reading, such as `head`, has what it wants. What was changed, it has to be told.
            Err(error) if error.kind() == ErrorKind::BrokenPipe && self.done.is_none() => {
                ExitCode::from(self.exit_code)
            }
            Err(error) => print_failure(
                &Failure::NotPrinted {
                    message: format!("cannot write the result to standard output: {error}"),
                    done: self.done.clone(),
                },
                Format::Table,
            ),
        }
    }
}

/// JSON goes to standard output and text to standard error, also if JSON cannot be written.
pub(crate) fn print_failure(failure: &Failure, format: Format) -> ExitCode {
    if format != Format::Json || write_out(&failure.json()).is_err() {
        let text = failure.text(error_width());
        // If this cannot be written either, there is nowhere left to say so.
        let _ = writeln!(anstream::stderr(), "{text}");
    }
    ExitCode::from(failure.exit_code())
}

fn write_out(text: &str) -> IoResult<()> {
    if text.is_empty() {
        return Ok(());
    }
    let mut output = anstream::stdout().lock();
    writeln!(output, "{}", text.trim_end()).and_then(|()| output.flush())
}
