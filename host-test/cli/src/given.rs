//! Values that an argument names instead of holding them: a text or a file from standard input (`-`), JSON from a file
//! (`@FILE`). Arguments are visible to other users, are limited in length, and are hard to quote.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

/// `argument` is named in messages.
pub(crate) fn text(argument: &str, value: &str) -> Result<String, Failure> {
    if value == "-" {
        file(argument, Path::new(value))
    } else {
        Ok(value.to_owned())
    }
}

pub(crate) fn optional_text(
    argument: &str,
    value: Option<&str>,
) -> Result<Option<String>, Failure> {
    value.map(|value| text(argument, value)).transpose()
}

/// JSON does not begin with `@`.
pub(crate) fn vendor_fields(value: Option<&str>) -> Result<Option<String>, Failure> {
    let Some(value) = value else { return Ok(None) };
    match value.strip_prefix('@') {
        Some(path) => file("--vendor-fields", Path::new(path)).map(Some),
        None => Ok(Some(value.to_owned())),
    }
}

/// A file's text, or that of standard input if it is `-`. A byte order mark, which some editors put before the text, is
/// left out, and so is the line end behind it.
pub(crate) fn file(argument: &str, path: &Path) -> Result<String, Failure> {
    let (text, place) = if path == Path::new("-") {
        (standard_input(), "standard input".to_owned())
    } else {
        let text = fs::read_to_string(path).map_err(|error| error.to_string());
        (text, path.display().to_string())
    };
    let text = text.map_err(|problem| {
        Failure::usage(
            format!("{argument}: cannot read {place}: {problem}"),
            "Name a UTF-8 text file, or `-` for standard input.",
        )
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let text = text.strip_suffix('\n').unwrap_or(text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// A second reader would get nothing, and nobody would notice.
pub(crate) fn standard_input() -> Result<String, String> {
    static WAS_READ: AtomicBool = AtomicBool::new(false);
    if WAS_READ.swap(true, Ordering::Relaxed) {
        return Err("another argument has read it: only one can".to_owned());
    }
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map(|_| text).map_err(|error| error.to_string())
}
