//! Autotask PSA, as its Developer Help describes it and as users of the API report it: zones, queries, business rules that
//! come as a 500, and answers that say less than they could.

mod example; // A tenant's records and choosers.
mod query; // The language of queries, and pages.
mod routes; // Which request is which.
mod tenant; // A tenant's data.
mod writes; // What is written, and what is declined.

use std::collections::HashMap;

use anyhow::Result;
use bytes::Bytes;
use psa_host::contract::Setting;
use serde_json::{Value, json};

use super::{Answer, Asked, Endless, ServerOptions, Service};

pub use tenant::{Tenant, WrongZone};

/// A server of Autotask.
pub type Server = super::Server<Autotask>;

/// The host that looks zones up, and those of the zones that tenants can be in.
pub const HOSTS: [&str; 3] = [
    "webservices.autotask.net",
    "webservices5.autotask.net",
    "webservices6.autotask.net",
];

/// The PSA, with all of its tenants.
#[derive(Default)]
pub struct Autotask {
    tenants: HashMap<String, Tenant>,
    zone_lookups: u64,
}

impl Autotask {
    /// A PSA with these tenants.
    #[must_use]
    pub fn new(tenants: Vec<Tenant>) -> Self {
        let named = tenants.into_iter().map(|it| (it.user_name.clone(), it));
        Self {
            tenants: named.collect(),
            zone_lookups: 0,
        }
    }

    /// Of any user, on any host, without credentials. The version is not in the URL.
    fn zone_information(&mut self, asked: &Asked) -> Answer {
        self.zone_lookups += 1;
        let user = asked.query("user").unwrap_or_default();
        match self.tenants.get(user) {
            Some(tenant) => {
                let zone = tenant.zone;
                Answer::json(
                    200,
                    &json!({
                        "zoneName": format!("Zone {zone}"),
                        "url": format!("https://webservices{zone}.autotask.net/ATServicesRest/"),
                        "webUrl": format!("https://ww{zone}.autotask.net/"),
                        "ci": 0,
                    }),
                )
            }
            None => declined(&["Zone information could not be determined"]),
        }
    }
}

impl Service for Autotask {
    fn tenant_of(asked: &Asked) -> Option<String> {
        asked.header("username").map(str::to_owned)
    }

    fn headers(_: u64) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn answer(&mut self, asked: &Asked, body: &Bytes) -> Answer {
        let path = asked.path.to_ascii_lowercase();
        let Some(rest) = path.strip_prefix("/atservicesrest/v1.0/") else {
            return Answer::no_such_page();
        };
        if rest == "zoneinformation" {
            return self.zone_information(asked);
        }
        let path = &asked.path[asked.path.len() - rest.len()..];
        let user = asked.header("username").unwrap_or_default();
        match self.tenants.get_mut(user) {
            Some(tenant) => routes::answer(asked, path, tenant, body),
            None => not_let_in(),
        }
    }

    fn too_many_requests(retry_after: Option<&str>) -> Answer {
        let body = json!({"errors": ["Thread Threshold Exceeded"]});
        let answer = Answer::json(429, &body);
        retry_after.into_iter().fold(answer, |answer, seconds| {
            answer.with_header("retry-after", seconds.to_owned())
        })
    }

    fn endless_page(_: &Asked, _: Endless) -> Answer {
        let rows: Vec<Value> = (1..=500)
            .map(|id| json!({"id": id, "companyName": "Company"}))
            .collect();
        Answer::json(200, &query::page(&rows, Some("x")))
    }
}

impl Server {
    /// Starts a server with these tenants. It has the names of all hosts, and speaks HTTP/1.1.
    ///
    /// # Errors
    /// As for [`Server::serve`].
    pub fn start(tenants: Vec<Tenant>) -> Result<Self> {
        let options = ServerOptions {
            names: HOSTS.map(str::to_owned).to_vec(),
            http2: false,
        };
        Self::serve(Autotask::new(tenants), &options)
    }

    /// Looks at a tenant, or changes it, while no request is acted on.
    ///
    /// # Panics
    /// There is no such tenant.
    pub fn tenant<T>(&self, user_name: &str, look: impl FnOnce(&mut Tenant) -> T) -> T {
        let mut service = self.state.service();
        let tenant = service.tenants.get_mut(user_name);
        look(tenant.unwrap_or_else(|| panic!("the server has no user {user_name}")))
    }

    /// How often a zone was looked up.
    #[must_use]
    pub fn zone_lookups(&self) -> u64 {
        self.state.service().zone_lookups
    }

    /// The connector's settings for a tenant, without a zone.
    #[must_use]
    pub fn settings(&self, user_name: &str) -> Vec<Setting> {
        self.tenant(user_name, |tenant| tenant.settings())
    }
}

/// What is wrong with a request, as nearly everything is.
fn declined(errors: &[&str]) -> Answer {
    Answer::json(500, &json!({"errors": errors}))
}

/// Whatever is wrong with the credentials: no body, and a challenge that misleads.
fn not_let_in() -> Answer {
    Answer::text(401, "text/plain", "").with_header(
        "www-authenticate",
        "Basic Realm=\"webservices5.autotask.net\"".to_owned(),
    )
}
