//! One request of a person who is signed in, and how it is answered.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::Markup;
use psa_contract::ConnectorDescription;

use super::layout::{bare, document};
use super::session::{Notice, Visitor};
use super::shared::Page;
use crate::office::Office;
use crate::service::{self, ServiceError};
use crate::store::StoreError;
use crate::tenant::Tenant;

pub(super) struct Visit {
    pub(super) page: Page,
    visitor: Visitor,
}

/// A page in place of the one that was asked for.
pub(super) struct Trouble(Box<Response>);

pub(super) type Answer = Result<Response, Trouble>;

impl FromRequestParts<Page> for Visit {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, page: &Page) -> Result<Self, Trouble> {
        // The guard lets nobody else here.
        let visitor = parts.extensions.get::<Visitor>().cloned();
        let visitor = visitor.ok_or_else(|| {
            let text = "Sign in first.";
            Trouble(Box::new(bare(
                StatusCode::UNAUTHORIZED,
                "You are not signed in",
                text,
            )))
        })?;
        Ok(Self {
            page: page.clone(),
            visitor,
        })
    }
}

impl Visit {
    pub(super) fn office(&self) -> &Office {
        &self.page.office
    }

    pub(super) async fn tenant(&self, id: &str) -> Result<Tenant, Trouble> {
        Ok(service::tenant_of(self.office(), id).await?)
    }

    pub(super) fn description(&self, connector: &str) -> Result<ConnectorDescription, Trouble> {
        let description = self.office().desks.description(connector);
        let description = description
            .ok_or_else(|| ServiceError::Missing(format!("there is no connector {connector}")))?;
        Ok(description.clone())
    }

    /// A page.
    pub(super) fn show(&self, title: &str, content: &Markup) -> Response {
        let notice = self.page.sessions.take_notice(&self.visitor);
        document(title, notice.as_ref(), content)
    }

    /// A page whose form has errors.
    pub(super) fn refuse(&self, title: &str, content: &Markup) -> Response {
        let mut response = self.show(&format!("Error: {title}"), content);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        response
    }

    /// On to another page.
    pub(super) fn go(&self, path: &str) -> Response {
        see_other(path)
    }

    /// On to another page, which says this.
    pub(super) fn go_saying(&self, path: &str, text: impl Into<String>) -> Response {
        self.tell(Notice::Done(text.into()));
        see_other(path)
    }

    /// On to another page, which says that this did not work.
    pub(super) fn go_failing(&self, path: &str, text: impl Into<String>) -> Response {
        self.tell(Notice::Failed(text.into()));
        see_other(path)
    }

    pub(super) fn tell(&self, notice: Notice) {
        self.page.sessions.tell(&self.visitor, notice);
    }

    pub(super) fn end(&self) {
        self.page.sessions.end(&self.visitor);
    }
}

/// On to another page of this host.
pub(super) fn see_other(path: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    let path = HeaderValue::try_from(path).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, path);
    response
}

impl axum::response::IntoResponse for Trouble {
    fn into_response(self) -> Response {
        *self.0
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        ServiceError::Store(error).into()
    }
}

impl From<ServiceError> for Trouble {
    fn from(error: ServiceError) -> Self {
        let (status, title) = match &error {
            ServiceError::Missing(_) => (StatusCode::NOT_FOUND, "There is no such thing"),
            ServiceError::Invalid { .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "This cannot be done")
            }
            ServiceError::Psa(_) => (StatusCode::BAD_GATEWAY, "The PSA did not do this"),
            ServiceError::Store(_) | ServiceError::Vault(_) => {
                tracing::error!(%error, "the page cannot be shown");
                (
                    StatusCode::SERVICE_UNAVAILABLE,
                    "The relay cannot read its data",
                )
            }
        };
        Self(Box::new(bare(status, title, &error.to_string())))
    }
}
