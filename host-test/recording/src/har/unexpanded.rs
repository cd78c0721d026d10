//! A scrubbed archive with its placeholders, for a case to be made of it.

use crate::exchange::Exchange;
use crate::har::document::Entry;
use crate::har::numbers::Numbers;
use crate::har::read::{Reading, parse};
use crate::har::scrub::PROGRAM;
use crate::recording::RecordingError;

/// A scrubbed archive with its placeholders, for a case to be made of it.
pub(crate) struct Unexpanded {
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) rounds: usize,
    /// Program and day.
    pub(crate) recorded: String,
}

/// The same as [`har_exchanges`], but placeholders stay.
pub(crate) fn unexpanded(file: &str, text: &str) -> Result<Unexpanded, RecordingError> {
    let log = parse(file, text)?;
    if log.scrubbed_by.is_none() {
        return Err(RecordingError {
            file: file.to_owned(),
            place: "log".to_owned(),
            problem: "the archive was not scrubbed, so it may hold secrets".to_owned(),
        });
    }
    let is_own = log.creator.name == PROGRAM;
    let reading = Reading {
        placeholders: None,
        anything: Numbers::new(&log.entries).anything(),
        compares_headers: is_own,
    };
    let found = reading.exchanges(file, &log)?;
    let mut entries: Vec<&Entry> = found.iter().map(|(entry, _)| *entry).collect();
    let started = entries
        .first()
        .map_or("", |entry| entry.started_date_time.as_str());
    let day = started.split('T').next().unwrap_or_default();
    let recorded = format!("{} {} on {day}", log.creator.name, log.creator.version);
    if is_own {
        // The entries of one round began together and took as long as it did.
        entries.dedup_by(|a, b| a.started_date_time == b.started_date_time && a.time == b.time);
    }
    Ok(Unexpanded {
        rounds: entries.len(),
        recorded,
        exchanges: found.into_iter().map(|(_, exchange)| exchange).collect(),
    })
}
