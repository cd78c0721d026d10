//! Values that an argument names instead of holding them: a text or a file from standard input (`-`), JSON from a file
//! (`@FILE`). Arguments are visible to other users, are limited in length, and are hard to quote.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;
use crate::text_file;

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

/// A file's text, or that of standard input if it is `-`. The line end behind it is left out.
pub(crate) fn file(argument: &str, path: &Path) -> Result<String, Failure> {
    let (text, place) = if path == Path::new("-") {
        (standard_input(), "standard input".to_owned())
    } else {
        (text_file::read(path), path.display().to_string())
    };
    let text = text.map_err(|problem| {
        Failure::usage(
            format!("{argument}: cannot read {place}: {problem}"),
            "Name a text file, or `-` for standard input.",
        )
    })?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// A second reader would get nothing, and nobody would notice.
pub(crate) fn standard_input() -> Result<String, String> {
    static WAS_READ: AtomicBool = AtomicBool::new(false);
    if WAS_READ.swap(true, Ordering::Relaxed) {
        return Err("another argument has read it: only one can".to_owned());
    }
    text_file::read_all(std::io::stdin())
}
