//! `psa-host companies`: the customers that tickets can be opened for.

use clap::Args;
use psa_host::contract::{Company, CompanyPage, CompanyQuery};

use crate::cells::yes_or_no;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::listing::Columns;
use crate::output::Output;
use crate::pages::{self, Listing, Pages};
use crate::tenant::Tenant;

#[derive(Args)]
pub(crate) struct Companies {
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Part of the name or of the identifier
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    search: Option<String>,
    /// Only the company with this id; may be repeated
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    id: Vec<String>,
    /// Include companies that are deleted, archived or deactivated
    #[arg(long)]
    include_inactive: bool,
    /// Only companies with this status; may be repeated
    #[arg(long, value_name = "NAME")]
    status: Vec<String>,
    /// Only companies with this type; may be repeated
    #[arg(long = "type", value_name = "NAME")]
    company_type: Vec<String>,
    #[command(flatten)]
    pages: Pages,
}

/// The most that a call returns.
pub(crate) const LARGEST_PAGE: u32 = 10_000;

const COLUMNS: Columns<Company, 6> = Columns {
    names: ["id", "identifier", "name", "status", "is-active", "types"],
    cells: |company| {
        [
            company.id.clone(),
            company.identifier.clone().unwrap_or_default(),
            company.name.clone(),
            company.status.clone().unwrap_or_default(),
            yes_or_no(company.is_active),
            company.types.join(", "),
        ]
    },
    nouns: ["company", "companies"],
};

pub(crate) async fn run(tenant: &Tenant, command: Companies) -> Result<Output, Failure> {
    let query = CompanyQuery {
        search: command.search,
        ids: command.id,
        include_inactive: command.include_inactive,
        statuses: command.status,
        types: command.company_type,
        limit: None,
        cursor: None,
    };
    let listing = read(tenant, &query, command.pages).await?;
    let page = CompanyPage {
        companies: listing.rows,
        next_cursor: listing.next_cursor,
    };
    COLUMNS.output(tenant, &page, &page.companies, page.next_cursor.as_deref())
}

pub(crate) async fn read(
    tenant: &Tenant,
    query: &CompanyQuery,
    pages: Pages,
) -> Result<Listing<Company>, Failure> {
    pages::read(tenant, pages, LARGEST_PAGE, "companies", async |place| {
        let query = CompanyQuery {
            limit: place.limit,
            cursor: place.cursor,
            ..query.clone()
        };
        let page = tenant
            .call()?
            .list_companies(tenant.settings.clone(), query);
        let page = page.await.map_err(|error| tenant.failure(error))?;
        Ok(Listing {
            rows: page.companies,
            next_cursor: page.next_cursor,
        })
    })
    .await
}
