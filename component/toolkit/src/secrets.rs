//! The texts that must never be shown, and the one place where text from outside is made fit for a message.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::text::{one_line, replace_ignoring_case};
use crate::url;

/// Shorter secrets are not searched for in messages: every other word would be blanked, which tells more than it hides.
const SHORTEST_SECRET_BYTES: usize = 4;
/// Long enough for every known message of a PSA, short enough for a line of a log.
const LONGEST_QUOTE_CHARACTERS: usize = 300;

/// The texts that must never be shown. Each is recognised as it is, in Base64, and percent-encoded, whatever its case.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// What is secret: passwords, keys, and what a credential is made of before it is encoded (`user:password`). Longer
    /// texts that hold others come first.
    pub fn new(texts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(texts.into_iter().map(Into::into).collect())
    }

    /// Text from outside, fit for a message: without secrets, on one line, at most 300 characters.
    #[must_use]
    pub fn quote(&self, text: &str) -> String {
        self.quote_without(None, text)
    }

    /// The same for a text that may also hold the credential that a request carried.
    pub(crate) fn quote_without(&self, credential: Option<&str>, text: &str) -> String {
        if text.is_empty() {
            return String::new();
        }
        cut(&one_line(&self.blank(credential, text)))
    }

    /// Text with every secret replaced by `[secret]`, and otherwise unchanged.
    fn blank(&self, credential: Option<&str>, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        let mut lower_case = text.to_ascii_lowercase();
        let mut blank = |secret: &str| {
            let is_searched = (SHORTEST_SECRET_BYTES..=lower_case.len()).contains(&secret.len());
            if is_searched && lower_case.contains(&secret.to_ascii_lowercase()) {
                text = Cow::Owned(replace_ignoring_case(&text, secret, "[secret]"));
                lower_case = text.to_ascii_lowercase();
            }
        };
        for secret in &self.0 {
            blank(&basic(secret));
            let in_a_url = url::segment(secret);
            if in_a_url != *secret {
                blank(&in_a_url);
            }
            blank(secret);
        }
        if let Some(credential) = credential {
            blank(credential);
        }
        text.into_owned()
    }
}

/// Shows none of them.
impl fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Secrets({})", self.0.len())
    }
}

/// A text that must never be shown, as settings keep it: neither is it in their `Debug`.
#[derive(Clone, PartialEq)]
pub struct Secret(String);

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Deref for Secret {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret")
    }
}

/// The Base64 form of a credential, as the header `Authorization: Basic` carries it.
#[must_use]
pub fn basic(credential: &str) -> String {
    BASE64.encode(credential)
}

fn cut(line: &str) -> String {
    match line.char_indices().nth(LONGEST_QUOTE_CHARACTERS) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_blanked_in_every_form() {
        let secrets = Secrets::new(["acme+key:p&ss word", "p&ss word"]);
        for (text, expected) in [
            ("said p&ss word!", "said [secret]!"),
            ("said P&SS WORD!", "said [secret]!"),
            ("q=p%26ss%20word", "q=[secret]"),
            ("q=p%26SS%20WORD", "q=[secret]"),
            ("credential YWNtZStrZXk6cCZzcyB3b3Jk", "credential [secret]"),
            ("cCZzcyB3b3Jk", "[secret]"),
            ("acme+key:p&ss word", "[secret]"),
            ("nothing", "nothing"),
        ] {
            assert_eq!(secrets.quote(text), expected, "{text}");
        }
        assert_eq!(format!("{secrets:?}"), "Secrets(2)");
        let secret = Secret::from("p&ss word".to_owned());
        assert_eq!(
            (&*secret, format!("{secret:?}").as_str()),
            ("p&ss word", "Secret")
        );
    }

    #[test]
    fn a_secret_of_three_letters_is_not_searched_for() {
        for (secret, expected) in [("psa", "the psa says no"), ("says", "the psa [secret] no")] {
            assert_eq!(Secrets::new([secret]).quote("the psa says no"), expected);
        }
    }

    #[test]
    fn the_credential_of_a_request_is_blanked_too() {
        let quoted = Secrets::default().quote_without(Some("eyJ0b2tlbiJ9"), "bad eyJ0b2tlbiJ9");
        assert_eq!(quoted, "bad [secret]");
    }

    #[test]
    fn a_quote_is_one_short_line() {
        let secrets = Secrets::default();
        assert_eq!(secrets.quote("a\r\n\u{7}b\tc"), "a b c");
        let long = "ä".repeat(400);
        assert_eq!(secrets.quote(&long), format!("{}…", "ä".repeat(300)));
    }
}
