//! Access tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), shared by all rounds of a call.
//!
//! The host may keep the token's response and hand it over again. So a 401 may only mean that the kept token has expired:
//! then, and only then, a new one is asked for, and the requests that were refused are repeated, once.

use psa_contract::{ErrorCode, Request, Response};
use serde::Deserialize;

use crate::error::Error;
use crate::exchange::{Answer, Call, HttpResult, HttpSend, Subject, Tenant, exchange_one, unsent};
use crate::status::{Refusal, code_of};

/// The contract lets a host keep a response no longer.
const LONGEST_REUSE_SECONDS: u32 = 3_600;

/// Where a token comes from.
pub struct ClientCredentials<'a> {
    /// The token endpoint.
    pub url: String,
    /// `client_id`.
    pub client_id: &'a str,
    /// `client_secret`. Among the tenant's secrets, too.
    pub client_secret: &'a str,
    /// `scope`, if the server wants one.
    pub scope: Option<&'a str>,
    /// How long the host may keep a token: less than the server's `expires_in`. At most 3,600.
    pub reuse_seconds: u32,
}

/// A token that was asked for.
pub struct Token {
    value: String,
    /// The host kept it: it may have expired.
    was_kept: bool,
}

/// Asks for a token, and returns an [`HttpSend`] that puts it on every request. See [`signed_in`].
///
/// # Errors
/// There is no token: `unauthorized` if the credentials are refused, otherwise what the answer of the token endpoint means.
pub fn sign_in<'a>(
    tenant: &'a dyn Tenant,
    credentials: ClientCredentials<'a>,
    send: &'a mut HttpSend<'_>,
) -> Result<impl FnMut(&mut [Request]) -> Vec<HttpResult> + 'a, Error> {
    let token = credentials.ask(tenant, send)?;
    Ok(signed_in(tenant, credentials, token, send))
}

/// An [`HttpSend`] that puts the token on every request: for a PSA whose token endpoint needs more explanation than
/// [`sign_in`] gives.
///
/// A token that was kept and is refused is renewed there, once. If that fails, each request that was refused fails without
/// having acted; if the credentials are refused, that refusal takes the place of each 401, since it says why.
pub fn signed_in<'a>(
    tenant: &'a dyn Tenant,
    credentials: ClientCredentials<'a>,
    mut token: Token,
    send: &'a mut HttpSend<'_>,
) -> impl FnMut(&mut [Request]) -> Vec<HttpResult> + 'a {
    move |requests: &mut [Request]| {
        put_on(requests, &token.value);
        let mut results = send(requests);
        if !token.was_kept || !results.iter().any(is_unauthorized) {
            return results;
        }
        token.was_kept = false;
        let renewal = exchange_one(tenant, send, credentials.call(0));
        match read_token(&renewal) {
            Ok(renewed) if renewed.value != token.value => {
                token.value = renewed.value;
                repeat_refused(requests, &mut results, &token.value, send);
            }
            Ok(_) => {}
            Err(error) => {
                let reason = not_renewed(&renewal, &error);
                let refused = results.iter_mut().filter(|it| is_unauthorized(it));
                refused.for_each(|result| *result = reason.clone());
            }
        }
        results
    }
}

/// Sends what was refused once more, with a new token, and puts the new results in the places of the old ones.
fn repeat_refused(
    requests: &mut [Request],
    results: &mut [HttpResult],
    token: &str,
    send: &mut HttpSend,
) {
    let mut refused: Vec<_> = requests
        .iter_mut()
        .zip(results)
        .filter(|(_, result)| is_unauthorized(result))
        .collect();
    let mut again: Vec<Request> = Vec::new();
    for (request, _) in &mut refused {
        put_on(std::slice::from_mut(*request), token);
        again.push(request.clone());
    }
    for ((_, result), new) in refused.into_iter().zip(send(&mut again)) {
        *result = new;
    }
}

/// One that was there goes.
fn put_on(requests: &mut [Request], token: &str) {
    for Request { headers, .. } in requests {
        headers.retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
        headers.push(("authorization".to_owned(), format!("Bearer {token}")));
    }
}

fn is_unauthorized(result: &HttpResult) -> bool {
    result.as_ref().is_ok_and(|response| response.status == 401)
}

/// What comes of a request that was refused, if there is no new token.
fn not_renewed(renewal: &Answer, error: &Error) -> HttpResult {
    match &renewal.result {
        Ok(response) if error.code == ErrorCode::Unauthorized => Ok(Response {
            status: 401,
            ..response.clone()
        }),
        _ => Err(unsent(
            "the access token has expired and could not be renewed",
            error,
        )),
    }
}

impl ClientCredentials<'_> {
    /// Asks for a token, which the host may have kept.
    ///
    /// # Errors
    /// As for [`sign_in`].
    pub fn ask(&self, tenant: &dyn Tenant, send: &mut HttpSend) -> Result<Token, Error> {
        read_token(&exchange_one(tenant, send, self.call(self.reuse_seconds)))
    }

    fn call(&self, reuse_seconds: u32) -> Call {
        let mut fields = vec![
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id),
            ("client_secret", self.client_secret),
        ];
        fields.extend(self.scope.map(|scope| ("scope", scope)));
        Call::post("sign in", &self.url)
            .header("accept", "application/json")
            .form(&fields)
            .secret()
            .reuse_seconds(reuse_seconds.min(LONGEST_REUSE_SECONDS))
    }
}

#[derive(Deserialize)]
struct TokenResponse {
    access_token: String,
}

/// `{"error": "invalid_client", "error_description": "…"}` (RFC 6749, 5.2).
#[derive(Deserialize, Default)]
#[serde(default)]
struct OAuthError {
    error: String,
    error_description: String,
}

fn read_token(answer: &Answer) -> Result<Token, Error> {
    let response = match &answer.result {
        Ok(response) if (400..=401).contains(&response.status) => {
            let said: OAuthError = crate::json::read(&response.body).unwrap_or_default();
            return Err(
                match oauth_refusal(&answer.subject, response.status, said) {
                    Some(refusal) => answer.refused_as(response, refusal),
                    None => answer.refused(response),
                },
            );
        }
        _ => answer.success()?,
    };
    let token: TokenResponse = answer.read().map_err(|error| {
        // What came may be a token in another shape, so nothing of it is repeated.
        match error.code {
            ErrorCode::UnexpectedResponse => {
                answer.unexpected("expected a JSON object with `access_token`")
            }
            _ => error,
        }
    })?;
    let value = token.access_token;
    // It goes into a header as it is.
    if value.is_empty() || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(answer.unexpected("expected an access token of printable ASCII"));
    }
    Ok(Token {
        value,
        was_kept: response.age_seconds.is_some(),
    })
}

/// What an error in OAuth's form means; None: it has none.
fn oauth_refusal(subject: &Subject, status: u16, said: OAuthError) -> Option<Refusal> {
    let code = match said.error.as_str() {
        "" => return None,
        "invalid_client" | "unauthorized_client" | "invalid_grant" => ErrorCode::Unauthorized,
        "invalid_scope" => ErrorCode::Forbidden,
        _ => subject.judge(code_of(status)),
    };
    Some(Refusal {
        vendor_code: Some(said.error),
        message: said.error_description,
        ..Refusal::new(code)
    })
}

#[cfg(test)]
mod tests;
