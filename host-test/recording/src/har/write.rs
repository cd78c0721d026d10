//! From a tape to an archive. What must not be in it is taken out by `scrub.rs`, before any of it is text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use psa_contract::{Request, Response};

use crate::har::document::{
    Archive, Content, Creator, Empty, Entry, FailureDocument, Log, NameValue, PostData,
    RequestDocument, ResponseDocument, Timings,
};
use crate::har::scrub::{PROGRAM, ScrubError, scrub_value};
use crate::har::secrets::Scrubber;
use crate::har::tape::{Tape, Taped};

const COMMENT: &str = "Secrets are replaced by the names of settings in double braces, which `psa-host --replay` puts back from the \
                       settings in use, and by numbers. `time` is that of the round in which a request was sent.";
/// The format asks for one; what was spoken is not known here.
const HTTP_VERSION: &str = "HTTP";
/// The format's number for what is not known.
const UNKNOWN: i64 = -1;

impl Tape {
    /// Everything so far as an archive, without secrets.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn to_har(&self, scrubber: &Scrubber) -> Result<String, ScrubError> {
        write(&self.lock(), scrubber)
    }
}

fn write(taped: &[Taped], scrubber: &Scrubber) -> Result<String, ScrubError> {
    let archive = Archive {
        log: Log {
            version: "1.2".to_owned(),
            creator: Creator {
                name: PROGRAM.to_owned(),
                version: env!("CARGO_PKG_VERSION").to_owned(),
            },
            comment: Some(COMMENT.to_owned()),
            scrubbed_by: None,
            entries: taped.iter().map(entry).collect(),
        },
    };
    let archive = serde_json::to_value(archive)
        .map_err(|error| ScrubError::new(format!("the recording cannot be written: {error}")))?;
    scrub_value(archive, scrubber)
}

fn entry(taped: &Taped) -> Entry {
    // Microseconds: a number of so few digits is read as it was written, so that cleaning again changes nothing.
    let milliseconds = (taped.took.as_secs_f64() * 1_000_000.0).round() / 1000.0;
    let (response, failure) = match &taped.answer {
        Ok(response) => (response_document(response), None),
        Err(failure) => {
            let failure = FailureDocument {
                kind: failure.kind,
                message: failure.message.clone(),
                may_have_acted: failure.may_have_acted,
            };
            (no_response(), Some(failure))
        }
    };
    Entry {
        started_date_time: humantime::format_rfc3339_millis(taped.started).to_string(),
        time: milliseconds,
        request: request_document(&taped.request),
        response,
        cache: Empty {},
        timings: Timings {
            wait: milliseconds,
            ..Timings::default()
        },
        is_secret: taped.request.is_secret,
        failure,
        error: None,
    }
}

fn request_document(request: &Request) -> RequestDocument {
    let query = request.url.split_once('?').map(|(_, query)| query);
    let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let body = request.body.as_ref();
    RequestDocument {
        method: request.method.clone(),
        url: request.url.clone(),
        http_version: HTTP_VERSION.to_owned(),
        cookies: Vec::new(),
        headers: headers(&request.headers),
        query_string: pairs
            .map(|(name, value)| NameValue {
                name: name.into_owned(),
                value: value.into_owned(),
            })
            .collect(),
        post_data: body.map(|body| {
            let (text, encoding) = text_of(body.as_bytes());
            PostData {
                mime_type: content_type(&request.headers),
                text: Some(text),
                params: Vec::new(),
                encoding,
            }
        }),
        headers_size: UNKNOWN,
        body_size: body.map_or(0, |body| i64::try_from(body.len()).unwrap_or(UNKNOWN)),
    }
}

fn response_document(response: &Response) -> ResponseDocument {
    let (text, encoding) = text_of(response.body.as_bytes());
    ResponseDocument {
        status: i64::from(response.status),
        status_text: String::new(),
        http_version: HTTP_VERSION.to_owned(),
        cookies: Vec::new(),
        headers: headers(&response.headers),
        content: Content {
            size: response.body.len(),
            mime_type: content_type(&response.headers),
            text: Some(text),
            encoding,
        },
        redirect_url: response.header("location").unwrap_or_default().to_owned(),
        headers_size: UNKNOWN,
        body_size: UNKNOWN,
    }
}

/// As browsers write a request that nothing came back to.
fn no_response() -> ResponseDocument {
    ResponseDocument {
        http_version: HTTP_VERSION.to_owned(),
        headers_size: UNKNOWN,
        body_size: UNKNOWN,
        ..ResponseDocument::default()
    }
}

fn headers(headers: &[(String, String)]) -> Vec<NameValue> {
    headers
        .iter()
        .map(|(name, value)| NameValue {
            name: name.clone(),
            value: value.clone(),
        })
        .collect()
}

fn content_type(headers: &[(String, String)]) -> String {
    headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

fn text_of(body: &[u8]) -> (String, Option<String>) {
    match std::str::from_utf8(body) {
        Ok(text) => (text.to_owned(), None),
        Err(_) => (STANDARD.encode(body), Some("base64".to_owned())),
    }
}
