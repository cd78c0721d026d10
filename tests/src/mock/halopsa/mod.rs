//! HaloPSA, as far as published clients and what their authors saw tell of it: access tokens, rights that show as empty
//! refusals or as missing rows, lists that ignore what they do not know, and writes by POST of an array.

mod lists; // Pages, order and filters.
mod tenant; // A tenant's data, and what its versions do otherwise.
mod tickets; // Tickets and their actions.

use std::collections::HashMap;

use anyhow::Result;
use bytes::Bytes;
use psa_host::contract::Setting;
use serde_json::{Value, json};

use super::{Answer, Asked, Endless, ServerOptions, Service};

pub use tenant::{Right, Tenant};
pub use tickets::{Action, Ticket};

/// A server of Halo.
pub type Server = super::Server<HaloPsa>;

/// The PSA, with all of its tenants and the tokens that it gave them.
#[derive(Default)]
pub struct HaloPsa {
    tenants: HashMap<String, Tenant>,
    /// The tenant and the scope of each token that is good.
    tokens: HashMap<String, (String, String)>,
    tokens_given: u64,
}

impl HaloPsa {
    /// `POST /auth/token?tenant=T`, or without it at `T.halopsa.com`. Anything else in the form, and another method, is refused as the framework does.
    fn token(&mut self, asked: &Asked, body: &Bytes) -> Answer {
        if asked.method != "POST" {
            return empty(405);
        }
        let form: HashMap<String, String> = form_urlencoded::parse(body).into_owned().collect();
        let field = |name: &str| form.get(name).map_or("", String::as_str);
        if field("grant_type") != "client_credentials" {
            return oauth_error(400, "unsupported_grant_type");
        }
        // A host of one tenant needs no name.
        let of_host = asked.authority.split('.').next().unwrap_or_default();
        let tenant = asked.query("tenant").unwrap_or(of_host);
        let Some(tenant) = self.tenants.get(tenant) else {
            return oauth_error(400, "invalid_client");
        };
        if tenant.client_id != field("client_id") || tenant.client_secret != field("client_secret")
        {
            return oauth_error(401, "invalid_client");
        }
        self.tokens_given += 1;
        // As long as a real one, and with letters that every encoding writes in another way.
        let noise = self.tokens_given.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let token = format!(
            "eyJhbGciOiJSUzI1NiJ9.{noise:016x}.h4lo-{}_x",
            self.tokens_given
        );
        let scope = field("scope").to_owned();
        self.tokens
            .insert(token.clone(), (tenant.name.clone(), scope.clone()));
        let answer = json!({
            "scope": scope,
            "token_type": "Bearer",
            "access_token": token,
            "expires_in": 3_600,
            "refresh_token": format!("refresh-{noise:016x}"),
        });
        Answer::json(200, &answer)
    }

    /// What is served without a token.
    fn info(&self, asked: &Asked) -> Answer {
        let tenant = self.tenants.keys().next().map_or("", String::as_str);
        let auth_url = format!("https://{}/auth", asked.authority);
        let info = json!({"app_version": "2.236.133", "auth_url": auth_url, "tenant_id": tenant});
        Answer::json(200, &info)
    }
}

impl Service for HaloPsa {
    /// Behind the token, so no header names it.
    fn tenant_of(_: &Asked) -> Option<String> {
        None
    }

    fn headers(_: u64) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn answer(&mut self, asked: &Asked, body: &Bytes) -> Answer {
        let path = asked.path.to_lowercase();
        if path == "/auth/token" {
            return self.token(asked, body);
        }
        let Some(path) = path.strip_prefix("/api/") else {
            // The web application answers every other path.
            let page = "<!DOCTYPE html><html><head><title>Halo</title></head><body></body></html>";
            return Answer::text(200, "text/html; charset=utf-8", page);
        };
        if ["authinfo", "instanceinfo"].contains(&path) {
            return self.info(asked);
        }
        let authorization = asked.header("authorization").unwrap_or_default();
        let token = authorization.strip_prefix("Bearer ").unwrap_or_default();
        match self.tokens.get(token) {
            // A token without a scope is refused everywhere.
            Some((name, scope)) if !scope.is_empty() => match self.tenants.get_mut(name) {
                Some(tenant) => tenant.answer(asked, path, body),
                None => empty(401),
            },
            _ => empty(401),
        }
    }

    fn too_many_requests(retry_after: Option<&str>) -> Answer {
        let words =
            json!({"error": "Rate Limit Reached - 500 Requests per rolling 3 minute window"});
        let answer = Answer::json(429, &words);
        retry_after.into_iter().fold(answer, |answer, seconds| {
            answer.with_header("retry-after", seconds.to_owned())
        })
    }

    fn endless_page(asked: &Asked, _: Endless) -> Answer {
        let page: u64 = asked
            .query("page_no")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        let ids = (page - 1) * 100 + 1..=page * 100;
        let rows: Vec<Value> = ids
            .map(|id| json!({"id": id, "name": format!("Row {id}"), "client_id": 12}))
            .collect();
        let list = json!({"record_count": 1_000_000_000, "clients": rows});
        Answer::json(200, &list)
    }
}

impl Server {
    /// Starts a server with one tenant.
    ///
    /// # Errors
    /// As for [`Server::serve`].
    pub fn start(tenant: Tenant, options: &ServerOptions) -> Result<Self> {
        let service = HaloPsa {
            tenants: [(tenant.name.clone(), tenant)].into(),
            ..HaloPsa::default()
        };
        Self::serve(service, options)
    }

    /// The connector's settings for its tenant.
    #[must_use]
    pub fn settings(&self) -> Vec<Setting> {
        let [client_id, client_secret, name] = self.tenant(|it| {
            [
                it.client_id.clone(),
                it.client_secret.clone(),
                it.name.clone(),
            ]
        });
        [
            ("resource-server", self.site.clone()),
            ("tenant", name),
            ("client-id", client_id),
            ("client-secret", client_secret),
        ]
        .map(|(name, value)| Setting {
            name: name.to_owned(),
            value,
        })
        .to_vec()
    }

    /// Looks at its tenant, or changes it.
    ///
    /// # Panics
    /// There is none.
    pub fn tenant<T>(&self, look: impl FnOnce(&mut Tenant) -> T) -> T {
        let mut service = self.state.service();
        look(service.tenants.values_mut().next().expect("a tenant"))
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
}

/// Without a body, as Halo answers where a right or a record is missing.
fn empty(status: u16) -> Answer {
    Answer {
        status,
        headers: Vec::new(),
        body: Bytes::new(),
    }
}

/// RFC 6749, section 5.2.
fn oauth_error(status: u16, code: &str) -> Answer {
    Answer::json(status, &json!({"error": code}))
}

/// A business rule, which Halo serialises as an exception.
fn exception(message: &str) -> Answer {
    let body = json!({"ClassName": "System.Exception", "Message": message, "Data": null, "InnerException": null});
    Answer::json(400, &body)
}

/// A value that the framework cannot read.
fn model_state(member: &str, value: &str) -> Answer {
    let fault = format!("The value '{value}' is not valid.");
    Answer::json(400, &json!({member: [fault]}))
}
