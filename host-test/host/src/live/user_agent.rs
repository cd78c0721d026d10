//! The header User-Agent, which tells the PSA's operator who sends. Content networks refuse requests without one.

use reqwest::header::HeaderValue;

use crate::live::LiveError;

/// More is no address, and servers limit their headers.
const LONGEST_CONTACT_BYTES: usize = 200;

/// The longest part that a connector's description gives to the header.
const LONGEST_TOKEN_BYTES: usize = 64;

/// Such as `psa-host/0.2.0 ConnectWise-PSA-connector/0.2.0 (mailto:psa@platform.example)`.
pub(crate) fn user_agent(
    vendor: &str,
    connector_version: &str,
    contact: Option<&str>,
) -> Result<HeaderValue, LiveError> {
    let mut text = format!(
        "psa-host/{} {}-connector/{}",
        env!("CARGO_PKG_VERSION"),
        token(vendor),
        token(connector_version)
    );
    if let Some(contact) = contact.map(str::trim).filter(|contact| !contact.is_empty()) {
        if !is_comment(contact) {
            return Err(LiveError::Contact(contact.to_owned()));
        }
        text.push_str(&format!(" ({contact})"));
    }
    HeaderValue::from_str(&text).map_err(|_| LiveError::Contact(text))
}

/// A text of the connector as one word of the header.
fn token(text: &str) -> String {
    let is_of_token = |letter: char| letter.is_ascii_alphanumeric() || "._".contains(letter);
    let words = text.split(|letter| !is_of_token(letter));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let mut token = words.join("-");
    token.truncate(LONGEST_TOKEN_BYTES);
    if token.is_empty() {
        "unknown".to_owned()
    } else {
        token
    }
}

/// What may stand between the brackets of a header's comment (RFC 9110, section 5.6.5), nested comments left out.
fn is_comment(text: &str) -> bool {
    let is_of_comment = |byte: u8| (b' '..=b'~').contains(&byte) && !b"()\\".contains(&byte);
    text.len() <= LONGEST_CONTACT_BYTES && text.bytes().all(is_of_comment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn product_version_connector_and_contact_are_named() {
        let own = concat!("psa-host/", env!("CARGO_PKG_VERSION"));
        /// Vendor, version, contact, the header or none if the contact is refused.
        type Case<'a> = (&'a str, &'a str, Option<&'a str>, Option<&'a str>);
        let long = "x".repeat(201);
        let cases: &[Case<'_>] = &[
            (
                "ConnectWise PSA",
                "0.2.0",
                None,
                Some("ConnectWise-PSA-connector/0.2.0"),
            ),
            (
                "Example",
                "1",
                Some(" https://a.example/psa "),
                Some("Example-connector/1 (https://a.example/psa)"),
            ),
            ("Example", "1", Some(""), Some("Example-connector/1")),
            (
                "Größe\r\nx: y",
                "1.0-beta (2)",
                None,
                Some("Gr-e-x-y-connector/1.0-beta-2"),
            ),
            ("", "", None, Some("unknown-connector/unknown")),
            ("Example", "1", Some("a\r\nb: c"), None),
            ("Example", "1", Some("a) (b"), None),
            ("Example", "1", Some("büro@a.example"), None),
            ("Example", "1", Some(&long), None),
        ];
        for (vendor, version, contact, expected) in cases {
            let found = user_agent(vendor, version, *contact);
            let expected = expected.map(|rest| format!("{own} {rest}"));
            let found = found.ok();
            let found = found.as_ref().map(|value| value.to_str().expect("ASCII"));
            assert_eq!(found, expected.as_deref(), "{vendor:?} {contact:?}");
        }
    }
}
