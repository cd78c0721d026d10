//! `psa-host status`: sets the status of a ticket.

use clap::Args;
use psa_host::contract::{ChangedTicket, StatusChange};

use crate::cells::{known, yes_or_no};
use crate::connection::Connection;
use crate::failure::Failure;
use crate::output::Output;
use crate::tenant::Tenant;
use crate::ticket_id::TicketId;
use crate::{csv, exit, given, tables};

#[derive(Args)]
pub(crate) struct Status {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    ticket: TicketId,
    /// The status to set, an id from `boards`; if repeated, the first one that the ticket's board has
    #[arg(
        long,
        value_name = "ID",
        allow_negative_numbers = true,
        required = true
    )]
    status_id: Vec<String>,
    /// How the ticket was resolved, if the PSA takes this with the status; `-` reads it from standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    resolution: Option<String>,
    /// More members for the PSA's own request, as a JSON object; `@FILE` reads it from a file
    #[arg(long, value_name = "JSON")]
    vendor_fields: Option<String>,
}

fn change(command: Status) -> Result<StatusChange, Failure> {
    Ok(StatusChange {
        ticket_id: command.ticket.get(),
        status_ids: command.status_id,
        resolution: given::optional_text("--resolution", command.resolution.as_deref())?,
        vendor_fields: given::vendor_fields(command.vendor_fields.as_deref())?,
    })
}

pub(crate) async fn run(tenant: &Tenant, command: Status) -> Result<Output, Failure> {
    let change = change(command)?;
    let wanted = change.status_ids.clone();
    let changed = set(tenant, change).await?;
    output(tenant, &changed, &wanted)
}

pub(crate) async fn set(tenant: &Tenant, change: StatusChange) -> Result<ChangedTicket, Failure> {
    tenant
        .call()?
        .set_status(tenant.settings.clone(), change)
        .await
        .map_err(|error| tenant.failure(error))
}

/// `wanted`: one of these was to be set.
pub(crate) fn output(
    tenant: &Tenant,
    changed: &ChangedTicket,
    wanted: &[String],
) -> Result<Output, Failure> {
    let heading = heading(changed, wanted);
    let done = format!("ticket {}: {heading}", changed.ticket.number);
    let output = Output::new(
        tenant.format,
        changed,
        |width| format!("{heading}:\n{}", tables::ticket(&changed.ticket, width)),
        || csv(changed),
        exit::SUCCESS,
    );
    output.map(|output| output.done(done))
}

fn heading(changed: &ChangedTicket, wanted: &[String]) -> &'static str {
    let status = changed.ticket.status.as_ref();
    let is_another = status.is_some_and(|status| !wanted.contains(&status.id));
    match (changed.is_changed, is_another) {
        (false, _) => "The ticket already has this status; nothing was changed",
        (true, false) => "The status was changed",
        (true, true) => "The status was changed, and the PSA's own rules then set another one",
    }
}

/// What the change is about; `psa-host ticket` shows the rest of the ticket.
fn csv(changed: &ChangedTicket) -> String {
    let ticket = &changed.ticket;
    let status = ticket.status.clone();
    csv::table(
        [
            "id",
            "number",
            "status-id",
            "status",
            "is-closed",
            "is-changed",
        ],
        [[
            ticket.id.clone(),
            ticket.number.clone(),
            status
                .as_ref()
                .map(|status| status.id.clone())
                .unwrap_or_default(),
            status.and_then(|status| status.name).unwrap_or_default(),
            known(ticket.is_closed),
            yes_or_no(changed.is_changed),
        ]],
    )
}
