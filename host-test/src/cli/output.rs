//! What an operation hands back to be printed.

use serde::Serialize;

use crate::cli::failure::Failure;
use crate::cli::text;

/// A result in both forms. `json` is the contract's; `text` is for people and already safe for a terminal.
pub(crate) struct Output {
    pub(crate) json: String,
    pub(crate) text: String,
    pub(crate) exit_code: u8,
}

impl Output {
    pub(crate) fn new(
        result: &impl Serialize,
        text: String,
        exit_code: u8,
    ) -> Result<Self, Failure> {
        let json = text::json(result).map_err(|error| {
            Failure::defect(format!("the result cannot be written as JSON: {error}"))
        })?;
        Ok(Self {
            json,
            text,
            exit_code,
        })
    }
}
