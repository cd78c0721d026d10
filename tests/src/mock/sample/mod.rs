//! Sample Desk, the invented PSA of the sample connector: access tokens, and the API that `component/sample` describes.

mod tenant; // A tenant's data.

use std::collections::HashMap;

use anyhow::Result;
use bytes::Bytes;
use psa_host::contract::Setting;
use serde_json::{Value, json};

use super::{Answer, Asked, Endless, ServerOptions, Service};

pub use tenant::Tenant;

/// How long a token lives, as the answer says. The mock ends it only when it is told to.
const TOKEN_SECONDS: u32 = 3_600;

/// A server of Sample Desk.
pub type Server = super::Server<SampleDesk>;

/// The PSA, with all of its tenants and the tokens that it gave them.
#[derive(Default)]
pub struct SampleDesk {
    tenants: HashMap<String, Tenant>,
    /// The client id of each token that is good.
    tokens: HashMap<String, String>,
    tokens_given: u64,
}

impl SampleDesk {
    /// A PSA with these tenants.
    #[must_use]
    pub fn new(tenants: Vec<Tenant>) -> Self {
        let named = tenants.into_iter().map(|it| (it.client_id.clone(), it));
        Self {
            tenants: named.collect(),
            ..Self::default()
        }
    }

    /// RFC 6749, section 4.4: client credentials in a form.
    fn token(&mut self, body: &Bytes) -> Answer {
        let form: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if field("grant_type") != "client_credentials" {
            return oauth_error("unsupported_grant_type");
        }
        let tenant = self.tenants.get(field("client_id"));
        let Some(tenant) = tenant.filter(|it| it.client_secret == field("client_secret")) else {
            return oauth_error("invalid_client");
        };
        self.tokens_given += 1;
        // Like a random one, and with letters that every encoding writes in another way.
        let noise = self.tokens_given.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let token = format!("sd~{noise:016x}+{}/Zq8=", self.tokens_given);
        self.tokens.insert(token.clone(), tenant.client_id.clone());
        let answer = json!({
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
        });
        Answer::json(200, &answer)
    }
}

impl Service for SampleDesk {
    /// The client id is in the form of the token's request, or behind the token, so no header names it.
    fn tenant_of(_: &Asked) -> Option<String> {
        None
    }

    fn headers(_: u64) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn answer(&mut self, asked: &Asked, body: &Bytes) -> Answer {
        if (asked.method.as_str(), asked.path.as_str()) == ("POST", "/oauth/token") {
            return self.token(body);
        }
        let Some(path) = asked.path.strip_prefix("/api/") else {
            return Answer::no_such_page();
        };
        let authorization = asked.header("authorization").unwrap_or_default();
        let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
        let client_id = self.tokens.get(token);
        match client_id.and_then(|client_id| self.tenants.get_mut(client_id)) {
            Some(tenant) => tenant.answer(asked, path, body),
            None => refusal(401, "token-not-known", "The access token is not known."),
        }
    }

    fn too_many_requests(retry_after: Option<&str>) -> Answer {
        let answer = refusal(429, "too-many-requests", "Too many requests.");
        retry_after.into_iter().fold(answer, |answer, seconds| {
            answer.with_header("retry-after", seconds.to_owned())
        })
    }

    fn endless_page(asked: &Asked, _: Endless) -> Answer {
        let after = asked.query("after").and_then(|after| after.parse().ok());
        let after: u64 = after.unwrap_or_default();
        let rows: Vec<Value> = (after + 1..=after + 100)
            .map(|id| json!({"id": id, "name": format!("Row {id}"), "active": true}))
            .collect();
        Answer::json(200, &json!({"rows": rows, "more": true}))
    }
}

impl Server {
    /// Starts a server with these tenants.
    ///
    /// # Errors
    /// As for [`Server::serve`].
    pub fn start(tenants: Vec<Tenant>) -> Result<Self> {
        Self::serve(SampleDesk::new(tenants), &ServerOptions::default())
    }

    /// The connector's settings for a tenant, with `localhost` as the site.
    ///
    /// # Panics
    /// There is no such tenant.
    #[must_use]
    pub fn settings(&self, client_id: &str) -> Vec<Setting> {
        let service = self.state.service();
        let tenant = &service.tenants[client_id];
        [
            ("site", self.site.as_str()),
            ("client-id", &tenant.client_id),
            ("client-secret", &tenant.client_secret),
        ]
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value: value.to_owned(),
        })
        .to_vec()
    }

    /// Every token that was given and is good, with the client id that it is for.
    #[must_use]
    pub fn tokens(&self) -> HashMap<String, String> {
        self.state.service().tokens.clone()
    }

    /// How many tokens were given since the start.
    #[must_use]
    pub fn tokens_given(&self) -> u64 {
        self.state.service().tokens_given
    }

    /// From now on, no token that was given is good.
    pub fn end_tokens(&self) {
        self.state.service().tokens.clear();
    }

    /// How many tickets a tenant has.
    ///
    /// # Panics
    /// There is no such tenant.
    #[must_use]
    pub fn tickets(&self, client_id: &str) -> usize {
        self.state.service().tenants[client_id].tickets()
    }
}

/// The API's own error.
fn refusal(status: u16, code: &str, message: &str) -> Answer {
    let error = json!({"error": {"code": code, "message": message, "fields": []}});
    Answer::json(status, &error)
}

/// RFC 6749, section 5.2.
fn oauth_error(code: &str) -> Answer {
    Answer::json(400, &json!({"error": code}))
}
