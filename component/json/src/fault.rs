//! Why a text is no JSON.

use alloc::string::{String, ToString};
use core::str::Utf8Error;

/// Where a text stops being JSON.
#[derive(Debug)]
pub struct Fault {
    line: usize,
    column: usize,
    is_end: bool,
}

impl Fault {
    /// Whether the text is JSON as far as it goes, and ends too early.
    #[must_use]
    pub fn is_end(&self) -> bool {
        self.is_end
    }

    /// Where it is: `line 3 column 7`.
    #[must_use]
    pub fn place(&self) -> String {
        let (line, column) = (self.line.to_string(), self.column.to_string());
        ["line ", &line, " column ", &column].concat()
    }

    /// Of a text with bytes that are no UTF-8.
    pub(crate) fn of_bytes(text: &[u8], fault: &Utf8Error) -> Self {
        let before = text.get(..fault.valid_up_to()).unwrap_or_default();
        let last_line = before.rsplit(|byte| *byte == b'\n').next();
        let line_breaks = before.iter().filter(|byte| **byte == b'\n').count();
        Self {
            line: line_breaks.saturating_add(1),
            column: last_line.unwrap_or_default().len().saturating_add(1),
            is_end: fault.error_len().is_none(),
        }
    }
}

impl From<serde_json::Error> for Fault {
    fn from(fault: serde_json::Error) -> Self {
        Self {
            line: fault.line(),
            column: fault.column(),
            is_end: fault.is_eof(),
        }
    }
}
