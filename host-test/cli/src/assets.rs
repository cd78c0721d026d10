//! `psa-host assets`: the devices of a company.

use clap::Args;
use psa_host::contract::{Asset, AssetPage, AssetQuery};

use crate::cells::yes_or_no;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::listing::Columns;
use crate::of_company::OfCompany;
use crate::output::Output;
use crate::pages::{self, Listing, Pages};
use crate::tenant::Tenant;

#[derive(Args)]
pub(crate) struct Assets {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    company: OfCompany,
    /// Only assets with this name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Only assets with this serial number
    #[arg(long, value_name = "NUMBER")]
    serial_number: Option<String>,
    #[command(flatten)]
    pages: Pages,
}

const COLUMNS: Columns<Asset, 7> = Columns {
    names: [
        "id",
        "name",
        "kind",
        "serial-number",
        "site-id",
        "contact-id",
        "is-active",
    ],
    cells: |asset| {
        [
            asset.id.clone(),
            asset.name.clone(),
            asset.kind.clone().unwrap_or_default(),
            asset.serial_number.clone().unwrap_or_default(),
            asset.site_id.clone().unwrap_or_default(),
            asset.contact_id.clone().unwrap_or_default(),
            yes_or_no(asset.is_active),
        ]
    },
    nouns: ["asset", "assets"],
};

pub(crate) async fn run(tenant: &Tenant, command: Assets) -> Result<Output, Failure> {
    let asked = AssetQuery {
        company_id: command.company.id(tenant).await?,
        name: command.name,
        serial_number: command.serial_number,
        limit: None,
        cursor: None,
    };
    let listing = pages::read(
        tenant,
        command.pages,
        pages::LARGEST_PAGE,
        "assets",
        async |place| {
            let query = AssetQuery {
                limit: place.limit,
                cursor: place.cursor,
                ..asked.clone()
            };
            let page = tenant.call()?.list_assets(tenant.settings.clone(), query);
            let page = page.await.map_err(|error| tenant.failure(error))?;
            Ok(Listing {
                rows: page.assets,
                next_cursor: page.next_cursor,
            })
        },
    )
    .await?;
    let page = AssetPage {
        assets: listing.rows,
        next_cursor: listing.next_cursor,
    };
    COLUMNS.output(tenant, &page, &page.assets, page.next_cursor.as_deref())
}
