//! Bytes become the answers of a server, and answers become bytes, for the seeds. Every text of bytes means something.
//!
//! Answers are separated by the byte 0x1e, which no JSON holds. Of each, the first byte chooses the status or the failure,
//! the bits of the second its headers, and the rest is the body, or the message of the failure. The bytes from 1 on stand for
//! the secrets of the vendor, so that servers that repeat what they were sent are tried, too.

use psa_contract::{Failure, FailureKind, Response};

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

/// The answers of a server, which starts again from the first when it has given all of them. With each, whether it holds a
/// secret.
pub(crate) struct Answers(Vec<(Answer, bool)>);

type Secrets = &'static [&'static str];

impl Answers {
    /// Reads bytes.
    pub(crate) fn of(data: &[u8], secrets: Secrets) -> Self {
        let answers = data.split(|byte| *byte == SEPARATOR);
        Self(
            answers
                .map(|data| (answer(data, secrets), holds_a_secret(data, secrets)))
                .collect(),
        )
    }

    /// The same answer to every request, with headers as lines before an empty one, and a body after it.
    pub(crate) fn with_headers(data: &[u8], secrets: Secrets) -> Self {
        let (chosen, rest) = data.split_first().unwrap_or((&0, &[]));
        let end = rest.windows(2).position(|letters| letters == b"\n\n");
        let (lines, body) = match end {
            Some(end) => (&rest[..end], &rest[end + 2..]),
            None => (rest, &[][..]),
        };
        let headers = lines.split(|byte| *byte == b'\n').map(|line| {
            let line = latin_1(line, secrets);
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            (name.to_ascii_lowercase(), value.trim().to_owned())
        });
        let response = Response {
            status: STATUSES[usize::from(*chosen) % STATUSES.len()],
            headers: headers.collect(),
            body: with_secrets(body, secrets).into(),
            age_seconds: None,
        };
        Self(vec![(Some(Ok(response)), holds_a_secret(data, secrets))])
    }

    /// The answer to the request with this number.
    pub(crate) fn to(&self, number: usize) -> (Answer, bool) {
        self.0[number % self.0.len()].clone()
    }
}

/// A success with this body.
pub(crate) fn good(body: &str, secrets: Secrets) -> (Answer, bool) {
    let body = body.as_bytes();
    (
        answer(&[b"\0\0", body].concat(), secrets),
        holds_a_secret(body, secrets),
    )
}

fn answer(data: &[u8], secrets: Secrets) -> Answer {
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
                        latin_1(HEADERS[bit].1.as_bytes(), secrets),
                    )
                })
                .collect(),
            body: with_secrets(body, secrets).into(),
            age_seconds: None,
        }));
    }
    let failure = chosen - STATUSES.len();
    FailureKind::ALL.get(failure / 2).map(|kind| {
        Err(Failure {
            kind: *kind,
            message: String::from_utf8_lossy(&with_secrets(body, secrets)).into_owned(),
            may_have_acted: failure % 2 == 1,
        })
    })
}

/// The bytes of answers, as [`Answers::of`] reads them, with the first byte that chooses the vendor and the arguments. A status or a
/// header that is not in the tables is left out.
#[must_use]
pub fn encode(chosen: u8, answers: &[Answer]) -> Vec<u8> {
    let mut data = vec![chosen];
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

fn holds_a_secret(data: &[u8], secrets: Secrets) -> bool {
    let text = String::from_utf8_lossy(data).to_ascii_lowercase();
    data.iter().any(|byte| is_placeholder(byte, secrets))
        || secrets
            .iter()
            .any(|it| text.contains(&it.to_ascii_lowercase()))
}

fn is_placeholder(byte: &u8, secrets: Secrets) -> bool {
    (1..=secrets.len()).contains(&usize::from(*byte))
}

fn with_secrets(data: &[u8], secrets: Secrets) -> Vec<u8> {
    if !data.iter().any(|byte| is_placeholder(byte, secrets)) {
        return data.to_vec();
    }
    let mut filled = Vec::with_capacity(data.len());
    for byte in data {
        match usize::from(*byte)
            .checked_sub(1)
            .and_then(|index| secrets.get(index))
        {
            Some(secret) => filled.extend_from_slice(secret.as_bytes()),
            None => filled.push(*byte),
        }
    }
    filled
}

/// As a host reads the values of headers.
fn latin_1(data: &[u8], secrets: Secrets) -> String {
    with_secrets(data, secrets)
        .into_iter()
        .map(char::from)
        .collect()
}
