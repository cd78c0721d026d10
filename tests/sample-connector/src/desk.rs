//! A tenant's Sample Desk in one call: the access token, and every request that needs it.
//!
//! The host may hand over a token that it kept. One that is refused is renewed once, and only the refused requests are
//! sent again.

use psa_contract::guest::send;
use psa_contract::{Body, ConnectorError, Failure, Request, Response};
use serde::Deserialize;

use crate::api::{Answer, Call};
use crate::settings::Settings;

/// Sample Desk's tokens live for an hour; one that is kept for 50 minutes is good for the rest of a call.
const REUSE_SECONDS: u32 = 3_000;

/// Signed in.
pub(crate) struct Desk<'a> {
    pub(crate) settings: &'a Settings,
    token: String,
    /// Whether the host had kept the token, so that it may have ended since.
    is_kept: bool,
}

#[derive(Deserialize)]
struct Token {
    access_token: String,
}

impl<'a> Desk<'a> {
    pub(crate) fn sign_in(settings: &'a Settings) -> Result<Self, ConnectorError> {
        let (token, is_kept) = token(settings, REUSE_SECONDS)?;
        Ok(Self {
            settings,
            token,
            is_kept,
        })
    }

    /// All of them in flight at once.
    pub(crate) fn send_all(&mut self, calls: Vec<Call>) -> Vec<Answer> {
        if calls.is_empty() {
            return Vec::new();
        }
        let mut results = self.exchange(calls.iter());
        let is_refused = |result: &Result<Response, Failure>| matches!(result, Ok(response) if response.status == 401);
        let mut not_renewed = None;
        // Wrong: credentials that are refused stay refused, however often they are renewed.
        while (self.is_kept || cfg!(feature = "renews-without-end"))
            && results.iter().any(is_refused)
        {
            self.is_kept = false;
            match token(self.settings, 0) {
                Ok((renewed, _))
                    if renewed == self.token && !cfg!(feature = "renews-without-end") => {}
                Ok((renewed, _)) => {
                    self.token = renewed;
                    let refused = calls.iter().zip(&results);
                    let refused = refused.filter(|(_, result)| is_refused(result));
                    let mut again = self.exchange(refused.map(|(call, _)| call)).into_iter();
                    for result in results.iter_mut().filter(|it| is_refused(it)) {
                        *result = again.next().expect("a result for each request");
                    }
                }
                Err(error) => {
                    not_renewed = Some(error);
                    break;
                }
            }
        }
        let answers = calls.into_iter().zip(results);
        answers
            .map(|(call, result)| Answer {
                call,
                not_renewed: not_renewed.clone().filter(|_| is_refused(&result)),
                result,
                secrets: secrets(self.settings, &self.token),
            })
            .collect()
    }

    pub(crate) fn send_one(&mut self, call: Call) -> Answer {
        let mut answers = self.send_all(vec![call]);
        answers
            .pop()
            .expect("the host answers as many requests as it is given")
    }

    /// For what is wrong on purpose: the same token on another host.
    pub(crate) fn at<'b>(&self, settings: &'b Settings) -> Desk<'b> {
        Desk {
            settings,
            token: self.token.clone(),
            is_kept: false,
        }
    }

    /// For what is wrong on purpose.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }

    fn exchange<'b>(
        &self,
        calls: impl Iterator<Item = &'b Call>,
    ) -> Vec<Result<Response, Failure>> {
        let requests: Vec<Request> = calls.map(|call| self.request(call)).collect();
        send(&requests)
    }

    fn request(&self, call: &Call) -> Request {
        let mut headers = vec![
            ("accept".to_owned(), "application/json".to_owned()),
            ("authorization".to_owned(), format!("Bearer {}", self.token)),
        ];
        if call.body.is_some() {
            headers.push(("content-type".to_owned(), "application/json".to_owned()));
        }
        let is_create = call.body.is_some();
        Request {
            method: if is_create { "POST" } else { "GET" }.to_owned(),
            url: format!("{}{}", self.settings.origin(), call.path),
            headers,
            body: call.body.clone().map(Body::Text),
            // Wrong: hosts repeat what is no write, and forget that it was sent. And they do not repeat what is one.
            is_write: if cfg!(feature = "creates-as-a-read") {
                false
            } else {
                is_create || cfg!(feature = "marks-a-read-as-a-write")
            },
            ..Request::default()
        }
    }
}

/// The access token, and whether the host had kept it. RFC 6749, section 4.4.
fn token(settings: &Settings, reuse_seconds: u32) -> Result<(String, bool), ConnectorError> {
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", &settings.client_id)
        .append_pair("client_secret", &settings.client_secret)
        .finish();
    let request = Request {
        method: "POST".to_owned(),
        url: format!("{}/oauth/token", settings.origin()),
        headers: vec![
            ("accept".to_owned(), "application/json".to_owned()),
            (
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ],
        body: Some(Body::Text(form)),
        reuse_seconds: Some(reuse_seconds),
        // Wrong: a host writes it into its logs and recordings.
        is_secret: !cfg!(feature = "token-request-not-secret"),
        ..Request::default()
    };
    let result = send(&[request]).pop();
    let answer = Answer {
        call: Call {
            doing: "sign in",
            permission: None,
            path: "/oauth/token".to_owned(),
            body: None,
            is_sign_in: true,
        },
        result: result.expect("the host answers as many requests as it is given"),
        secrets: secrets(settings, ""),
        not_renewed: None,
    };
    let token = answer.read::<Token>()?.access_token;
    // It goes into a header.
    if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(answer.not_understood("an access token that no header can carry"));
    }
    let response = answer.result.as_ref().ok();
    let is_kept = response.is_some_and(|response| response.age_seconds.is_some());
    Ok((token, is_kept))
}

/// The client secret first.
fn secrets(settings: &Settings, token: &str) -> Vec<String> {
    let mut secrets = vec![settings.client_secret.clone(), settings.client_id.clone()];
    secrets.extend(Some(token.to_owned()).filter(|token| !token.is_empty()));
    secrets
}
