//! Answers a request as its script says.

use std::io::{self, Write};
use std::thread::sleep;
use std::time::Duration;

use serde_json::json;

use super::wire::{Arrived, latin_1};
use super::{Shared, TEXT};

/// What becomes of the connection.
#[derive(PartialEq)]
pub(super) enum Next {
    /// It takes another request.
    Go,
    /// It ends as it should.
    End,
    /// It ends without a word.
    Cut,
}

/// `Größe` four times, encoded.
const ENCODED: [(&str, &[u8]); 3] = [
    ("gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x73\x2f\x3a\xbc\xed\xf0\xfc\x54\x05\x77\xec\x34\0\x9b\xbe\x37\x21\x1f\0\0\0"),
    ("deflate", b"\x78\x9c\x73\x2f\x3a\xbc\xed\xf0\xfc\x54\x05\x77\xec\x34\0\x01\x9e\x10\x45"),
    ("br", b"\x1b\x1e\0\xf8\x8d\xd4\x48\xcd\xa7\xa7\x1c\x2e\x3b\x6a\x10\xb9\x4f\x5b\xc1\x4f\x38\x20\x69\x0d"),
];

pub(super) fn answer(
    arrived: &Arrived,
    shared: &Shared,
    (count, number): (u64, u64),
    stream: &mut impl Write,
) -> io::Result<Next> {
    let script = &arrived.script;
    if let Some(delay) = script.number("sleep").or(script.number("delay")) {
        sleep(Duration::from_millis(delay));
    }
    if script.get("hold").is_some() {
        sleep(shared.patience);
    }
    shared.log.end(script);
    if let Some(how) = script.get("cut") {
        return cut(how, stream);
    }
    let mut headers = vec![("X-Number".to_owned(), number.to_string())];
    headers.extend(script.all("header").filter_map(|line| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.trim().to_owned()))
    }));
    let mut status = script.number("status").unwrap_or(200);
    if script
        .number("refuse-from")
        .is_some_and(|from| count >= from)
    {
        status = 500;
    }
    let body = body(arrived, shared, &mut headers);
    if script.get("interim").is_some() {
        stream.write_all(b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n")?;
    }
    let frame = script.get("frame").unwrap_or("length");
    write(stream, status, &headers, &body, frame)?;
    Ok(if frame == "end" { Next::End } else { Next::Go })
}

fn body(arrived: &Arrived, shared: &Shared, headers: &mut Vec<(String, String)>) -> Vec<u8> {
    let script = &arrived.script;
    if script.get("echo").is_some() {
        return echo(arrived).into_bytes();
    }
    if script.get("token").is_some() {
        return json!({"access_token": shared.token})
            .to_string()
            .into_bytes();
    }
    if let Some(encoding) = script.get("encode") {
        return encoded(encoding, arrived, headers);
    }
    if let Some(size) = script.number("size") {
        return vec![b'x'; usize::try_from(size).unwrap_or_default()];
    }
    if let Some(digits) = script.get("hex") {
        return bytes_of(digits);
    }
    script.get("body").unwrap_or_default().as_bytes().to_vec()
}

/// The request, as it came.
fn echo(arrived: &Arrived) -> String {
    let headers: Vec<(&str, String)> = arrived
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), latin_1(value)))
        .collect();
    let body: String = arrived
        .body
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({"method": arrived.method, "target": arrived.target, "headers": headers, "body": body})
        .to_string()
}

/// The text in the encoding, if the host offers it.
fn encoded(name: &str, arrived: &Arrived, headers: &mut Vec<(String, String)>) -> Vec<u8> {
    let offered = arrived.value("accept-encoding").unwrap_or_default();
    let is_offered = offered.split(',').any(|one| {
        let mut parts = one.split(';').map(str::trim);
        parts.next() == Some(name) && parts.next() != Some("q=0")
    });
    let found = ENCODED.iter().find(|(it, _)| *it == name && is_offered);
    let Some((_, bytes)) = found else {
        headers.push(("X-Encoded".to_owned(), "no".to_owned()));
        return TEXT.as_bytes().to_vec();
    };
    headers.push(("Content-Encoding".to_owned(), name.to_owned()));
    bytes.to_vec()
}

fn bytes_of(digits: &str) -> Vec<u8> {
    let digits: Vec<u8> = digits
        .chars()
        .filter_map(|digit| digit.to_digit(16)?.try_into().ok())
        .collect();
    digits
        .chunks_exact(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

fn write(
    stream: &mut impl Write,
    status: u64,
    headers: &[(String, String)],
    body: &[u8],
    frame: &str,
) -> io::Result<()> {
    // In one piece, so that a short answer is one packet.
    let mut bytes = format!("HTTP/1.1 {status} Answer\r\nX-Server: Stand-In\r\n").into_bytes();
    for (name, value) in headers {
        // Values are Latin-1 on the wire.
        let value = value
            .chars()
            .map(|letter| u8::try_from(letter).unwrap_or(b'?'));
        bytes.extend(name.bytes().chain(*b": ").chain(value).chain(*b"\r\n"));
    }
    let is_bodiless = matches!(status, 204 | 304);
    match frame {
        _ if is_bodiless => bytes.extend(*b"\r\n"),
        "chunked" => {
            bytes.extend(*b"Transfer-Encoding: chunked\r\n\r\n");
            for chunk in body.chunks(7_000) {
                bytes.extend(
                    format!("{:x}\r\n", chunk.len())
                        .bytes()
                        .chain(chunk.iter().copied())
                        .chain(*b"\r\n"),
                );
            }
            bytes.extend(*b"0\r\n\r\n");
        }
        "end" => bytes.extend(b"Connection: close\r\n\r\n".iter().chain(body)),
        _ => bytes.extend(
            format!("Content-Length: {}\r\n\r\n", body.len())
                .bytes()
                .chain(body.iter().copied()),
        ),
    }
    stream.write_all(&bytes)?;
    stream.flush()
}

/// Half of an answer, or none.
fn cut(how: &str, stream: &mut impl Write) -> io::Result<Next> {
    let start: &[u8] = match how {
        "status" => b"HTTP/1.1 2",
        "headers" => b"HTTP/1.1 200 Answer\r\nContent-Type: text/pl",
        "body" => b"HTTP/1.1 200 Answer\r\nContent-Length: 100\r\n\r\n{\"id\": 1}",
        "chunk" => b"HTTP/1.1 200 Answer\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n{\"id\": 1}",
        "garbage" => b"this is no HTTP\r\n\r\n",
        "gzip" => b"HTTP/1.1 200 Answer\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n\x1f\x8b\x08rubbish",
        _ => b"",
    };
    stream.write_all(start)?;
    stream.flush()?;
    Ok(if how == "gzip" { Next::End } else { Next::Cut })
}
