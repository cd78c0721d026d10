//! What an operation hands back to be printed.

use serde::Serialize;

use crate::connection::Format;
use crate::exit;
use crate::failure::Failure;
use crate::text;

/// A result, in the form that was asked for.
pub(crate) struct Output {
    pub(crate) text: String,
    pub(crate) exit_code: u8,
}

impl Output {
    /// JSON is the contract's. The table is for people and already safe for a terminal, as is CSV. Only what is asked for is
    /// made: the table of a long list takes longer than the list.
    pub(crate) fn new(
        format: Format,
        result: &impl Serialize,
        table: impl FnOnce() -> String,
        csv: impl FnOnce() -> String,
        exit_code: u8,
    ) -> Result<Self, Failure> {
        let text = match format {
            Format::Table => table(),
            Format::Csv => csv(),
            Format::Json => text::json(result).map_err(|error| {
                Failure::defect(format!("the result cannot be written as JSON: {error}"))
            })?,
        };
        Ok(Self { text, exit_code })
    }

    /// What has one form only.
    pub(crate) fn of_text(text: String) -> Self {
        Self {
            text,
            exit_code: exit::SUCCESS,
        }
    }
}
