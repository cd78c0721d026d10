//! Requests as ConnectWise wants them, and the one way to send them. What comes back is read in `response.rs`.

use psa_contract::{Body, Failure, FailureKind, Request, Response};

use crate::permission::Right;
use crate::settings::Settings;
use crate::text::replace;

/// Sends the requests, all of them in flight at once, and returns a result for each, in their order. The only way out of
/// the core: the component passes its import, a native program whatever speaks HTTP.
pub type HttpSend<'a> = dyn FnMut(&[Request]) -> Vec<Result<Response, Failure>> + 'a;

/// The most rows that one response holds (Developer Guide, "Pagination"). A larger page size is cut to it silently.
pub(crate) const LARGEST_PAGE: usize = 1000;

/// A request, and what is needed to explain its failure.
pub(crate) struct Call {
    pub(crate) subject: Subject,
    pub(crate) request: Request,
}

/// What a request is about.
pub(crate) struct Subject {
    /// Completes "cannot …": `list companies`.
    pub(crate) doing: String,
    /// The right that it needs. None: none in particular.
    pub(crate) right: Option<&'static Right>,
    /// Its path holds the id of a record, which may not exist.
    pub(crate) names_a_record: bool,
}

/// What came of a [`Call`].
pub(crate) struct Answer {
    pub(crate) subject: Subject,
    pub(crate) result: Result<Response, Failure>,
}

/// Sends the calls in one round. One answer for each, whatever the host returns.
pub(crate) fn exchange(send: &mut HttpSend, calls: Vec<Call>) -> Vec<Answer> {
    if calls.is_empty() {
        return Vec::new();
    }
    let mut subjects = Vec::with_capacity(calls.len());
    let mut requests = Vec::with_capacity(calls.len());
    for call in calls {
        subjects.push(call.subject);
        requests.push(call.request);
    }
    let mut results = send(&requests);
    while results.len() < subjects.len() {
        results.push(Err(no_result()));
    }
    let answers = subjects.into_iter().zip(results);
    answers
        .map(|(subject, result)| Answer { subject, result })
        .collect()
}

/// Sends one call.
pub(crate) fn exchange_one(send: &mut HttpSend, call: Call) -> Answer {
    let result = send(std::slice::from_ref(&call.request))
        .pop()
        .unwrap_or_else(|| Err(no_result()));
    Answer {
        subject: call.subject,
        result,
    }
}

/// A read of the API. `path` starts with a slash and holds nothing that needs encoding.
pub(crate) fn read(
    settings: &Settings,
    doing: &str,
    right: Option<&'static Right>,
    path: &str,
    query: &[(&str, &str)],
) -> Call {
    Call {
        subject: Subject {
            doing: doing.to_owned(),
            right,
            names_a_record: path.bytes().any(|letter| letter.is_ascii_digit()),
        },
        request: Request {
            method: "GET".to_owned(),
            url: url(settings, path, query),
            headers: headers(settings),
            ..Request::default()
        },
    }
}

/// A write of a JSON body.
pub(crate) fn write(
    settings: &Settings,
    doing: &str,
    right: &'static Right,
    path: &str,
    body: String,
) -> Call {
    let mut headers = headers(settings);
    headers.push(("content-type".to_owned(), "application/json".to_owned()));
    Call {
        subject: Subject {
            doing: doing.to_owned(),
            right: Some(right),
            names_a_record: false,
        },
        request: Request {
            method: "POST".to_owned(),
            url: url(settings, path, &[]),
            headers,
            body: Some(Body::Text(body)),
            is_write: true,
            ..Request::default()
        },
    }
}

/// The one request without credentials: which host serves this company. Answers on every host of ConnectWise (Developer
/// Guide, "Codebase").
pub(crate) fn company_info(settings: &Settings) -> Call {
    // A slash would be another path.
    let company = replace(&url_encoded(&settings.company_id), "/", "%2F");
    Call {
        subject: Subject {
            doing: "look up the company's host".to_owned(),
            right: None,
            names_a_record: false,
        },
        request: Request {
            method: "GET".to_owned(),
            url: [&settings.origin(), "/login/companyinfo/", &company].concat(),
            headers: vec![("accept".to_owned(), "application/json".to_owned())],
            ..Request::default()
        },
    }
}

/// On each authenticated request. `clientId` has been mandatory since 2019 (developer.connectwise.com, "ClientID"); the
/// version in `Accept` pins the model (Developer Guide, "Versioning").
fn headers(settings: &Settings) -> Vec<(String, String)> {
    let accept = match &settings.api_version {
        Some(version) => ["application/vnd.connectwise.com+json; version=", version].concat(),
        None => "application/vnd.connectwise.com+json".to_owned(),
    };
    vec![
        ("accept".to_owned(), accept),
        ("authorization".to_owned(), settings.authorization()),
        ("clientid".to_owned(), settings.client_id.clone()),
    ]
}

/// `v4_6_release` is the codebase on premises, and on the cloud a router to the current one.
fn url(settings: &Settings, path: &str, query: &[(&str, &str)]) -> String {
    let mut url = [&settings.origin(), "/v4_6_release/apis/3.0", path].concat();
    let mut separator = '?';
    for (name, value) in query {
        url.push(separator);
        url.push_str(name);
        url.push('=');
        url.push_str(&url_encoded(value));
        separator = '&';
    }
    url
}

/// A text as a part of a URL. Letters, digits and what `fields` is made of stay, so that a URL in a log can be read; all
/// else is encoded, `&` and `+` as the Developer Guide asks.
pub(crate) fn url_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_' | '~' | ',' | '/') {
            encoded.push(letter);
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(digit), 16).unwrap_or('0');
                encoded.push(digit.to_ascii_uppercase());
            }
        }
    }
    encoded
}

fn no_result() -> Failure {
    Failure {
        kind: FailureKind::Interrupted,
        message: "the host returned no result for this request".to_owned(),
        may_have_acted: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(doing: &str) -> Call {
        Call {
            subject: Subject {
                doing: doing.to_owned(),
                right: None,
                names_a_record: false,
            },
            request: Request {
                method: "GET".to_owned(),
                url: String::new(),
                ..Request::default()
            },
        }
    }

    #[test]
    fn a_result_that_the_host_withholds_counts_as_interrupted() {
        let withheld = |answer: &Answer| match &answer.result {
            Ok(_) => false,
            Err(failure) => failure.kind == FailureKind::Interrupted && failure.may_have_acted,
        };
        let denied = Failure {
            kind: FailureKind::Denied,
            message: String::new(),
            may_have_acted: false,
        };
        let answers = exchange(
            &mut |_| vec![Err(denied.clone())],
            vec![call("a"), call("b")],
        );
        let shown: Vec<(&str, bool)> = answers
            .iter()
            .map(|answer| (answer.subject.doing.as_str(), withheld(answer)))
            .collect();
        assert_eq!(shown, [("a", false), ("b", true)]);
        assert!(withheld(&exchange_one(&mut |_| Vec::new(), call("c"))));
    }
}
