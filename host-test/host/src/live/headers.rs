//! Headers between a connector and the wire: what may be sent, and how bytes become text. The rules that hold for every
//! backend are in `http.rs`.

use psa_contract::{Body, Request};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::live::HttpLimits;

/// Headers that belong to the connection and not to the request.
const HEADERS_OF_THE_CONNECTION: [&str; 7] = [
    "connection",
    "expect",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// The headers to send, or the rule that they break.
pub(crate) fn to_send(request: &Request, limits: &HttpLimits) -> Result<HeaderMap, String> {
    if request.headers.len() > limits.header_count {
        return Err(format!(
            "it has {} headers, and the limit `header_count` is {}",
            request.headers.len(),
            limits.header_count
        ));
    }
    let bytes = request.url.len() + size(&request.headers);
    if bytes > limits.header_bytes {
        return Err(format!(
            "its URL and headers have {bytes} bytes, and the limit `header_bytes` is {}",
            limits.header_bytes
        ));
    }
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 1);
    for (name, value) in &request.headers {
        let lower = name.to_ascii_lowercase();
        if HEADERS_OF_THE_CONNECTION.contains(&lower.as_str()) || lower.starts_with("proxy-") {
            return Err(format!(
                "the header {lower} belongs to the host's connection"
            ));
        }
        let name = HeaderName::from_bytes(lower.as_bytes())
            .map_err(|_| "the name of a header is not a token".to_owned())?;
        headers.append(name, value_to_send(&lower, value)?);
    }
    if request.body.as_ref().is_some_and(Body::is_empty) {
        // The client would leave it out, and a server may insist on it.
        headers.insert("content-length", HeaderValue::from_static("0"));
    }
    Ok(headers)
}

/// The headers that arrived: names in lower case, bytes outside ASCII read as Latin-1. None: they pass the limits.
pub(crate) fn received(headers: &HeaderMap, limits: &HttpLimits) -> Option<Vec<(String, String)>> {
    if headers.len() > limits.header_count {
        return None;
    }
    let read: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), latin_1(value.as_bytes())))
        .collect();
    (size(&read) <= limits.header_bytes).then_some(read)
}

fn size(headers: &[(String, String)]) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.len().saturating_add(value.len()))
        .fold(0, usize::saturating_add)
}

fn value_to_send(name: &str, value: &str) -> Result<HeaderValue, String> {
    let bytes: Option<Vec<u8>> = value
        .chars()
        .map(|letter| u8::try_from(letter).ok())
        .collect();
    bytes
        .and_then(|bytes| HeaderValue::from_bytes(&bytes).ok())
        .ok_or_else(|| {
            format!(
                "the value of the header {name} holds a control character or a letter outside Latin-1"
            )
        })
}

fn latin_1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(headers: &[(&str, &str)], body: Option<&[u8]>) -> Request {
        Request {
            method: "POST".to_owned(),
            url: "https://a.example/".to_owned(),
            headers: headers
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            body: body.map(|body| body.to_vec().into()),
            ..Request::default()
        }
    }

    #[test]
    fn headers_that_the_host_must_not_send_are_refused_with_the_rule() {
        let long = "x".repeat(64 << 10);
        let cases: &[(&str, &str, &str)] = &[
            ("Accept", "*/*", ""),
            ("X-Name", "B\u{fc}cher", ""),
            ("x-empty", "", ""),
            ("x-tab", "a\tb", ""),
            ("Transfer-Encoding", "chunked", "transfer-encoding"),
            ("TE", "trailers", "te belongs"),
            ("Trailer", "x", "trailer"),
            ("Connection", "close", "connection"),
            ("Keep-Alive", "1", "keep-alive"),
            ("Upgrade", "h2c", "upgrade"),
            ("Expect", "100-continue", "expect"),
            ("Proxy-Authorization", "Basic eA==", "proxy-authorization"),
            ("PROXY-ANYTHING", "x", "proxy-anything"),
            ("x", "a\rb", "control character"),
            ("x", "a\nb", "control character"),
            ("x", "a\0b", "control character"),
            ("x", "a\u{7f}b", "control character"),
            ("x", "\u{20ac}", "outside Latin-1"),
            ("x y", "a", "token"),
            ("x", &long, "header_bytes"),
        ];
        for (name, value, part) in cases {
            match to_send(&request(&[(name, value)], None), &HttpLimits::default()) {
                Ok(headers) => {
                    assert_eq!(*part, "", "{name}");
                    assert_eq!(headers.len(), 1, "{name}");
                }
                Err(rule) => assert!(!part.is_empty() && rule.contains(part), "{name}: {rule}"),
            }
        }
    }

    #[test]
    fn too_many_headers_are_refused() {
        let limits = HttpLimits {
            header_count: 2,
            ..HttpLimits::default()
        };
        let headers = [("a", "1"), ("a", "2"), ("a", "3")];
        let rule = to_send(&request(&headers, None), &limits).expect_err("a rule");
        assert!(rule.contains("header_count"), "{rule}");
        let kept = to_send(&request(&headers[..2], None), &limits).expect("headers");
        assert_eq!(kept.get_all("a").iter().count(), 2);
    }

    #[test]
    fn an_empty_body_has_a_length_and_none_has_not() {
        for (body, expected) in [
            (None, None),
            (Some(&b""[..]), Some("0")),
            (Some(&b"x"[..]), None),
        ] {
            let headers = to_send(&request(&[], body), &HttpLimits::default()).expect("headers");
            let found = headers
                .get("content-length")
                .and_then(|value| value.to_str().ok());
            assert_eq!(found, expected, "{body:?}");
        }
    }

    #[test]
    fn what_arrives_is_read_as_latin_1_within_the_limits() {
        let mut headers = HeaderMap::new();
        let value = HeaderValue::from_bytes(b"B\xfccher").expect("a value");
        headers.append("x-name", value);
        let expected = vec![("x-name".to_owned(), "B\u{fc}cher".to_owned())];
        assert_eq!(received(&headers, &HttpLimits::default()), Some(expected));
        for (header_count, header_bytes) in [(0, 100), (1, 12)] {
            let limits = HttpLimits {
                header_count,
                header_bytes,
                ..HttpLimits::default()
            };
            assert_eq!(received(&headers, &limits), None);
        }
    }
}
