//! What was entered: the fields of a form or of an address, in order.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::Response;

use super::layout::bare;

/// The largest form: a file of companies is pasted into one.
const LARGEST: usize = 4 << 20;

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub(super) struct Entered(Vec<(String, String)>);

/// The fields of an address.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked(Entered);

impl Entered {
    fn parse(bytes: &[u8]) -> Self {
        let pairs = form_urlencoded::parse(bytes);
        Self(
            pairs
                .map(|(n, v)| (n.into_owned(), v.into_owned()))
                .collect(),
        )
    }

    /// A field, without white space around it. Empty if it is not there.
    pub(super) fn text(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field as it was entered: names of companies come back as they were.
    pub(super) fn raw(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, value)| value)
    }

    /// A field that is there and not empty.
    pub(super) fn some(&self, name: &str) -> Option<String> {
        let text = self.text(name);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// Every value of a field.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.0.iter().filter(move |(it, _)| it == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a box was ticked.
    pub(super) fn is_ticked(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }
}

impl std::ops::Deref for Asked {
    type Target = Entered;

    fn deref(&self) -> &Entered {
        &self.0
    }
}

impl<S: Sync> FromRequest<S> for Entered {
    type Rejection = Response;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Response> {
        let media_type = request.headers().get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|it| it.to_str().ok()).unwrap_or("");
        let is_form = media_type
            .split(';')
            .next()
            .is_some_and(|it| it.trim() == "application/x-www-form-urlencoded");
        if !is_form {
            let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
            return Err(bare(status, "This is not a form", "Use the page itself."));
        }
        let bytes = to_bytes(request.into_body(), LARGEST).await;
        let bytes = bytes.map_err(|_| {
            let text = "A form has at most 4 MiB. Import a long list in parts.";
            bare(StatusCode::PAYLOAD_TOO_LARGE, "This is too much", text)
        })?;
        Ok(Self::parse(&bytes))
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(Entered::parse(query.as_bytes())))
    }
}
