//! Cleans an archive, whatever program made it: first learns what in it is secret, then removes that from every text.

use serde_json::Value;

use crate::har::learnt::Learnt;
use crate::har::secrets::Scrubber;
use crate::har::walk::Walk;

/// Why an archive cannot be cleaned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ScrubError(String);

impl ScrubError {
    pub(super) fn new(message: String) -> Self {
        Self(message)
    }
}

/// The field of `log` that says that `{{…}}` in the archive are placeholders.
pub(super) const SCRUBBED_BY: &str = "_scrubbedBy";

/// This program, as an archive names what wrote it.
pub(super) const PROGRAM: &str = "psa-host";

/// The archive without secrets, as indented JSON. What it holds beside is kept. Cleaning it again changes nothing.
///
/// Gone are: the values that the scrubber knows; the values of headers, cookies, query parameters and members, and of
/// members and fields inside of bodies of JSON and forms, whose name says that they are credentials; what looks like the
/// value of Authorization; all strings in the bodies of an exchange that is marked as secret. Whatever of it has four bytes
/// or more is gone from everywhere in the archive, in every encoding. A body keeps its form: strings become placeholders,
/// numbers stay.
///
/// What a placeholder stands for is put in its place again when the archive is replayed. `{{removed-1}}` stands for one
/// value in the whole archive: if a response gave it to the client, it becomes the text `removed-1`, which the client then
/// sends where it sent the value; if the client sent it first, it counts as anything, as `{{removed}}` does.
///
/// # Errors
/// The text is not JSON, or has no `log` with `entries`.
pub fn scrub_har(text: &str, scrubber: &Scrubber) -> Result<String, ScrubError> {
    let archive: Value = serde_json::from_str(without_mark(text))
        .map_err(|error| ScrubError(format!("this is not JSON: {error}")))?;
    scrub_value(archive, scrubber)
}

pub(super) fn scrub_value(archive: Value, scrubber: &Scrubber) -> Result<String, ScrubError> {
    let log = archive.get("log");
    let has_entries = log.and_then(|log| log.get("entries")?.as_array());
    if has_entries.is_none() {
        let message = "this is not an HTTP Archive: it has no `log.entries`";
        return Err(ScrubError(message.to_owned()));
    }
    let has_placeholders = log.is_some_and(|log| log.get(SCRUBBED_BY).is_some());
    let mut cleaned = clean(&archive, scrubber, has_placeholders);
    if let Some(log) = cleaned.get_mut("log").and_then(Value::as_object_mut) {
        let program = format!("{PROGRAM} {}", env!("CARGO_PKG_VERSION"));
        log.insert(SCRUBBED_BY.to_owned(), program.into());
    }
    let mut text = serde_json::to_string_pretty(&cleaned)
        .map_err(|error| ScrubError(format!("the archive cannot be written: {error}")))?;
    text.push('\n');
    Ok(text)
}

/// The same of any JSON that holds requests, for looking for what would change.
pub(super) fn clean(document: &Value, scrubber: &Scrubber, has_placeholders: bool) -> Value {
    let entries = document.pointer("/log/entries").and_then(Value::as_array);
    let entries = entries.map(Vec::as_slice).unwrap_or_default();
    let urls = entries
        .iter()
        .filter_map(|entry| entry.pointer("/request/url")?.as_str());
    let urls: Vec<&str> = urls.collect();
    let learnt = Learnt::new(scrubber, has_placeholders);
    let walk = Walk {
        scrubber,
        learnt: Some(&learnt),
        urls: &urls,
        has_placeholders,
        is_in_secret_entry: false,
        is_secret: false,
    };
    // The result of this walk is discarded: it may hold what is only learnt later.
    walk.value("", document.clone());
    let walk = Walk {
        scrubber: &learnt.scrubber(document),
        learnt: None,
        ..walk
    };
    walk.value("", document.clone())
}

/// Some programs begin a file with a byte order mark.
pub(super) fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

#[cfg(test)]
mod body_tests;
#[cfg(test)]
mod secret_exchange_tests;
#[cfg(test)]
mod tests;
