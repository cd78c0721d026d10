//! Signing in: with a link that works once, or with the password.

use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use maud::html;
use subtle::ConstantTimeEq as _;

use super::fields::{Field, Problems, secret};
use super::form::Entered;
use super::layout::{bare, plain};
use super::shared::Page;
use super::visit::{Visit, see_other};
use crate::reference::sha256_hex;
use crate::service;

/// How long whoever enters a wrong password waits, and everybody after them.
const AFTER_A_WRONG_ONE: Duration = Duration::from_secs(1);

const ANOTHER_DEMONSTRATION: &str = "Open the link that the demonstration printed. It works once, for ten minutes. For another one, stop the demonstration with Ctrl-C and start it again: nothing is kept.";

/// A link, used up. A look at it alone (`HEAD`) does not use it.
pub(super) async fn link(
    State(page): State<Page>,
    method: Method,
    Path(token): Path<String>,
) -> Response {
    if method != Method::GET {
        return StatusCode::NO_CONTENT.into_response();
    }
    let mut response = match service::use_page_link(&page.office, &token).await {
        Ok(true) => signed_in(&page),
        Ok(false) => {
            let text = match page.options.is_demonstration {
                true => ANOTHER_DEMONSTRATION,
                false => {
                    "A link works once, for ten minutes. Run `psa-relay link` for another one."
                }
            };
            bare(StatusCode::FORBIDDEN, "This link no longer works", text)
        }
        Err(error) => {
            tracing::error!(%error, "a link cannot be read");
            let status = StatusCode::SERVICE_UNAVAILABLE;
            bare(
                status,
                "The relay cannot read its data",
                "Look into its log.",
            )
        }
    };
    let headers = response.headers_mut();
    let policy = HeaderValue::from_static("no-referrer");
    headers.insert(header::REFERRER_POLICY, policy);
    response
}

fn signed_in(page: &Page) -> Response {
    let (cookie, _) = page.begin();
    let mut response = see_other("/");
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

/// What a person sees who is not signed in.
pub(super) fn asked_for(page: &Page) -> Response {
    form(page, &Problems::default(), StatusCode::UNAUTHORIZED)
}

pub(super) async fn show(State(page): State<Page>) -> Response {
    form(&page, &Problems::default(), StatusCode::OK)
}

fn form(page: &Page, problems: &Problems, status: StatusCode) -> Response {
    let field = Field {
        name: "password",
        label: "Password",
        help: "It is in the file that `password-file` names.",
        is_required: true,
    };
    let content = html! {
        (problems.summary())
        h1 { "Sign in" }
        @if page.options.password.is_some() {
            form method="post" action="/sign-in" {
                (secret(field, problems))
                div.buttons { button type="submit" { "Sign in" } }
            }
        }
        @if page.options.is_demonstration {
            p { (ANOTHER_DEMONSTRATION) }
        } @else {
            p { "Run this where the relay runs, and open the link that it prints:" }
            p { code.copy { "psa-relay link" } }
            p { "Give it the same --config as the relay. The link works once, for ten minutes." }
        }
    };
    let mut response = plain("Sign in", &content);
    *response.status_mut() = status;
    response
}

pub(super) async fn password(State(page): State<Page>, entered: Entered) -> Response {
    let Some(expected) = &page.options.password else {
        return asked_for(&page);
    };
    // One at a time: guessing at many places at once is no faster.
    let Ok(turn) = page.turnstile.acquire().await else {
        return asked_for(&page);
    };
    let digest = |text: &str| sha256_hex(text.as_bytes());
    let (entered, expected) = (digest(entered.text("password")), digest(expected));
    if bool::from(entered.as_bytes().ct_eq(expected.as_bytes())) {
        return signed_in(&page);
    }
    tracing::warn!("a wrong password was entered on the page");
    tokio::time::sleep(AFTER_A_WRONG_ONE).await;
    drop(turn);
    let mut problems = Problems::default();
    problems.add("password", "This is not the password");
    form(&page, &problems, StatusCode::UNPROCESSABLE_ENTITY)
}

pub(super) async fn out(visit: Visit) -> Response {
    visit.end();
    see_other("/sign-in")
}
