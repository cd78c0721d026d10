//! `psa-host contacts`: the people at a company.

use clap::Args;
use psa_host::contract::{Contact, ContactPage, ContactQuery};

use crate::cells::{known, yes_or_no};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::listing::Columns;
use crate::of_company::OfCompany;
use crate::output::Output;
use crate::pages::{self, Listing, Pages};
use crate::tenant::Tenant;

#[derive(Args)]
pub(crate) struct Contacts {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    company: OfCompany,
    /// Only contacts with this email address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    #[command(flatten)]
    pages: Pages,
}

const COLUMNS: Columns<Contact, 8> = Columns {
    names: [
        "id",
        "name",
        "emails",
        "phone",
        "site-id",
        "is-default",
        "is-active",
        "company-id",
    ],
    cells: |contact| {
        [
            contact.id.clone(),
            contact.name.clone(),
            contact.emails.join(", "),
            contact.phone.clone().unwrap_or_default(),
            contact.site_id.clone().unwrap_or_default(),
            known(contact.is_default),
            yes_or_no(contact.is_active),
            contact.company_id.clone(),
        ]
    },
    nouns: ["contact", "contacts"],
};

pub(crate) async fn run(tenant: &Tenant, command: Contacts) -> Result<Output, Failure> {
    let company_id = command.company.id(tenant).await?;
    let email = command.email;
    let listing = pages::read(
        tenant,
        command.pages,
        pages::LARGEST_PAGE,
        "contacts",
        async |place| {
            let query = ContactQuery {
                company_id: company_id.clone(),
                email: email.clone(),
                limit: place.limit,
                cursor: place.cursor,
            };
            let page = tenant.call()?.list_contacts(tenant.settings.clone(), query);
            let page = page.await.map_err(|error| tenant.failure(error))?;
            Ok(Listing {
                rows: page.contacts,
                next_cursor: page.next_cursor,
            })
        },
    )
    .await?;
    let page = ContactPage {
        contacts: listing.rows,
        next_cursor: listing.next_cursor,
    };
    COLUMNS.output(tenant, &page, &page.contacts, page.next_cursor.as_deref())
}
