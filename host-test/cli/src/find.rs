//! `psa-host find`: tickets by reference, by id, or the open ones of a company.

use clap::Args;
use psa_host::contract::{Ticket, TicketPage, TicketQuery, TicketSelection};

use crate::cells::{known, name_of};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::listing::Columns;
use crate::output::Output;
use crate::pages::{self, Listing, Pages, Place};
use crate::tenant::Tenant;
use crate::{csv, exit};

#[derive(Args)]
pub(crate) struct Find {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    pages: Pages,
}

/// Which tickets: one of the three.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Selection {
    /// The tickets with this reference; may be repeated
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    reference: Vec<String>,
    /// The ticket with this id; may be repeated
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    id: Vec<String>,
    /// The open tickets of this company, an id from `companies`
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    open_of_company: Option<String>,
}

/// What a person looks for. CSV has every member of a ticket.
const COLUMNS: Columns<Ticket, 7> = Columns {
    names: [
        "id",
        "summary",
        "company",
        "board",
        "status",
        "is-closed",
        "reference",
    ],
    cells: |ticket| {
        [
            ticket.id.clone(),
            ticket.summary.clone(),
            name_of(ticket.company.as_ref()),
            name_of(ticket.board.as_ref()),
            name_of(ticket.status.as_ref()),
            known(ticket.is_closed),
            ticket.reference.clone().unwrap_or_default(),
        ]
    },
    nouns: ["ticket", "tickets"],
};

pub(crate) async fn run(tenant: &Tenant, command: Find) -> Result<Output, Failure> {
    let selection = command.selection.into();
    let listing = pages::read(
        tenant,
        command.pages,
        pages::LARGEST_PAGE,
        "tickets",
        async |place| find(tenant, &selection, place).await,
    )
    .await?;
    let page = TicketPage {
        tickets: listing.rows,
        next_cursor: listing.next_cursor,
    };
    Output::new(
        tenant.format,
        &page,
        |width| COLUMNS.table(&page.tickets, page.next_cursor.as_deref(), width),
        || csv::tickets(&page.tickets, None),
        exit::SUCCESS,
    )
}

async fn find(
    tenant: &Tenant,
    selection: &TicketSelection,
    place: Place,
) -> Result<Listing<Ticket>, Failure> {
    let query = TicketQuery {
        selection: selection.clone(),
        limit: place.limit,
        cursor: place.cursor,
    };
    let page = tenant.call()?.find_tickets(tenant.settings.clone(), query);
    let page = page.await.map_err(|error| tenant.failure(error))?;
    Ok(Listing {
        rows: page.tickets,
        next_cursor: page.next_cursor,
    })
}

/// The parser lets one kind through only.
impl From<Selection> for TicketSelection {
    fn from(selection: Selection) -> Self {
        if let Some(company_id) = selection.open_of_company {
            Self::OpenOfCompany(company_id)
        } else if selection.id.is_empty() {
            Self::References(selection.reference)
        } else {
            Self::Ids(selection.id)
        }
    }
}
