//! `psa-host sites`: the places of a company.

use clap::Args;
use psa_host::contract::{Site, SitePage, SiteQuery};

use crate::cells::{known, yes_or_no};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::listing::Columns;
use crate::of_company::OfCompany;
use crate::output::Output;
use crate::pages::{self, Listing, Pages};
use crate::tenant::Tenant;

#[derive(Args)]
pub(crate) struct Sites {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    company: OfCompany,
    #[command(flatten)]
    pages: Pages,
}

const COLUMNS: Columns<Site, 4> = Columns {
    names: ["id", "name", "is-default", "is-active"],
    cells: |site| {
        [
            site.id.clone(),
            site.name.clone(),
            known(site.is_default),
            yes_or_no(site.is_active),
        ]
    },
    nouns: ["site", "sites"],
};

pub(crate) async fn run(tenant: &Tenant, command: Sites) -> Result<Output, Failure> {
    let company_id = command.company.id(tenant).await?;
    let listing = pages::read(
        tenant,
        command.pages,
        pages::LARGEST_PAGE,
        "sites",
        async |place| {
            let query = SiteQuery {
                company_id: company_id.clone(),
                limit: place.limit,
                cursor: place.cursor,
            };
            let page = tenant.call()?.list_sites(tenant.settings.clone(), query);
            let page = page.await.map_err(|error| tenant.failure(error))?;
            Ok(Listing {
                rows: page.sites,
                next_cursor: page.next_cursor,
            })
        },
    )
    .await?;
    let page = SitePage {
        sites: listing.rows,
        next_cursor: listing.next_cursor,
    };
    COLUMNS.output(tenant, &page, &page.sites, page.next_cursor.as_deref())
}
