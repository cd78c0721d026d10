//! `psa-host check-ticket` and `psa-host create-ticket`.

use clap::{Args, ValueEnum};
use psa_host::contract::{Creation, Ticket, TicketDraft};

use crate::close::{self, Goal};
use crate::connection::Connection;
use crate::draft::Draft;
use crate::failure::Failure;
use crate::layout::paragraph;
use crate::output::Output;
use crate::tenant::Tenant;
use crate::warning::warn;
use crate::{csv, exit, tables, test_ticket};

/// A ticket, checked or opened.
#[derive(Args)]
pub(crate) struct CheckTicket {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    draft: Draft,
}

#[derive(Args)]
pub(crate) struct CreateTicket {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    draft: Draft,
    /// What to do if the reference is on a closed ticket
    #[arg(long, value_enum, default_value_t = IfClosed::Keep)]
    if_closed: IfClosed,
    /// Only check whether the ticket would be accepted, like `check-ticket`; writes nothing
    #[arg(long)]
    check: bool,
    /// Open a ticket that says in its summary and description that it is a test; needs only the company
    #[arg(long, conflicts_with = "check")]
    test: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum IfClosed {
    /// Leave the ticket closed, and end with an exit code of its own
    Keep,
    /// Set the default status of the ticket's board
    Reopen,
}

pub(crate) async fn check(command: CheckTicket) -> Result<Output, Failure> {
    let draft = with_summary(command.draft.read()?)?;
    let tenant = Tenant::open(&command.connection, false).await?;
    tenant.end(check_named(&tenant, draft, &command.draft).await)
}

pub(crate) async fn create(command: CreateTicket) -> Result<Output, Failure> {
    let draft = command.draft.read()?;
    let draft = if command.test {
        test_ticket::mark(draft)
    } else {
        with_summary(draft)?
    };
    let tenant = Tenant::open(&command.connection, false).await?;
    tenant.end(if command.check {
        check_named(&tenant, draft, &command.draft).await
    } else {
        open(&tenant, draft, &command.draft, command.if_closed).await
    })
}

fn with_summary(draft: TicketDraft) -> Result<TicketDraft, Failure> {
    if draft.summary.is_empty() {
        return Err(Failure::usage(
            "--summary is required",
            "Add --summary TEXT, or `summary` in the file of --draft; only `create-ticket --test` works without it.",
        ));
    }
    Ok(draft)
}

async fn check_named(
    tenant: &Tenant,
    mut draft: TicketDraft,
    given: &Draft,
) -> Result<Output, Failure> {
    given.names.resolve(tenant, &mut draft).await?;
    let check = tenant
        .call()?
        .check_ticket(tenant.settings.clone(), draft)
        .await
        .map_err(|error| tenant.failure(error))?;
    let exit_code = if check.objections.is_empty() {
        exit::SUCCESS
    } else {
        exit::OBJECTIONS
    };
    Output::new(
        tenant.format,
        &check,
        |width| tables::objections(&check.objections, width),
        || csv::objections(&check.objections),
        exit_code,
    )
}

async fn open(
    tenant: &Tenant,
    mut draft: TicketDraft,
    given: &Draft,
    if_closed: IfClosed,
) -> Result<Output, Failure> {
    given.names.resolve(tenant, &mut draft).await?;
    let mut created = tenant
        .call()?
        .create_ticket(tenant.settings.clone(), draft)
        .await
        .map_err(|error| tenant.failure(error))?;
    let was_closed = created.creation == Creation::Found && is_done(&created.ticket);
    if was_closed && if_closed == IfClosed::Reopen {
        // Said first: what follows can fail.
        let id = &created.ticket.id;
        warn(Some(format!(
            "the reference is on ticket {id}, which is closed"
        )));
        let (changed, _) = close::bring(tenant, created.ticket, Goal::Open, None, None).await?;
        created.ticket = changed.ticket;
    }
    let is_closed = was_closed && is_done(&created.ticket);
    let (heading, advice) = ending(created.creation, was_closed, is_closed, if_closed);
    let done = format!("ticket {}: {heading}", created.ticket.number);
    let output = Output::new(
        tenant.format,
        &created,
        |width| {
            let ticket = tables::ticket(&created.ticket, width);
            let not_applied = tables::not_applied(&created.not_applied, width);
            let advice = paragraph(0, advice, width);
            format!("{heading}:\n{ticket}{not_applied}\n{advice}")
        },
        || csv::tickets([&created.ticket], Some(created.creation)),
        if is_closed {
            exit::FOUND_CLOSED
        } else {
            exit::SUCCESS
        },
    );
    output.map(|output| output.done(done))
}

/// A merged ticket is closed, whatever its status says.
fn is_done(ticket: &Ticket) -> bool {
    ticket.is_closed == Some(true) || ticket.merged_into_id.is_some()
}

/// What happened, and what to do about it.
fn ending(
    creation: Creation,
    was_closed: bool,
    is_closed: bool,
    if_closed: IfClosed,
) -> (&'static str, &'static str) {
    match (creation, was_closed, is_closed) {
        (Creation::Created, ..) => ("Opened", ""),
        (Creation::Found, false, _) => ("Found by its reference; nothing was opened", ""),
        (Creation::Found, true, false) => ("Found by its reference, and reopened", ""),
        (Creation::Found, true, true) if if_closed == IfClosed::Reopen => (
            "The reference is on a ticket that is still closed; nothing was opened",
            "The default status of its board did not reopen it. Choose an open status with `psa-host reopen --status NAME`.",
        ),
        (Creation::Found, true, true) => (
            "The reference is on a closed ticket; nothing was opened",
            "To open a new ticket, use another --reference. To reopen this one, add --if-closed reopen.",
        ),
    }
}
