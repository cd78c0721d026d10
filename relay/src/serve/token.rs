//! Where a request has its token: in a header, in the address, or in the event.

use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

/// The token of `Authorization: Bearer …` or `Token …`, or the password of `Basic`.
pub(super) fn of_headers(headers: &HeaderMap) -> Option<String> {
    let value = headers.get("authorization")?.to_str().ok()?;
    let (scheme, rest) = value.trim().split_once(' ')?;
    let rest = rest.trim();
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" | "token" | "genie" => Some(rest.to_owned()),
        "basic" => {
            let decoded = String::from_utf8(STANDARD.decode(rest).ok()?).ok()?;
            let (_, password) = decoded.split_once(':')?;
            Some(password.to_owned())
        }
        _ => None,
    }
}

/// `access_token` of the query, as CloudEvents' webhooks may have it.
pub(super) fn of_query(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "access_token")
        .map(|(_, token)| token.into_owned())
}

/// `routing_key` of an event of PagerDuty.
pub(super) fn of_event(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Event {
        routing_key: String,
    }
    let event: Event = serde_json::from_slice(body).ok()?;
    Some(event.routing_key)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_token_is_found_where_each_kind_of_sender_has_it() {
        let basic = format!("Basic {}", STANDARD.encode("anybody:t:1"));
        for (value, expected) in [
            ("Bearer t1", Some("t1")),
            ("bearer  t1 ", Some("t1")),
            (&*basic, Some("t:1")),
            ("Basic t1", None),
            ("Digest t1", None),
            ("t1", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(
                "authorization",
                HeaderValue::from_str(value).expect("ASCII"),
            );
            assert_eq!(of_headers(&headers).as_deref(), expected, "{value}");
        }
        assert_eq!(of_query("a=b&access_token=t%201").as_deref(), Some("t 1"));
        assert_eq!(of_query("a=b"), None);
        assert_eq!(
            of_event(br#"{"routing_key":"r","x":[1]}"#).as_deref(),
            Some("r")
        );
        assert_eq!(of_event(b"[]"), None);
    }
}
