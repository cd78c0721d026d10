//! A request as `wasi:http` takes it: the URL in its parts, the headers of the connector, and those that are the host's.

use psa_contract::http::denied;
use psa_contract::{Failure, Request};
use wasi::http::types::{Fields, Method, OutgoingRequest, RequestOptions, Scheme};

use crate::limits;

const USER_AGENT: &str = concat!("psa-wasi-http/", env!("CARGO_PKG_VERSION"));

/// The request, its limits of time, and where it goes, for messages.
pub(crate) fn outgoing(
    request: &Request,
) -> Result<(OutgoingRequest, RequestOptions, String), Failure> {
    let (authority, path) = parts(&request.url);
    let fields = Fields::from_list(&headers(request)?).map_err(|error| {
        denied(format!(
            "the request was not sent: the host refuses one of its headers ({error})"
        ))
    })?;
    let outgoing = OutgoingRequest::new(fields);
    outgoing
        .set_method(&method(&request.method))
        .and_then(|()| outgoing.set_scheme(Some(&Scheme::Https)))
        .and_then(|()| outgoing.set_authority(Some(authority)))
        .and_then(|()| outgoing.set_path_with_query(Some(&path)))
        .map_err(|()| {
            denied("the request was not sent: the host refuses its method or its URL".to_owned())
        })?;
    let options = RequestOptions::new();
    // A host need not have them all: the adapter has its own clock.
    let _ = options.set_connect_timeout(Some(limits::CONNECT));
    let _ = options.set_first_byte_timeout(Some(limits::REQUEST));
    let _ = options.set_between_bytes_timeout(Some(limits::REQUEST));
    Ok((outgoing, options, format!("https://{authority}")))
}

/// The authority, and the path with the query, of a URL that keeps the contract's rules.
fn parts(url: &str) -> (&str, String) {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let slash = if path.starts_with('/') { "" } else { "/" };
    (authority, format!("{slash}{path}"))
}

fn method(name: &str) -> Method {
    match name {
        "GET" => Method::Get,
        "HEAD" => Method::Head,
        "POST" => Method::Post,
        "PUT" => Method::Put,
        "DELETE" => Method::Delete,
        "OPTIONS" => Method::Options,
        "PATCH" => Method::Patch,
        other => Method::Other(other.to_owned()),
    }
}

/// The connector's, and the host's: `wasi:http` adds Host, and would send a body without a length in chunks.
fn headers(request: &Request) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut headers = Vec::new();
    for (name, value) in &request.headers {
        let value: Option<Vec<u8>> = value
            .chars()
            .map(|letter| u8::try_from(letter).ok())
            .collect();
        let value = value.ok_or_else(|| {
            denied(format!(
                "the request was not sent: the value of the header {name} holds a letter outside Latin-1"
            ))
        })?;
        headers.push((name.to_ascii_lowercase(), value));
    }
    if !headers.iter().any(|(name, _)| name == "user-agent") {
        headers.push(("user-agent".to_owned(), USER_AGENT.into()));
    }
    headers.push(("accept-encoding".to_owned(), "identity".into()));
    if let Some(body) = &request.body {
        let length = body.as_bytes().len().to_string();
        headers.push(("content-length".to_owned(), length.into()));
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart_and_nothing_of_it_is_changed() {
        for (url, authority, path) in [
            ("https://a.example", "a.example", "/"),
            (
                "https://a.example:8443/x/?q=a%20b",
                "a.example:8443",
                "/x/?q=a%20b",
            ),
            ("https://a.example?q=/", "a.example", "/?q=/"),
            ("https://[::1]:8443/x", "[::1]:8443", "/x"),
        ] {
            assert_eq!(parts(url), (authority, path.to_owned()), "{url}");
        }
    }

    #[test]
    fn the_hosts_headers_are_added_and_a_user_agent_only_if_there_is_none() {
        let request = |headers: &[(&str, &str)], body: Option<&str>| {
            let headers = headers
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
            let request = Request {
                headers: headers.collect(),
                body: body.map(Into::into),
                ..Request::default()
            };
            super::headers(&request).map(|headers| {
                let text =
                    |(name, value): (String, Vec<u8>)| format!("{name}: {}", value.escape_ascii());
                headers.into_iter().map(text).collect::<Vec<_>>()
            })
        };
        let own = format!("user-agent: {USER_AGENT}");
        assert_eq!(
            request(&[("X", "B\u{fc}cher"), ("x", "2")], None),
            Ok(vec![
                "x: B\\xfccher".to_owned(),
                "x: 2".to_owned(),
                own,
                "accept-encoding: identity".to_owned()
            ])
        );
        assert_eq!(
            request(&[("User-Agent", "mine")], Some("\u{fc}")),
            Ok(vec![
                "user-agent: mine".to_owned(),
                "accept-encoding: identity".to_owned(),
                "content-length: 2".to_owned()
            ])
        );
        let refused = request(&[("x", "\u{20ac}")], None).expect_err("a rule");
        assert!(!refused.may_have_acted && refused.message.contains("Latin-1"));
    }
}
