//! Recordings: what a PSA answered to which requests, as JSON files.
//!
//! A file is read by [`Recording::parse`] and becomes exchanges once the settings are known, since its placeholders
//! stand for them. CONTRIBUTING.md describes the format.

use std::path::Path;

use crate::document::{
    AnswerDocument, Document, ExchangeDocument, ListedExchange, RequestDocument,
};
use crate::exchange::{Exchange, LookUpAnswers, RecordedRequest, Role};
use crate::placeholder::Placeholders;

mod fields;
mod shared;

use fields::{NOT_ONE_ANSWER, expand_pairs, read_answer, read_body, read_response};

pub(crate) use shared::FOLDER as SHARED_FOLDER;

/// A recording, its placeholders not yet replaced.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The file, for messages.
    pub file: String,
    /// Why it exists.
    pub docs: String,
    /// Where it was recorded, or what it was composed from.
    pub provenance: String,
    base_url: Option<String>,
    request_headers: Vec<(String, Option<String>)>,
    exchanges: Vec<Entry>,
}

/// What is in the list of exchanges.
#[derive(Clone, Debug)]
enum Entry {
    Own(Box<ExchangeDocument>),
    /// The recording of one exchange that was named, and the answer that replaces its own.
    Shared(Box<Recording>, AnswerDocument),
}

/// A file that is not a recording or a case.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{file}: {}{problem}", place_with_colon(.place))]
pub struct RecordingError {
    /// The file.
    pub file: String,
    /// Where in it: `exchanges[3].request.query`. Empty: the whole.
    pub place: String,
    /// What is wrong.
    pub problem: String,
}

impl Recording {
    /// Reads a recording, or a case as a recording.
    ///
    /// # Errors
    /// The file cannot be read, or see [`Recording::parse`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, RecordingError> {
        let (file, text) = read(path.as_ref())?;
        Self::parse_at(&file, &text, Some(path.as_ref()))
    }

    /// The same of text; `file` is used in messages only. Shared exchanges are found beside a file, so text cannot name
    /// any.
    ///
    /// # Errors
    /// Not JSON, a field that is unknown, missing or of the wrong type: with its place.
    pub fn parse(file: &str, text: &str) -> Result<Self, RecordingError> {
        Self::parse_at(file, text, None)
    }

    /// With the path of the file, from which shared exchanges are looked for.
    pub(crate) fn parse_at(
        file: &str,
        text: &str,
        path: Option<&Path>,
    ) -> Result<Self, RecordingError> {
        Self::from_document(file, parse_document(file, text)?, path)
    }

    /// The exchanges with these values in the places of the placeholders.
    ///
    /// # Errors
    /// The first exchange that is not one, or whose placeholder names no setting.
    pub fn exchanges(&self, placeholders: &Placeholders) -> Result<Vec<Exchange>, RecordingError> {
        let mut exchanges = Vec::new();
        for (index, entry) in self.exchanges.iter().enumerate() {
            let error = |place: &str, problem: String| RecordingError {
                file: self.file.clone(),
                place: format!("exchanges[{index}]{place}"),
                problem,
            };
            match entry {
                Entry::Own(exchange) => exchanges.push(
                    self.exchange(exchange, placeholders)
                        .map_err(|(place, problem)| error(&format!(".{place}"), problem))?,
                ),
                Entry::Shared(shared, own) => {
                    let answer = read_answer(own, placeholders)
                        .map_err(|(place, problem)| error(&format!(".{place}"), problem))?;
                    let mut found = shared
                        .exchanges(placeholders)
                        .map_err(|problem| error("", problem.to_string()))?;
                    if let (Some(answer), [exchange]) = (answer, found.as_mut_slice()) {
                        exchange.answer = answer;
                        exchange.required.clone_from(&own.required);
                    }
                    exchanges.append(&mut found);
                }
            }
        }
        Ok(exchanges)
    }

    pub(crate) fn from_document(
        file: &str,
        document: Document,
        path: Option<&Path>,
    ) -> Result<Self, RecordingError> {
        let entries = document.exchanges.into_iter().enumerate();
        let exchanges = entries.map(|(index, listed)| match listed {
            ListedExchange::Whole(exchange) => Ok(Entry::Own(exchange)),
            ListedExchange::Shared(shared) => shared::find(&shared.name, path)
                .map(|found| Entry::Shared(Box::new(found), shared.answer))
                .map_err(|problem| RecordingError {
                    file: file.to_owned(),
                    place: format!("exchanges[{index}].shared"),
                    problem,
                }),
        });
        Ok(Self {
            file: file.to_owned(),
            docs: document.docs,
            provenance: document.provenance,
            base_url: document.base_url,
            request_headers: document.request_headers.0,
            exchanges: exchanges.collect::<Result<_, _>>()?,
        })
    }

    fn exchange(
        &self,
        exchange: &ExchangeDocument,
        placeholders: &Placeholders,
    ) -> Result<Exchange, (&'static str, String)> {
        let request = self
            .request(&exchange.request, placeholders)
            .map_err(|problem| ("request", problem))?;
        let answer = read_answer(&exchange.answer, placeholders)?
            .ok_or_else(|| ("response", NOT_ONE_ANSWER.to_owned()))?;
        let look_up = exchange.look_up.as_ref().map(|look_up| {
            if exchange.role != Role::Write {
                return Err("only a write has one".to_owned());
            }
            Ok(LookUpAnswers {
                if_committed: read_response(&look_up.if_committed, placeholders)?,
                if_not_committed: read_response(&look_up.if_not_committed, placeholders)?,
            })
        });
        Ok(Exchange {
            role: Some(exchange.role),
            request,
            answer,
            required: exchange.answer.required.clone(),
            is_spare: exchange.spare,
            look_up: look_up
                .transpose()
                .map_err(|problem| ("look-up", problem))?,
        })
    }

    fn request(
        &self,
        request: &RequestDocument,
        placeholders: &Placeholders,
    ) -> Result<RecordedRequest, String> {
        let path = placeholders.expand(&request.path)?;
        if path.contains(['?', '#']) {
            return Err("`path` holds a query or a fragment; a query goes into `query`".to_owned());
        }
        let url = if path.starts_with("https://") {
            path
        } else if path.starts_with('/') {
            let base = self
                .base_url
                .as_deref()
                .ok_or("`path` is relative and there is no `base-url`")?;
            format!("{}{path}", placeholders.expand(base)?)
        } else {
            return Err("`path` starts neither with / nor with https://".to_owned());
        };
        let own = &request.headers.0;
        let shared = self.request_headers.iter().filter(|(name, _)| {
            !own.iter()
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
        });
        let headers = shared
            .chain(own)
            .map(|(name, value)| {
                let value = value.as_deref().map(|value| placeholders.expand(value));
                Ok((name.clone(), value.transpose()?))
            })
            .collect::<Result<_, String>>()?;
        Ok(RecordedRequest {
            method: request.method.clone(),
            url,
            query: expand_pairs(&request.query.0, placeholders)?,
            headers,
            body: read_body(request, placeholders)?,
        })
    }
}

pub(crate) fn read(path: &Path) -> Result<(String, String), RecordingError> {
    let file = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((file, text)),
        Err(error) => Err(RecordingError {
            file,
            place: String::new(),
            problem: format!("cannot be read: {error}"),
        }),
    }
}

pub(crate) fn parse_document(file: &str, text: &str) -> Result<Document, RecordingError> {
    let error = |place: String, problem: String| RecordingError {
        file: file.to_owned(),
        place,
        problem,
    };
    // Once more with the place in mind, which costs time, only if there is a fault.
    if let Ok(document) = serde_json::from_str(text) {
        return Ok(document);
    }
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let document = serde_path_to_error::deserialize(&mut deserializer).map_err(|problem| {
        let place = match problem.path().to_string() {
            // Not known: the text is no JSON, or has no members.
            place if place == "." || place == "?" => String::new(),
            place => place,
        };
        error(place, problem.into_inner().to_string())
    })?;
    deserializer
        .end()
        .map_err(|problem| error(String::new(), problem.to_string()))?;
    Ok(document)
}

fn place_with_colon(place: &str) -> String {
    if place.is_empty() {
        String::new()
    } else {
        format!("{place}: ")
    }
}

#[cfg(test)]
mod tests;
