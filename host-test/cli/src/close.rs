//! `psa-host close` and `psa-host reopen`: set a closed or an open status of the ticket's board, by name or the only one.

use clap::Args;
use psa_host::contract::{
    BoardSelection, ChangedTicket, ConnectorDescription, ConnectorError, ErrorCode, Operation,
    StatusChange, Ticket, TicketStatus,
};

use crate::candidate::Candidate;
use crate::choice;
use crate::connection::Connection;
use crate::failure::Failure;
use crate::output::Output;
use crate::tenant::Tenant;
use crate::ticket_id::TicketId;
use crate::warning::warn;
use crate::{given, status};

#[derive(Args)]
pub(crate) struct Close {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    ticket: TicketId,
    /// The closed status to set; needed only if the ticket's board has several
    #[arg(long, value_name = "NAME")]
    status: Option<String>,
    /// How the ticket was resolved, if the PSA takes this with the status; `-` reads it from standard input
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    resolution: Option<String>,
}

#[derive(Args)]
pub(crate) struct Reopen {
    #[command(flatten)]
    pub(crate) connection: Connection,
    #[command(flatten)]
    ticket: TicketId,
    /// The open status to set [default: the default status of the ticket's board]
    #[arg(long, value_name = "NAME")]
    status: Option<String>,
}

/// What a ticket is to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Goal {
    Closed,
    Open,
}

pub(crate) async fn close(tenant: &Tenant, command: Close) -> Result<Output, Failure> {
    if command.resolution.is_some() && !takes_resolution(&tenant.description) {
        let message = "--resolution is not taken by this connector: add a note with `psa-host note` instead; nothing was sent";
        return Err(own_error(
            ErrorCode::InvalidInput,
            message.to_owned(),
            Vec::new(),
        ));
    }
    let resolution = given::optional_text("--resolution", command.resolution.as_deref())?;
    let ticket = existing(tenant, &command.ticket.get()).await?;
    let name = command.status.as_deref();
    let has_resolution = resolution.is_some();
    let changed = bring(tenant, ticket, Goal::Closed, name, resolution).await?;
    if has_resolution && !changed.0.is_changed {
        warn(Some(
            "--resolution was not used, because the ticket already has this status: add it with `psa-host note`"
                .to_owned(),
        ));
    }
    output(tenant, changed)
}

/// Before the ticket is read: else something would have been sent when the connector refuses it.
fn takes_resolution(description: &ConnectorDescription) -> bool {
    let mut fields = description.input_fields.iter();
    fields.any(|field| field.operation == Operation::SetStatus && field.name == "resolution")
}

pub(crate) async fn reopen(tenant: &Tenant, command: Reopen) -> Result<Output, Failure> {
    let ticket = existing(tenant, &command.ticket.get()).await?;
    let name = command.status.as_deref();
    let changed = bring(tenant, ticket, Goal::Open, name, None).await?;
    output(tenant, changed)
}

/// The ticket with the status, and the id of the status that was chosen.
type Changed = (ChangedTicket, String);

fn output(tenant: &Tenant, (changed, chosen): Changed) -> Result<Output, Failure> {
    status::output(tenant, &changed, &[chosen])
}

/// Sets the status with this name, or the only one that the goal leaves. Without a name, a ticket that is there already
/// stays as it is.
pub(crate) async fn bring(
    tenant: &Tenant,
    ticket: Ticket,
    goal: Goal,
    name: Option<&str>,
    resolution: Option<String>,
) -> Result<Changed, Failure> {
    if let Some(target) = &ticket.merged_into_id {
        return Err(merged(&ticket, target));
    }
    if name.is_none() && ticket.is_closed == Some(goal == Goal::Closed) {
        let status = ticket.status.as_ref();
        let status_id = status.map(|status| status.id.clone()).unwrap_or_default();
        let is_changed = false;
        return Ok((ChangedTicket { ticket, is_changed }, status_id));
    }
    let statuses = statuses(tenant, &ticket).await?;
    let chosen = match name {
        Some(name) => named(name, goal, &statuses)?,
        None => only(goal, &ticket, &statuses)?,
    };
    let change = StatusChange {
        ticket_id: ticket.id,
        status_ids: vec![chosen.clone()],
        resolution,
        vendor_fields: None,
    };
    Ok((status::set(tenant, change).await?, chosen))
}

async fn existing(tenant: &Tenant, id: &str) -> Result<Ticket, Failure> {
    let lookup = tenant
        .call()?
        .get_ticket(tenant.settings.clone(), id.to_owned())
        .await
        .map_err(|error| tenant.failure(error))?;
    lookup.ticket.ok_or_else(|| {
        let message = format!("there is no ticket {id}, or these credentials cannot see it");
        own_error(ErrorCode::NotFound, message, Vec::new())
    })
}

fn merged(ticket: &Ticket, target: &str) -> Failure {
    let message = format!("ticket {} was merged into ticket {target}", ticket.id);
    own_error(ErrorCode::Conflict, message, vec![target.to_owned()])
}

/// The same as the connector would say.
fn own_error(code: ErrorCode, message: String, ticket_ids: Vec<String>) -> Failure {
    let error = ConnectorError {
        ticket_ids,
        ..ConnectorError::new(code, message)
    };
    Failure::Connector(Box::new(error), None)
}

/// Those of the ticket's board.
async fn statuses(tenant: &Tenant, ticket: &Ticket) -> Result<Vec<TicketStatus>, Failure> {
    let board = ticket.board.as_ref().map(|board| board.id.clone());
    let selection = match &board {
        Some(id) => BoardSelection::Only(vec![id.clone()]),
        None => BoardSelection::BoardsOnly,
    };
    let metadata = tenant
        .call()?
        .list_board_metadata(tenant.settings.clone(), selection)
        .await
        .map_err(|error| tenant.failure(error))?;
    let mut statuses = metadata.statuses;
    statuses.retain(|status| status.choice.board_id.is_none() || status.choice.board_id == board);
    Ok(statuses)
}

fn named(name: &str, goal: Goal, statuses: &[TicketStatus]) -> Result<String, Failure> {
    let all: Vec<Candidate> = statuses.iter().map(candidate).collect();
    let chosen = choice::by_name(
        ["status", "statuses"],
        "`psa-host status --status-id`",
        name,
        &all,
    )?;
    let is_closed = statuses
        .iter()
        .find(|status| status.choice.id == chosen.id)
        .and_then(|status| status.is_closed);
    match (goal, is_closed) {
        (Goal::Closed, Some(false)) => Err(Failure::usage(
            format!("`{}` is not a closed status", chosen.name),
            "Name a closed status, or set this one with `psa-host status`.",
        )),
        (Goal::Open, Some(true)) => Err(Failure::usage(
            format!("`{}` is a closed status", chosen.name),
            "Name an open status, or set this one with `psa-host status`.",
        )),
        _ => Ok(chosen.id),
    }
}

/// A person chooses among several: some closed statuses mail the customer.
fn only(goal: Goal, ticket: &Ticket, statuses: &[TicketStatus]) -> Result<String, Failure> {
    let fitting: Vec<Candidate> = statuses
        .iter()
        .filter(|status| match goal {
            Goal::Closed => status.is_closed == Some(true),
            Goal::Open => status.is_closed != Some(true),
        })
        .map(candidate)
        .collect();
    let defaults: Vec<Candidate> = statuses
        .iter()
        .filter(|status| status.choice.is_default && status.is_closed != Some(true))
        .map(candidate)
        .collect();
    let choosable = match goal {
        Goal::Closed => &fitting,
        Goal::Open => &defaults,
    };
    if let [only] = &choosable[..] {
        return Ok(only.id.clone());
    }
    let board = match ticket.board.as_ref().and_then(|board| board.name.as_ref()) {
        Some(name) => format!("the board `{name}`"),
        None => "the ticket's board".to_owned(),
    };
    let message = match (goal, choosable.len()) {
        (Goal::Closed, 0) => format!("no status of {board} is known to be a closed one"),
        (Goal::Closed, _) => format!("{board} has several closed statuses"),
        (Goal::Open, 0) => format!("{board} has no open default status"),
        (Goal::Open, _) => format!("{board} has several open default statuses"),
    };
    Err(Failure::Choice {
        message,
        hint: "Choose one with --status NAME.".to_owned(),
        // A PSA may not say which statuses are closed.
        candidates: if fitting.is_empty() {
            statuses.iter().map(candidate).collect()
        } else {
            fitting
        },
    })
}

fn candidate(status: &TicketStatus) -> Candidate {
    Candidate::new(&status.choice.id, &status.choice.name)
}

#[cfg(test)]
mod tests {
    use psa_host::contract::Choice;

    use super::*;

    #[test]
    fn two_statuses_of_one_name_are_for_a_person_to_choose() {
        let status = |id: &str, name: &str, is_closed| TicketStatus {
            choice: Choice {
                id: id.to_owned(),
                name: name.to_owned(),
                ..Choice::default()
            },
            is_closed: Some(is_closed),
        };
        let statuses = [
            status("1", "Done", true),
            status("2", "Done", true),
            status("3", "Closed", true),
            status("4", "closed", false),
            status("5", "Waiting", false),
        ];
        for (name, goal, expected) in [
            ("Done", Goal::Closed, Err(&["1: Done", "2: Done"][..])),
            ("done", Goal::Closed, Err(&["1: Done", "2: Done"])),
            ("Closed", Goal::Closed, Ok("3")),
            ("CLOSED", Goal::Closed, Err(&["3: Closed", "4: closed"])),
            ("Waiting", Goal::Open, Ok("5")),
        ] {
            match (named(name, goal, &statuses), expected) {
                (Ok(id), Ok(expected)) => assert_eq!(id, expected, "{name}"),
                (Err(Failure::Choice { candidates, .. }), Err(expected)) => {
                    let found: Vec<_> = candidates.iter().map(Candidate::to_string).collect();
                    assert_eq!(found, expected, "{name}");
                }
                (found, _) => panic!("{name}: {:?}", found.map_err(|failure| failure.json())),
            }
        }
    }
}
