//! Texts as parts of a URL or of a form.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// What lists of names are made of stays, so that a URL in a log can be read.
const QUERY: &AsciiSet = &SEGMENT.remove(b',').remove(b'/');

/// A text as one segment of a path: a slash does not end it.
#[must_use]
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, SEGMENT).to_string()
}

/// A text as a value of a query.
#[must_use]
pub fn query_value(text: &str) -> String {
    utf8_percent_encode(text, QUERY).to_string()
}

/// A URL with a query of these names, which need no encoding, and values.
#[must_use]
pub fn with_query(url: &str, query: &[(&str, &str)]) -> String {
    if query.is_empty() {
        return url.to_owned();
    }
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", query_value(value)))
        .collect();
    format!("{url}?{}", pairs.join("&"))
}

/// The body of a form (`application/x-www-form-urlencoded`).
#[must_use]
pub fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", segment(name), segment(value)))
        .collect();
    pairs.join("&")
}

/// `https://psa.example.com:8443` of a URL there. None: it is not an `https` URL with a host, or it holds user information.
#[must_use]
pub fn origin(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    let length = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let authority = rest.get(..length)?;
    let is_one = !authority.is_empty()
        && !authority.contains('@')
        && authority.bytes().all(|byte| byte.is_ascii_graphic());
    is_one
        .then(|| url.get(.."https://".len().saturating_add(length)))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_and_a_form_are_encoded() {
        let query = [
            ("fields", "id,status/name"),
            ("conditions", "id>5 and a=\"ü&+\""),
        ];
        assert_eq!(
            with_query("https://a/b", &query),
            "https://a/b?fields=id,status/name&conditions=id%3E5%20and%20a%3D%22%C3%BC%26%2B%22"
        );
        assert_eq!(with_query("https://a/b", &[]), "https://a/b");
        assert_eq!(form(&[("a", "b c/d"), ("e", "&=")]), "a=b%20c%2Fd&e=%26%3D");
        assert_eq!(segment("a/b"), "a%2Fb");
    }

    #[test]
    fn the_origin_of_a_url() {
        for (url, expected) in [
            ("https://a.example/b", Some("https://a.example")),
            ("https://a.example:8443?x", Some("https://a.example:8443")),
            ("https://a.example", Some("https://a.example")),
            ("https://a.example\\@b.example/", Some("https://a.example")),
            ("https://a@b.example/", None),
            ("http://a.example/", None),
            ("https:///b", None),
            ("/b", None),
        ] {
            assert_eq!(origin(url), expected, "{url}");
        }
    }
}
