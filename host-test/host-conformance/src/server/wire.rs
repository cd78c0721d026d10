//! Reads requests as they were written: HTTP/1.1, byte by byte.

use std::io::{self, Read};

use super::script::Script;

/// A request as it arrived.
pub(super) struct Arrived {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    /// Names as they came.
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) body: Vec<u8>,
    pub(super) script: Script,
}

const MOST_HEADERS: usize = 200;
const MOST_HEAD_BYTES: usize = 1 << 20;

impl Arrived {
    /// The next request of a connection. None: the client has ended it.
    pub(super) fn read(stream: &mut impl Read, left: &mut Vec<u8>) -> io::Result<Option<Self>> {
        let (mut arrived, length) = loop {
            if let Some(found) = Self::head(left)? {
                break found;
            }
            if left.len() > MOST_HEAD_BYTES || !more(stream, left)? {
                return Ok(None);
            }
        };
        left.drain(..length);
        arrived.body = if arrived.value("transfer-encoding").is_some() {
            chunks(stream, left)?
        } else {
            let length = arrived
                .value("content-length")
                .and_then(|it| it.parse().ok());
            exactly(stream, left, length.unwrap_or(0))?
        };
        Ok(Some(arrived))
    }

    fn head(bytes: &[u8]) -> io::Result<Option<(Self, usize)>> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let parsed = request
            .parse(bytes)
            .map_err(|error| io::Error::other(error.to_string()))?;
        let httparse::Status::Complete(length) = parsed else {
            return Ok(None);
        };
        let target = request.path.unwrap_or_default().to_owned();
        let headers = request.headers.iter();
        let arrived = Self {
            method: request.method.unwrap_or_default().to_owned(),
            script: Script::of(&target),
            target,
            headers: headers
                .map(|header| (header.name.to_owned(), header.value.to_vec()))
                .collect(),
            body: Vec::new(),
        };
        Ok(Some((arrived, length)))
    }

    /// The first value of a header.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let named = self
            .headers
            .iter()
            .find(|(it, _)| it.eq_ignore_ascii_case(name));
        named.map(|(_, value)| latin_1(value))
    }
}

pub(super) fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

/// Reads what has come. False: there will be no more.
fn more(stream: &mut impl Read, left: &mut Vec<u8>) -> io::Result<bool> {
    let mut buffer = [0; 16_384];
    let count = stream.read(&mut buffer)?;
    left.extend_from_slice(&buffer[..count]);
    Ok(count > 0)
}

fn exactly(stream: &mut impl Read, left: &mut Vec<u8>, length: usize) -> io::Result<Vec<u8>> {
    while left.len() < length {
        if !more(stream, left)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(left.drain(..length).collect())
}

fn chunks(stream: &mut impl Read, left: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = loop {
            if let Some(end) = left.windows(2).position(|pair| pair == b"\r\n") {
                break left.drain(..end + 2).collect::<Vec<u8>>();
            }
            if !more(stream, left)? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        };
        let size = latin_1(&line);
        let size = size.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
        body.extend(exactly(stream, left, size)?);
        exactly(stream, left, 2)?;
        if size == 0 {
            return Ok(body);
        }
    }
}
