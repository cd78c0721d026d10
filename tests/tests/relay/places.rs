//! The three PSAs: what a tenant of each is set up with, and what its stand-in counts.

use std::net::SocketAddr;

use psa_host::contract::Setting;
use psa_tests::mock::{ServerOptions, autotask, connectwise, halopsa};
use psa_tests::{AUTOTASK, CONNECTWISE, HALOPSA, Vendor};
use serde_json::{Map, Value, json};

/// A tenant of the stand-in for ConnectWise.
pub(crate) const COMPANY: &str = "examplemsp";
const USER: &str = "k7d2m9qx4tb1wzn@riverside-msp.example";

/// What the program is set up with.
pub(crate) struct Place {
    pub(crate) vendor: &'static Vendor,
    pub(crate) ca_pem: String,
    pub(crate) settings: Vec<Setting>,
    /// Of the settings, those of the platform.
    pub(crate) of_the_platform: &'static [&'static str],
    pub(crate) services: Value,
    /// The company of every ticket.
    pub(crate) company: &'static str,
    /// Hosts beside those of the settings, in quotation marks.
    pub(crate) allowed_hosts: &'static str,
    /// Where the PSA is reached, if not at the site of its settings.
    pub(crate) reached_at: Option<SocketAddr>,
}

/// A ticket as its PSA has it.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Under which it is found again.
    pub(crate) reference: String,
    pub(crate) is_closed: bool,
    pub(crate) notes: Vec<String>,
}

/// A stand-in.
pub(crate) enum Psa {
    ConnectWise(connectwise::Server),
    Halo(halopsa::Server),
    Autotask(autotask::Server),
}

impl Psa {
    /// All three.
    pub(crate) fn all() -> [Self; 3] {
        let tenant = halopsa::Tenant::example("example");
        [
            Self::ConnectWise(connectwise_server()),
            Self::Halo(
                halopsa::Server::start(tenant, &ServerOptions::default()).expect("a server"),
            ),
            Self::Autotask(
                autotask::Server::start(vec![autotask::Tenant::example(USER)]).expect("a server"),
            ),
        ]
    }

    pub(crate) fn place(&self) -> Place {
        match self {
            Self::ConnectWise(server) => connectwise_place(server),
            Self::Halo(server) => Place {
                vendor: &HALOPSA,
                ca_pem: server.ca_pem.clone(),
                settings: server.settings(),
                of_the_platform: &[],
                services: services("26", "9", "2", "12"),
                company: "12",
                allowed_hosts: "",
                reached_at: None,
            },
            Self::Autotask(server) => {
                let mut services = services("8", "5", "8", "250");
                services["status-id"] = json!("1");
                services["priority-id"] = json!("2");
                Place {
                    vendor: &AUTOTASK,
                    ca_pem: server.ca_pem.clone(),
                    settings: server.settings(USER),
                    of_the_platform: &["integration-code"],
                    services,
                    company: "250",
                    allowed_hosts: "'*.autotask.net'",
                    reached_at: Some(server.address),
                }
            }
        }
    }

    /// Every ticket that it has.
    pub(crate) fn tickets(&self) -> Vec<Seen> {
        match self {
            Self::ConnectWise(server) => tickets(server),
            Self::Halo(server) => server.tenant(|tenant| {
                let seen = |ticket: &halopsa::Ticket| Seen {
                    reference: ticket.reference().unwrap_or_default().to_owned(),
                    is_closed: ticket.statuses.last() == Some(&9),
                    notes: ticket.actions.iter().map(|it| it.note.clone()).collect(),
                };
                tenant.tickets().iter().map(seen).collect()
            }),
            Self::Autotask(server) => server.tenant(USER, |tenant| {
                let text = |value: Option<&Value>| {
                    let text = value.and_then(Value::as_str);
                    text.unwrap_or_default().to_owned()
                };
                let notes = |id: &Value| {
                    let notes = tenant.rows("TicketNotes");
                    let notes = notes.filter(|note| note.get("ticketID") == Some(id));
                    notes.map(|note| text(note.get("description"))).collect()
                };
                let seen = |row: &serde_json::Map<String, Value>| Seen {
                    reference: text(row.get("externalID")),
                    is_closed: row["status"] == json!(5),
                    notes: notes(&row["id"]),
                };
                tenant.rows("Tickets").map(seen).collect()
            }),
        }
    }
}

pub(crate) fn connectwise_server() -> connectwise::Server {
    let tenants = vec![connectwise::Tenant::example(COMPANY)];
    connectwise::Server::start(tenants).expect("a server")
}

pub(crate) fn connectwise_place(server: &connectwise::Server) -> Place {
    Place {
        vendor: &CONNECTWISE,
        ca_pem: server.ca_pem.clone(),
        settings: server.settings(COMPANY),
        of_the_platform: &["client-id"],
        services: services("5", "503", "501", "2"),
        company: "2",
        allowed_hosts: "",
        reached_at: None,
    }
}

/// Every ticket of the stand-in for ConnectWise.
pub(crate) fn tickets(server: &connectwise::Server) -> Vec<Seen> {
    server.tenant(COMPANY, |tenant| {
        let seen = |ticket: &connectwise::Ticket| Seen {
            reference: ticket.reference.clone().unwrap_or_default(),
            is_closed: ticket.is_closed,
            notes: ticket.notes.iter().map(|it| it.text.clone()).collect(),
        };
        tenant.tickets().map(seen).collect()
    })
}

fn services(board: &str, closing: &str, reopening: &str, company: &str) -> Value {
    json!({
        "board-id": board,
        "closing-status-ids": [closing],
        "reopening-status-ids": [reopening],
        "default-company": {"id": company, "name": "Example"},
    })
}

impl Place {
    /// What a person writes who sets a tenant up.
    pub(crate) fn setup(&self, tenant: &str, suffix: &str) -> Value {
        let settings = |are_of_the_platform: bool| -> Map<String, Value> {
            let settings = self.settings.iter().filter(|setting| {
                self.of_the_platform.contains(&setting.name.as_str()) == are_of_the_platform
            });
            settings
                .map(|setting| (setting.name.clone(), json!(setting.value)))
                .collect()
        };
        let source = |dialect: &str, rules: Value| {
            let id = format!("{dialect}{suffix}");
            json!({"id": id, "tenant": tenant, "name": id, "rules": rules})
        };
        let connector = self.vendor.name;
        json!({
            "tenants": [{
                "id": tenant,
                "name": format!("Example{suffix}"),
                "connector": connector,
                "services": self.services,
            }],
            "sources": [
                source("am", json!({"dialect": "alertmanager"})),
                source("pd", json!({"dialect": "pagerduty"})),
                source("ce", json!({"dialect": "cloudevents"})),
                source("gj", json!({"dialect": "generic", "fields": {"key": ["/id"], "summary": "/name"}})),
            ],
            "settings": {tenant: settings(false)},
            "platform-settings": {connector: settings(true)},
        })
    }
}
