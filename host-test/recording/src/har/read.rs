//! Reads the exchanges of an archive, whatever program made it. Lenient: browsers and proxies leave out members, and add some.

use std::collections::BTreeMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Failure, FailureKind, Response, Setting};
use serde::de::IgnoredAny;

use crate::exchange::{Exchange, RecordedBody, RecordedRequest};
use crate::har::document::{
    Archive, Content, Entry, FailureDocument, Log, NameValue, PostData, RequestDocument,
    ResponseDocument,
};
use crate::har::numbers::Numbers;
use crate::har::scrub::{PROGRAM, without_mark};
use crate::har::secrets::NUMBERED;
use crate::http::Answer;
use crate::matching::is_form;
use crate::placeholder::Placeholders;
use crate::placeholder::REMOVED;
use crate::recording::{Recording, RecordingError, read};

/// The exchanges of a file, which is an archive, a recording or a case: its content tells.
///
/// # Errors
/// The file cannot be read, is not one of these, or has a placeholder that names no setting.
pub fn recorded_exchanges(
    path: impl AsRef<Path>,
    settings: &[Setting],
) -> Result<Vec<Exchange>, RecordingError> {
    let path = path.as_ref();
    let (file, text) = read(path)?;
    let is_archive = serde_json::from_str::<BTreeMap<String, IgnoredAny>>(without_mark(&text))
        .is_ok_and(|members| members.contains_key("log"));
    if is_archive {
        har_exchanges(&file, &text, settings)
    } else {
        Recording::parse_at(&file, &text, Some(path))?.exchanges(&Placeholders::new(settings))
    }
}

/// The exchanges of an archive; `file` is used in messages only. Entries that are no https are left out.
///
/// Placeholders are replaced if the archive says that it has been scrubbed; otherwise `{{…}}` is text. Headers of a
/// request must be as recorded only if this program recorded them: other clients send others.
///
/// # Errors
/// Not JSON, no archive, no request over https, or a placeholder that names no setting.
pub fn har_exchanges(
    file: &str,
    text: &str,
    settings: &[Setting],
) -> Result<Vec<Exchange>, RecordingError> {
    let log = parse(file, text)?;
    let numbers = Numbers::new(&log.entries);
    let placeholders = || placeholders(settings, &numbers);
    let reading = Reading {
        placeholders: log.scrubbed_by.is_some().then(placeholders),
        anything: numbers.anything(),
        compares_headers: log.creator.name == PROGRAM,
    };
    let exchanges = reading.exchanges(file, &log)?.into_iter();
    Ok(exchanges.map(|(_, exchange)| exchange).collect())
}

pub(super) fn parse(file: &str, text: &str) -> Result<Log, RecordingError> {
    let mut deserializer = serde_json::Deserializer::from_str(without_mark(text));
    let archive: Archive =
        serde_path_to_error::deserialize(&mut deserializer).map_err(|problem| RecordingError {
            file: file.to_owned(),
            place: problem.path().to_string(),
            problem: problem.into_inner().to_string(),
        })?;
    Ok(archive.log)
}

/// Settings, and the words that scrubbing writes beside them.
fn placeholders(settings: &[Setting], numbers: &Numbers) -> Placeholders {
    let word = |placeholder: &str, value: &str| Setting {
        name: placeholder.trim_matches(['{', '}']).to_owned(),
        value: value.to_owned(),
    };
    let mut all = settings.to_vec();
    all.push(word(REMOVED, REMOVED));
    let numbered = |number: &usize| format!("{NUMBERED}{number}");
    let given = numbers.given.iter().map(numbered);
    all.extend(given.map(|name| word(&name, &name)));
    let sent = numbers.sent.iter().map(numbered);
    all.extend(sent.map(|name| word(&name, REMOVED)));
    Placeholders::new(&all)
}

pub(super) struct Reading {
    /// None: nothing is expanded.
    pub(super) placeholders: Option<Placeholders>,
    /// The placeholders that count as anything.
    pub(super) anything: Vec<String>,
    pub(super) compares_headers: bool,
}

/// What a response says of its form on the wire. A body in an archive is whole and decoded.
const HEADERS_OF_THE_WIRE: [&str; 3] = ["content-encoding", "content-length", "transfer-encoding"];

impl Reading {
    pub(super) fn exchanges<'a>(
        &self,
        file: &str,
        log: &'a Log,
    ) -> Result<Vec<(&'a Entry, Exchange)>, RecordingError> {
        let error = |place: String, problem: String| RecordingError {
            file: file.to_owned(),
            place,
            problem,
        };
        let mut exchanges = Vec::new();
        for (index, entry) in log.entries.iter().enumerate() {
            let exchange = self
                .exchange(entry)
                .map_err(|problem| error(format!("log.entries[{index}]"), problem))?;
            exchanges.extend(exchange.map(|exchange| (entry, exchange)));
        }
        if exchanges.is_empty() {
            let problem = "the archive has no request over https with its answer".to_owned();
            return Err(error(String::new(), problem));
        }
        Ok(exchanges)
    }

    fn exchange(&self, entry: &Entry) -> Result<Option<Exchange>, String> {
        let Some(request) = self.request(&entry.request)? else {
            return Ok(None);
        };
        let answer = match (&entry.failure, &entry.error) {
            (Some(failure), _) => Err(self.failure(failure)?),
            (None, error) => match self.answer(&entry.response, error.as_deref())? {
                Some(answer) => answer,
                None => return Ok(None),
            },
        };
        Ok(Some(Exchange {
            role: None,
            request,
            answer,
            required: Vec::new(),
            is_spare: false,
            look_up: None,
        }))
    }

    fn request(&self, request: &RequestDocument) -> Result<Option<RecordedRequest>, String> {
        let url = self.expand(&request.url)?;
        let url = url.split('#').next().unwrap_or_default();
        if !url.starts_with("https://") {
            return Ok(None);
        }
        let (url, query) = match url.split_once('?') {
            Some((url, query)) => (url, pairs_of(query.as_bytes())),
            None => {
                let pairs = request.query_string.iter().map(|pair| self.pair(pair));
                (url, pairs.collect::<Result<_, _>>()?)
            }
        };
        let mut headers = Vec::new();
        for header in request.headers.iter().filter(|_| self.compares_headers) {
            if !header.name.starts_with(':') && !self.is_anything(&header.value) {
                let (name, value) = self.pair(header)?;
                headers.push((name, Some(value)));
            }
        }
        Ok(Some(RecordedRequest {
            method: request.method.to_ascii_uppercase(),
            url: url.to_owned(),
            query,
            headers,
            body: self.body(request.post_data.as_ref())?,
        }))
    }

    fn body(&self, data: Option<&PostData>) -> Result<RecordedBody, String> {
        let Some(data) = data else {
            return Ok(RecordedBody::Absent);
        };
        let bytes = match (&data.text, data.encoding.as_deref()) {
            (Some(text), Some("base64")) => decode(text)?,
            (Some(text), _) => self.expand(text)?.into_bytes(),
            (None, _) => {
                let mut form = form_urlencoded::Serializer::new(String::new());
                for pair in &data.params {
                    let (name, value) = self.pair(pair)?;
                    form.append_pair(&name, &value);
                }
                form.finish().into_bytes()
            }
        };
        // A proxy notes a body for every POST, whether there was one or not.
        if bytes.is_empty() && !self.compares_headers {
            return Ok(RecordedBody::Absent);
        }
        let mime_type = data.mime_type.to_ascii_lowercase();
        if is_form(&mime_type) {
            return Ok(RecordedBody::Form(pairs_of(&bytes)));
        }
        if mime_type.contains("json")
            && let Ok(json) = serde_json::from_slice(&bytes)
        {
            return Ok(RecordedBody::Json(json));
        }
        Ok(RecordedBody::Bytes(bytes))
    }

    /// None: an answer that is not a response, such as to the upgrade of a web socket.
    fn answer(
        &self,
        response: &ResponseDocument,
        error: Option<&str>,
    ) -> Result<Option<Answer>, String> {
        let status = match u16::try_from(response.status) {
            // What browsers write if nothing came back.
            Ok(0) | Err(_) => {
                let error = error.filter(|text| !text.is_empty());
                return Ok(Some(Err(Failure {
                    kind: FailureKind::Interrupted,
                    message: format!(
                        "the recording holds no response: {}",
                        self.expand(error.unwrap_or("it does not say why"))?
                    ),
                    may_have_acted: true,
                })));
            }
            Ok(status) if (200..=599).contains(&status) => status,
            Ok(_) => return Ok(None),
        };
        let mut headers = Vec::new();
        for header in &response.headers {
            let name = header.name.to_ascii_lowercase();
            let is_kept = !name.starts_with(':')
                && !HEADERS_OF_THE_WIRE.contains(&name.as_str())
                && !self.is_anything(&header.value);
            if is_kept {
                headers.push((name, self.expand(&header.value)?));
            }
        }
        Ok(Some(Ok(Response {
            status,
            headers,
            body: self.content(&response.content)?.into(),
            age_seconds: None,
        })))
    }

    fn content(&self, content: &Content) -> Result<Vec<u8>, String> {
        match (&content.text, content.encoding.as_deref()) {
            (None, _) => Ok(Vec::new()),
            (Some(text), Some("base64")) => decode(text),
            (Some(text), _) => Ok(self.expand(text)?.into_bytes()),
        }
    }

    fn failure(&self, failure: &FailureDocument) -> Result<Failure, String> {
        Ok(Failure {
            kind: failure.kind,
            message: self.expand(&failure.message)?,
            // What the contract says of these kinds, whatever the file says.
            may_have_acted: match failure.kind {
                FailureKind::Denied => false,
                FailureKind::TooLarge | FailureKind::Interrupted => true,
                FailureKind::Unreachable | FailureKind::TimedOut => failure.may_have_acted,
            },
        })
    }

    fn is_anything(&self, value: &str) -> bool {
        let mut anything = self.anything.iter();
        anything.any(|placeholder| value.contains(placeholder))
    }

    fn pair(&self, pair: &NameValue) -> Result<(String, String), String> {
        Ok((self.expand(&pair.name)?, self.expand(&pair.value)?))
    }

    fn expand(&self, text: &str) -> Result<String, String> {
        match &self.placeholders {
            Some(placeholders) => placeholders.expand(text),
            None => Ok(text.to_owned()),
        }
    }
}

fn pairs_of(encoded: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(encoded).into_owned().collect()
}

fn decode(base64: &str) -> Result<Vec<u8>, String> {
    let digits: String = base64.split_ascii_whitespace().collect();
    STANDARD
        .decode(digits)
        .map_err(|error| format!("a body is marked as base64 and is not: {error}"))
}

#[cfg(test)]
mod tests;
