//! Bytes become the answers of a server, and answers become bytes, for the seeds. Every text of bytes means something.
//!
//! Answers are separated by the byte 0x1e, which no JSON holds. Of each, the first byte chooses the status or the failure,
//! the bits of the second its headers, and the rest is the body, or the message of the failure. The bytes 1 to 5 stand for
//! the secrets of the settings, so that servers that repeat what they were sent are tried, too.

use psa_contract::{Failure, FailureKind, Response};

use crate::desk::SECRETS;
use crate::rules;

/// What the server does with one request. None: the host has no result for it.
pub type Answer = Option<Result<Response, Failure>>;

const SEPARATOR: u8 = 0x1e;

const STATUSES: [u16; 21] = [
    200, 201, 202, 204, 301, 302, 400, 401, 403, 404, 405, 408, 409, 415, 422, 429, 500, 502, 503,
    504, 599,
];

/// The headers that the connector reads.
const HEADERS: [(&str, &str); 8] = [
    ("link", "<https://elsewhere.example/>; rel=\"next\""),
    ("retry-after", "7"),
    ("retry-after", "Mon, 04 May 2026 10:01:00 GMT"),
    ("date", "Mon, 04 May 2026 10:00:00 GMT"),
    ("retry-after", "99999999999999999999"),
    ("x-cw-request-id", "5b8d2c1e \u{2}\u{3}\u{4}"),
    ("content-type", "text/html"),
    ("link", ""),
];

/// The answers of a server, which starts again from the first when it has given all of them.
pub struct Answers {
    answers: Vec<Answer>,
    /// Whether the server repeats a secret.
    pub holds_a_secret: bool,
}

impl Answers {
    /// Reads bytes.
    #[must_use]
    pub fn of(data: &[u8]) -> Self {
        Self {
            answers: data.split(|byte| *byte == SEPARATOR).map(answer).collect(),
            holds_a_secret: holds_a_secret(data),
        }
    }

    /// The same answer to every request, with headers as lines before an empty one, and a body after it.
    #[must_use]
    pub fn with_headers(data: &[u8]) -> Self {
        let (chosen, rest) = data.split_first().unwrap_or((&0, &[]));
        let end = rest.windows(2).position(|letters| letters == b"\n\n");
        let (lines, body) = match end {
            Some(end) => (&rest[..end], &rest[end + 2..]),
            None => (rest, &[][..]),
        };
        let headers = lines.split(|byte| *byte == b'\n').map(|line| {
            let line = latin_1(line);
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            (name.to_ascii_lowercase(), value.trim().to_owned())
        });
        let response = Response {
            status: STATUSES[usize::from(*chosen) % STATUSES.len()],
            headers: headers.collect(),
            body: with_secrets(body).into(),
            age_seconds: None,
        };
        Self {
            answers: vec![Some(Ok(response))],
            holds_a_secret: holds_a_secret(data),
        }
    }

    /// The answer to the request with this number.
    pub(crate) fn to(&self, number: usize) -> Answer {
        self.answers[number % self.answers.len()].clone()
    }
}

fn answer(data: &[u8]) -> Answer {
    let (chosen, rest) = data.split_first().unwrap_or((&0, &[]));
    let (headers, body) = rest.split_first().unwrap_or((&0, &[]));
    let chosen = usize::from(*chosen) % (STATUSES.len() + 2 * FailureKind::ALL.len() + 1);
    if let Some(status) = STATUSES.get(chosen) {
        let with_bit = |bit: &usize| headers >> bit & 1 == 1;
        return Some(Ok(Response {
            status: *status,
            headers: (0..HEADERS.len())
                .filter(with_bit)
                .map(|bit| {
                    (
                        HEADERS[bit].0.to_owned(),
                        latin_1(HEADERS[bit].1.as_bytes()),
                    )
                })
                .collect(),
            body: with_secrets(body).into(),
            age_seconds: None,
        }));
    }
    let failure = chosen - STATUSES.len();
    FailureKind::ALL.get(failure / 2).map(|kind| {
        Err(Failure {
            kind: *kind,
            message: String::from_utf8_lossy(&with_secrets(body)).into_owned(),
            may_have_acted: failure % 2 == 1,
        })
    })
}

/// The bytes of answers, as [`Answers::of`] reads them, with the first byte that chooses the arguments. A status or a
/// header that is not in the tables is left out.
#[must_use]
pub fn encode(arguments: u8, answers: &[Answer]) -> Vec<u8> {
    let mut data = vec![arguments];
    for (index, answer) in answers.iter().enumerate() {
        if index > 0 {
            data.push(SEPARATOR);
        }
        match answer {
            Some(Ok(response)) => {
                let status = STATUSES.iter().position(|it| *it == response.status);
                data.push(status.unwrap_or(0) as u8);
                data.push(bits(response));
                data.extend_from_slice(response.body.as_bytes());
            }
            Some(Err(failure)) => {
                let kind = FailureKind::ALL.iter().position(|it| *it == failure.kind);
                let failed = 2 * kind.unwrap_or(0) + usize::from(failure.may_have_acted);
                data.push((STATUSES.len() + failed) as u8);
                data.push(0);
                data.extend_from_slice(failure.message.as_bytes());
            }
            None => data.push((STATUSES.len() + 2 * FailureKind::ALL.len()) as u8),
        }
    }
    data
}

/// Which of the headers of the table a response has, by their names.
fn bits(response: &Response) -> u8 {
    (0..HEADERS.len())
        .filter(|bit| response.header(HEADERS[*bit].0) == Some(HEADERS[*bit].1))
        .fold(0, |bits, bit| bits | 1 << bit)
}

fn holds_a_secret(data: &[u8]) -> bool {
    data.iter().any(is_placeholder) || rules::holds_a_secret(&String::from_utf8_lossy(data))
}

fn is_placeholder(byte: &u8) -> bool {
    (1..=SECRETS.len()).contains(&usize::from(*byte))
}

fn with_secrets(data: &[u8]) -> Vec<u8> {
    if !data.iter().any(is_placeholder) {
        return data.to_vec();
    }
    let mut filled = Vec::with_capacity(data.len());
    for byte in data {
        match usize::from(*byte)
            .checked_sub(1)
            .and_then(|index| SECRETS.get(index))
        {
            Some(secret) => filled.extend_from_slice(secret.as_bytes()),
            None => filled.push(*byte),
        }
    }
    filled
}

/// As a host reads the values of headers.
fn latin_1(data: &[u8]) -> String {
    with_secrets(data).into_iter().map(char::from).collect()
}
