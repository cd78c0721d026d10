//! A body as text, whatever it holds.

use std::borrow::Cow;

use psa_contract::Body;

/// A body as text, without the mark that some servers put before JSON.
#[must_use]
pub fn text_of(body: &Body) -> Cow<'_, str> {
    let text = match body {
        Body::Text(text) => Cow::Borrowed(text.as_str()),
        Body::Bytes(bytes) => String::from_utf8_lossy(bytes),
    };
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
        Cow::Owned(text) => match text.strip_prefix('\u{feff}') {
            Some(rest) => Cow::Owned(rest.to_owned()),
            None => Cow::Owned(text),
        },
    }
}

/// Whether a body is a web page, as a login page or a proxy's error page is.
#[must_use]
pub fn is_web_page(body: &Body) -> bool {
    text_of(body).trim_start().starts_with('<')
}
