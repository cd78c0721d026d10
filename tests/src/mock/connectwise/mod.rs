//! A ConnectWise PSA: keys and rights, conditions and pages, tickets.

mod api; // Where the API is.
mod company; // Customers.
mod condition; // The conditions language.
mod configuration; // Configurations, and those of a ticket.
mod contact; // Contacts.
mod create; // Opening a ticket.
mod credential; // Keys and client id.
mod endless; // Lists that do not end.
mod example; // The tenant that tests begin with.
mod full_company; // The other members of a company.
mod kept_answers; // Answers that are served again.
mod listing; // Conditions, order, pages, fields.
mod members; // What the body of a write may hold.
mod note; // Notes of a ticket.
mod paging; // How lists are cut into pages.
mod patch; // Changing a ticket.
mod records; // Boards and lists.
mod reference; // Which records a body means.
mod refusal; // The API's errors.
mod role; // What the API member may do.
mod routes; // From path to answer.
mod site; // Sites of companies.
mod technician; // What people do to tickets meanwhile.
mod tenant; // A tenant's keys and data.
mod ticket; // A ticket.
mod ticket_members; // What a ticket may hold.
mod ticket_routes; // From path to answer, below the tickets.
mod tickets; // The tickets of a tenant.

use std::collections::HashMap;

use anyhow::Result;
use bytes::Bytes;
use psa_host::contract::Setting;

use crate::mock::{self, Answer, Asked, Endless, ServerOptions, Service};

pub use company::Company;
pub use configuration::Configuration;
pub use contact::{Contact, Means};
pub use note::Note;
pub use paging::Paging;
pub use records::{Association, Board, Entry, EntryKind};
pub use role::{Access, Function, Level, Role, Table};
pub use site::Site;
pub use tenant::Tenant;
pub use ticket::{Named, Ticket};

use kept_answers::KeptAnswers;

/// A server of ConnectWise.
pub type Server = mock::Server<ConnectWise>;

/// The PSA, with all of its tenants.
#[derive(Default)]
pub struct ConnectWise {
    tenants: HashMap<String, Tenant>,
    kept_answers: Option<KeptAnswers>,
}

impl ConnectWise {
    /// A PSA with these tenants.
    #[must_use]
    pub fn new(tenants: Vec<Tenant>) -> Self {
        let named = tenants.into_iter().map(|it| (it.company_id.clone(), it));
        Self {
            tenants: named.collect(),
            kept_answers: None,
        }
    }

    /// A read that was answered is answered in the same way ever after, at next to no cost: for measuring clients. Tickets
    /// are always looked up.
    #[must_use]
    pub fn keeping_answers(mut self) -> Self {
        self.kept_answers = Some(KeptAnswers::default());
        self
    }

    /// The answer of the tenant whose credentials the request carries.
    fn answer_anew(&mut self, asked: &Asked, body: &Bytes) -> Answer {
        let path = asked.decoded_path();
        if let Some(company) = path.strip_prefix("/login/companyinfo/") {
            return routes::company_info(asked, self.tenants.get(company));
        }
        let Some(path) = asked.api_path() else {
            return Answer::no_such_page();
        };
        let Some(company) = &asked.tenant else {
            return Answer::not_authenticated();
        };
        match self.tenants.get_mut(company) {
            Some(tenant) => routes::answer(asked, path, tenant, body),
            None => Answer::cannot_route(),
        }
    }
}

impl Service for ConnectWise {
    fn tenant_of(asked: &Asked) -> Option<String> {
        credential::company(asked)
    }

    fn headers(number: u64) -> Vec<(&'static str, String)> {
        vec![
            (
                "x-cw-request-id",
                format!("5b8d2c1e-7f40-4a9b-9c3d-{number:012}"),
            ),
            ("api-current-version", "2026.4".to_owned()),
        ]
    }

    fn answer(&mut self, asked: &Asked, body: &Bytes) -> Answer {
        match self.kept_answers.take() {
            Some(mut kept) => {
                let answer = kept.answer(asked, || self.answer_anew(asked, body));
                self.kept_answers = Some(kept);
                answer
            }
            None => self.answer_anew(asked, body),
        }
    }

    fn too_many_requests(retry_after: Option<&str>) -> Answer {
        Answer::too_many_requests(retry_after)
    }

    fn endless_page(asked: &Asked, pages: Endless) -> Answer {
        endless::page(asked, pages)
    }
}

impl Server {
    /// Starts a server with these tenants.
    ///
    /// # Errors
    /// As for [`Server::serve`].
    pub fn start(tenants: Vec<Tenant>) -> Result<Self> {
        Self::start_with(tenants, &ServerOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// As for [`Server::serve`].
    pub fn start_with(tenants: Vec<Tenant>, options: &ServerOptions) -> Result<Self> {
        Self::serve(ConnectWise::new(tenants), options)
    }

    /// Looks at a tenant, or changes it, while no request is acted on.
    ///
    /// # Panics
    /// There is no such tenant.
    pub fn tenant<T>(&self, company_id: &str, look: impl FnOnce(&mut Tenant) -> T) -> T {
        let mut service = self.state.service();
        let tenant = service.tenants.get_mut(company_id);
        look(tenant.unwrap_or_else(|| panic!("the server has no tenant {company_id}")))
    }

    /// Adds a tenant, or replaces the one of the same company id.
    pub fn add_tenant(&self, tenant: Tenant) {
        let company_id = tenant.company_id.clone();
        self.state.service().tenants.insert(company_id, tenant);
    }

    /// The connector's settings for a tenant, with `localhost` as the site.
    ///
    /// # Panics
    /// There is no such tenant.
    #[must_use]
    pub fn settings(&self, company_id: &str) -> Vec<Setting> {
        self.tenant(company_id, |tenant| tenant.settings(&self.site))
    }
}
