//! `psa-host attach`: attaches an asset to a ticket.

use clap::Args;

use crate::cells::yes_or_no;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::layout::paragraph;
use crate::output::Output;
use crate::tenant::Tenant;
use crate::ticket_id::TicketId;
use crate::{csv, exit};

#[derive(Args)]
pub(crate) struct Attach {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    ticket: TicketId,
    /// The asset, an id from `assets`
    #[arg(long, value_name = "ID", allow_negative_numbers = true)]
    asset: String,
}

pub(crate) async fn run(tenant: &Tenant, command: Attach) -> Result<Output, Failure> {
    let Attach { ticket, asset, .. } = command;
    let ticket = ticket.get();
    let attached = tenant
        .call()?
        .attach_asset(tenant.settings.clone(), ticket.clone(), asset.clone())
        .await
        .map_err(|error| tenant.failure(error))?;
    let done = if attached.is_changed {
        format!("Asset {asset} was attached to ticket {ticket}.")
    } else {
        format!("Asset {asset} was already attached to ticket {ticket}; nothing was changed.")
    };
    Output::new(
        tenant.format,
        &attached,
        |width| paragraph(0, &done, width),
        || csv::table(["is-changed"], [[yes_or_no(attached.is_changed)]]),
        exit::SUCCESS,
    )
    .map(|output| output.done(done.clone()))
}
