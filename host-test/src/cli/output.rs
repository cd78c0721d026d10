//! What an operation hands back to be printed.

use serde::Serialize;

use crate::cli::connection::Format;
use crate::cli::exit;
use crate::cli::failure::Failure;
use crate::cli::text;

/// A result in all forms. `json` is the contract's; `text` is for people and already safe for a terminal, as is `csv`.
pub(crate) struct Output {
    json: String,
    text: String,
    csv: String,
    pub(crate) exit_code: u8,
}

impl Output {
    pub(crate) fn new(
        result: &impl Serialize,
        text: String,
        csv: String,
        exit_code: u8,
    ) -> Result<Self, Failure> {
        let json = text::json(result).map_err(|error| {
            Failure::defect(format!("the result cannot be written as JSON: {error}"))
        })?;
        Ok(Self {
            json,
            text,
            csv,
            exit_code,
        })
    }

    /// What has one form only.
    pub(crate) fn of_text(text: String) -> Self {
        Self {
            json: text.clone(),
            csv: text.clone(),
            text,
            exit_code: exit::SUCCESS,
        }
    }

    pub(crate) fn shown(&self, format: Format) -> &str {
        match format {
            Format::Table => &self.text,
            Format::Json => &self.json,
            Format::Csv => &self.csv,
        }
    }
}
