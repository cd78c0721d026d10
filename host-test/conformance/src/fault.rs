//! The faults of answers: what can go wrong between a PSA and a connector, whatever the PSA. Which outcome is right is not
//! said here, but in `outcomes.txt`.

use psa_contract::{Failure, FailureKind, Response};

use crate::body_fault::BodyFault;
use psa_contract::http::Answer;

/// One fault.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// No response. The flag: the server may have acted.
    Failure(FailureKind, bool),
    /// Another status, with a body of no particular PSA.
    Status(u16, StatusBody),
    /// The recorded status with a damaged body.
    Body(BodyFault),
    /// The recorded response with other headers.
    Headers(HeaderFault),
}

/// What comes with a status.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum StatusBody {
    Json,
    Html,
    Text,
    Empty,
    /// OAuth's word for credentials that it does not accept.
    OAuth,
}

/// What is done to headers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum HeaderFault {
    /// There are none, but for the one that says that there are more pages.
    Missing,
    /// Each is there twice.
    Duplicated,
    /// Beside the recorded ones, values that no server should send.
    Hostile,
}

/// A failure's kind, whether the server may have acted, and its name in reports.
const FAILURES: [(FailureKind, bool, &str); 7] = [
    (FailureKind::Denied, false, "failure-denied"),
    (FailureKind::Unreachable, false, "failure-unreachable"),
    (
        FailureKind::Unreachable,
        true,
        "failure-unreachable-in-doubt",
    ),
    (FailureKind::TimedOut, false, "failure-timed-out"),
    (FailureKind::TimedOut, true, "failure-timed-out-in-doubt"),
    (FailureKind::Interrupted, true, "failure-interrupted"),
    (FailureKind::TooLarge, true, "failure-too-large"),
];

/// A status, its name in reports.
pub(crate) const STATUSES: [(u16, &str); 13] = [
    (301, "status-301"),
    (400, "status-400"),
    (401, "status-401"),
    (403, "status-403"),
    (404, "status-404"),
    (405, "status-405"),
    (409, "status-409"),
    (415, "status-415"),
    (429, "status-429"),
    (500, "status-500"),
    (502, "status-502"),
    (503, "status-503"),
    (504, "status-504"),
];

/// What comes with a status of any answer.
const STATUS_BODIES: [(StatusBody, &str); 4] = [
    (StatusBody::Json, "json"),
    (StatusBody::Html, "html"),
    (StatusBody::Text, "text"),
    (StatusBody::Empty, "empty"),
];

const HEADER_FAULTS: [(HeaderFault, &str); 3] = [
    (HeaderFault::Missing, "headers-missing"),
    (HeaderFault::Duplicated, "headers-duplicated"),
    (HeaderFault::Hostile, "headers-hostile"),
];

impl Fault {
    /// Beside those of any answer, where an access token is asked for.
    pub(crate) const OF_TOKEN_REQUESTS: [Self; 2] = [
        Self::Status(400, StatusBody::OAuth),
        Self::Status(401, StatusBody::OAuth),
    ];

    /// Every fault of an answer. The large body only where it is asked for, since it takes as long as many others.
    pub(crate) fn all(answer: &Answer, required: &[String], with_large_body: bool) -> Vec<Self> {
        let mut faults = Self::of_any_answer();
        if let Ok(response) = answer {
            faults.extend(HEADER_FAULTS.iter().map(|(fault, _)| Self::Headers(*fault)));
            let bodies = BodyFault::all(response.body.as_bytes(), required, with_large_body);
            // What a refusal is named required for decides what it means: another one would be another refusal.
            let means_the_same = |fault: &BodyFault| is_success(answer) || !fault.is_of_required();
            faults.extend(bodies.into_iter().filter(means_the_same).map(Self::Body));
        }
        faults
    }

    /// Those that need no recorded response.
    pub(crate) fn of_any_answer() -> Vec<Self> {
        let failures = FAILURES
            .iter()
            .map(|(kind, acted, _)| Self::Failure(*kind, *acted));
        let statuses = STATUSES.iter().flat_map(|(status, _)| {
            STATUS_BODIES
                .iter()
                .map(|(body, _)| Self::Status(*status, *body))
        });
        failures.chain(statuses).collect()
    }

    /// Every column of the matrix, in its order.
    pub(crate) fn columns() -> impl Iterator<Item = &'static str> {
        let failures = FAILURES.iter().map(|(_, _, name)| *name);
        let statuses = STATUSES.iter().map(|(_, name)| *name);
        let headers = HEADER_FAULTS.iter().map(|(_, name)| *name);
        failures
            .chain(statuses)
            .chain(headers)
            .chain(BodyFault::COLUMNS)
    }

    /// The column of the matrix, and the name in the table of outcomes.
    pub(crate) fn column(&self) -> &'static str {
        match self {
            Self::Failure(kind, acted) => FAILURES
                .iter()
                .find(|(other, also, _)| other == kind && also == acted)
                .map_or("failure", |(_, _, name)| name),
            Self::Status(status, _) => STATUSES
                .iter()
                .find(|(other, _)| other == status)
                .map_or("status", |(_, name)| name),
            Self::Body(fault) => fault.column(),
            Self::Headers(fault) => HEADER_FAULTS
                .iter()
                .find(|(other, _)| other == fault)
                .map_or("headers", |(_, name)| name),
        }
    }

    /// Unique among the faults of an answer: `status-502-html`.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Status(_, body) => {
                let body = STATUS_BODIES
                    .iter()
                    .find(|(other, _)| other == body)
                    .map_or("oauth", |(_, name)| name);
                format!("{}-{body}", self.column())
            }
            Self::Body(fault) => fault.name(),
            Self::Failure(..) | Self::Headers(_) => self.column().to_owned(),
        }
    }

    /// The answer with this fault.
    pub(crate) fn apply(&self, recorded: &Answer) -> Answer {
        match self {
            Self::Failure(kind, may_have_acted) => Err(Failure {
                kind: *kind,
                message: format!("made up by the conformance kit: {}", kind.name()),
                may_have_acted: *may_have_acted,
            }),
            Self::Status(status, body) => Ok(response(*status, *body)),
            Self::Body(fault) => recorded.clone().map(|response| Response {
                body: fault.apply(response.body.as_bytes()).into(),
                ..response
            }),
            Self::Headers(fault) => recorded.clone().map(|response| Response {
                headers: headers(*fault, response.headers),
                ..response
            }),
        }
    }
}

fn response(status: u16, body: StatusBody) -> Response {
    let (content_type, body) = match body {
        StatusBody::Json => (
            Some("application/json"),
            r#"{"message": "made up by the conformance kit"}"#,
        ),
        StatusBody::Html => (
            Some("text/html; charset=utf-8"),
            "<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Error</h1></body></html>",
        ),
        StatusBody::Text => (Some("text/plain"), "made up by the conformance kit"),
        StatusBody::Empty => (None, ""),
        StatusBody::OAuth => (
            Some("application/json"),
            r#"{"error": "invalid_client", "error_description": "made up by the conformance kit"}"#,
        ),
    };
    let mut headers: Vec<(String, String)> = Vec::new();
    headers.extend(content_type.map(|value| ("content-type".to_owned(), value.to_owned())));
    if status == 301 {
        let elsewhere = "https://elsewhere.example/".to_owned();
        headers.push(("location".to_owned(), elsewhere));
    }
    Response {
        status,
        headers,
        body: body.as_bytes().to_vec().into(),
        age_seconds: None,
    }
}

fn headers(fault: HeaderFault, recorded: Vec<(String, String)>) -> Vec<(String, String)> {
    match fault {
        // Without Link a page is the last one, rightly.
        HeaderFault::Missing => recorded
            .into_iter()
            .filter(|(name, _)| name == "link")
            .collect(),
        HeaderFault::Duplicated => recorded
            .into_iter()
            .flat_map(|header| [header.clone(), header])
            .collect(),
        HeaderFault::Hostile => {
            let hostile = [
                ("location", "https://elsewhere.example/".to_owned()),
                (
                    "set-cookie",
                    "session=1; Domain=elsewhere.example".to_owned(),
                ),
                ("retry-after", "-1".to_owned()),
                ("retry-after", "99999999999999999999".to_owned()),
                ("date", "yesterday".to_owned()),
                ("content-length", "0".to_owned()),
                ("content-encoding", "gzip".to_owned()),
                ("x-latin-1", "\u{e9}\u{ff}".to_owned()),
                ("x-long", "x".repeat(8 << 10)),
            ];
            let hostile = hostile
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            recorded.into_iter().chain(hostile).collect()
        }
    }
}

/// A damaged answer that was a refusal stays one.
pub(crate) fn name_in_table(recorded: &Answer, fault: &Fault) -> String {
    match (fault, recorded) {
        (Fault::Body(_) | Fault::Headers(_), Ok(response)) if !is_success(recorded) => {
            let status = name_of_status(response.status);
            match fault.column() {
                // A web page with a status is another fault than the PSA's own answer with it.
                "body-html" => format!("{status}-html"),
                _ => status,
            }
        }
        // Which member it is makes no difference to the table.
        _ => fault
            .name()
            .split(':')
            .next()
            .unwrap_or_default()
            .to_owned(),
    }
}

/// The column that this is in the table: a damaged answer that was a refusal stays one.
pub(crate) fn column_in_table(recorded: &Answer, fault: &Fault) -> &'static str {
    match (fault, recorded) {
        (Fault::Body(_) | Fault::Headers(_), Ok(response)) if !is_success(recorded) => {
            let known = known_status(response.status);
            let mut statuses = STATUSES.iter();
            statuses
                .find(|(status, _)| *status == known)
                .map_or("status", |(_, name)| name)
        }
        _ => fault.column(),
    }
}

/// A status that the table does not have means what the first of its class means (RFC 9110, section 15).
pub(crate) fn name_of_status(status: u16) -> String {
    format!("status-{}", known_status(status))
}

fn known_status(status: u16) -> u16 {
    match status {
        300..=399 => 301,
        _ if STATUSES.iter().any(|(known, _)| *known == status) => status,
        400..=499 => 400,
        _ => 500,
    }
}

pub(crate) fn is_success(answer: &Answer) -> bool {
    matches!(answer, Ok(response) if (200..=299).contains(&response.status))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own_and_changes_the_answer() {
        let body = br#"[{"id": 1, "name": "A", "flags": [true], "more": {"x": null}}]"#;
        let answer = Ok(Response {
            status: 200,
            headers: vec![("content-type".to_owned(), "application/json".to_owned())],
            body: body.to_vec().into(),
            age_seconds: None,
        });
        let mut faults = Fault::all(&answer, &["*/id".to_owned()], true);
        faults.extend(Fault::OF_TOKEN_REQUESTS);
        let mut names: Vec<String> = faults.iter().map(Fault::name).collect();
        for fault in &faults {
            assert_ne!(fault.apply(&answer), answer, "{}", fault.name());
            assert!(fault.name().starts_with(fault.column()), "{}", fault.name());
        }
        names.sort();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        assert_eq!(Fault::of_any_answer().len(), 7 + 13 * 4);
        // The answer has whatever a fault can be of.
        let columns: BTreeSet<_> = faults.iter().map(Fault::column).collect();
        assert_eq!(columns, Fault::columns().collect());
        assert_eq!(columns.len(), Fault::columns().count());
    }
}
