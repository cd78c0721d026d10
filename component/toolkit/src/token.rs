//! Access tokens by OAuth 2.0 client credentials (RFC 6749, 4.4), shared by all rounds of a call.
//!
//! The host may keep the token's response and hand it over again. So a 401 may only mean that the kept token has expired:
//! then, and only then, a new one is asked for, and the requests that were refused are repeated, once.

use psa_contract::ErrorCode;
use serde::Deserialize;

use crate::error::Error;
use crate::exchange::{Answer, Call, HttpSend, Subject, Tenant, exchange, exchange_one};
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

/// The requests of one call, each with the token.
pub struct Session<'a> {
    tenant: &'a dyn Tenant,
    credentials: &'a ClientCredentials<'a>,
    token: Option<Token>,
}

#[derive(Clone)]
struct Token {
    value: String,
    /// The host kept it: it may have expired.
    was_kept: bool,
}

impl<'a> Session<'a> {
    /// A session without a token: the first round asks for one.
    #[must_use]
    pub fn new(tenant: &'a dyn Tenant, credentials: &'a ClientCredentials<'a>) -> Self {
        Self {
            tenant,
            credentials,
            token: None,
        }
    }

    /// Sends the calls in one round, each with the token. One answer for each.
    ///
    /// # Errors
    /// There is no token: `unauthorized` if the credentials are refused, otherwise what the answer of the token endpoint
    /// means. A 401 to a call is in its answer.
    pub fn exchange(
        &mut self,
        send: &mut HttpSend,
        calls: Vec<Call>,
    ) -> Result<Vec<Answer<'a>>, Error> {
        if calls.is_empty() {
            return Ok(Vec::new());
        }
        let token = match &self.token {
            Some(token) => token.clone(),
            None => self.fetch(send, self.credentials.reuse_seconds)?,
        };
        let calls = calls.into_iter().map(|call| with_token(call, &token.value));
        let mut answers = exchange(self.tenant, send, calls.collect());
        if !token.was_kept || !answers.iter().any(is_unauthorized) {
            return Ok(answers);
        }
        let renewed = self.fetch(send, 0)?;
        if renewed.value == token.value {
            return Ok(answers);
        }
        let refused: Vec<usize> = (0_usize..)
            .zip(&answers)
            .filter(|(_, answer)| is_unauthorized(answer))
            .map(|(index, _)| index)
            .collect();
        let calls = refused
            .iter()
            .filter_map(|index| answers.get(*index))
            .map(|answer| again(answer, &renewed.value));
        let calls = calls.collect();
        for (index, answer) in refused.into_iter().zip(exchange(self.tenant, send, calls)) {
            if let Some(place) = answers.get_mut(index) {
                *place = answer;
            }
        }
        Ok(answers)
    }

    /// Asks for a token, and keeps it for the next rounds.
    fn fetch(&mut self, send: &mut HttpSend, reuse_seconds: u32) -> Result<Token, Error> {
        let call = self.credentials.call(reuse_seconds);
        let token = read_token(&exchange_one(self.tenant, send, call))?;
        self.token = Some(token.clone());
        Ok(token)
    }
}

impl ClientCredentials<'_> {
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

fn with_token(call: Call, token: &str) -> Call {
    call.header("authorization", format!("Bearer {token}"))
}

/// The request of an answer once more, with another token.
fn again(answer: &Answer, token: &str) -> Call {
    let mut request = answer.request.clone();
    request
        .headers
        .retain(|(name, _)| !name.eq_ignore_ascii_case("authorization"));
    let subject = answer.subject.clone();
    with_token(Call { subject, request }, token)
}

fn is_unauthorized(answer: &Answer) -> bool {
    answer
        .result
        .as_ref()
        .is_ok_and(|response| response.status == 401)
}

#[cfg(test)]
mod tests;
