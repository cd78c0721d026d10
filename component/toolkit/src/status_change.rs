//! What `set-status` decides for every PSA: which status to set, and what the ticket shows afterwards.

use psa_contract::{ChangedTicket, ErrorCode, FieldError, Operation, StatusChange, Ticket};

use crate::change_once::{Steps, change_once};
use crate::draft;
use crate::error::{Error, faultless, field_error, invalid_input};
use crate::exchange::{Answer, HttpSend};
use crate::input::{InputRow, check_given};

/// The most statuses that one call names.
pub const MOST_STATUSES: u32 = 50;

/// The fields of a change that has no others. `member` is the PSA's name for the status.
#[must_use]
pub const fn fields(member: &'static str) -> [InputRow; 2] {
    [
        InputRow::of(Operation::SetStatus, "ticket-id").required(),
        InputRow::of(Operation::SetStatus, "status-ids")
            .member(member)
            .required()
            .at_most_entries(MOST_STATUSES),
    ]
}

/// A change that was read.
#[derive(Debug, PartialEq)]
pub struct WantedStatus {
    /// The ticket.
    pub ticket_id: i64,
    /// In order of preference.
    pub status_ids: Vec<i64>,
}

/// Reads a change that has no fields but the ticket and the statuses.
///
/// # Errors
/// `invalid-input`, with every fault.
pub fn read(table: &[InputRow], change: &StatusChange) -> Result<WantedStatus, Error> {
    let mut faults = Vec::new();
    let wanted = parse(table, change, &mut faults);
    faultless(wanted, faults).map_err(|faults| invalid_input(DOING, faults))
}

/// What [`parse`] is a part of.
pub const DOING: &str = "set the status";

/// The same for a change with more fields. Every fault of it is noted, those of fields that are not in the table too.
#[must_use]
pub fn parse(
    table: &[InputRow],
    change: &StatusChange,
    faults: &mut Vec<FieldError>,
) -> WantedStatus {
    let given = |text: &Option<String>| text.as_deref().is_some_and(|it| !it.trim().is_empty());
    let fields = [
        ("ticket-id", !change.ticket_id.trim().is_empty()),
        ("status-ids", !change.status_ids.is_empty()),
        ("resolution", given(&change.resolution)),
        ("vendor-fields", given(&change.vendor_fields)),
    ];
    check_given(
        table,
        Operation::SetStatus,
        "change of status",
        &fields,
        faults,
    );
    let most = usize::try_from(MOST_STATUSES).unwrap_or(usize::MAX);
    if change.status_ids.len() > most {
        faults.push(field_error(
            "status-ids",
            format!("it has more than {MOST_STATUSES} entries"),
        ));
    }
    let mut status_ids: Vec<i64> = Vec::new();
    for text in change.status_ids.iter().take(most) {
        let id = draft::id("status-ids", text, faults);
        if text.trim().is_empty() {
            faults.push(field_error("status-ids", "one of them is empty"));
        }
        status_ids.extend(id.filter(|id| !status_ids.contains(id)));
    }
    WantedStatus {
        ticket_id: draft::id("ticket-id", &change.ticket_id, faults).unwrap_or_default(),
        status_ids,
    }
}

/// The first of the wanted statuses that is one of the board's.
///
/// # Errors
/// `invalid-input`: none is. `doing` completes "cannot …".
pub fn choose(doing: &str, wanted: &[i64], of_board: &[i64], board: &str) -> Result<i64, Error> {
    let first = wanted.iter().copied().find(|id| of_board.contains(id));
    first.ok_or_else(|| {
        let fault =
            format!("none of them is an active status of the ticket's current board, {board}");
        invalid_input(doing, vec![field_error("status-ids", fault)])
            .hint("`list-board-metadata` lists the statuses of the board; nothing was written")
    })
}

/// Refuses a ticket that was merged into another: `conflict`, with the other ticket. `doing` completes "cannot …".
///
/// # Errors
/// As said.
pub fn refuse_merged(doing: &str, ticket: &Ticket) -> Result<(), Error> {
    let Some(into) = &ticket.merged_into_id else {
        return Ok(());
    };
    let message = format!("cannot {doing}: it was merged into ticket {into}");
    Err(Error::new(ErrorCode::Conflict, message)
        .hint("use the ticket that it was merged into; nothing was written")
        .ticket_ids(vec![into.clone()]))
}

/// The ticket that an answer shows, if its status can be changed. `doing` completes "cannot …".
///
/// # Errors
/// `conflict` for a ticket that was merged into another, `unexpected-response` for one that does not show its status.
pub fn changeable(doing: &str, ticket: Ticket, answer: &Answer) -> Result<Ticket, Error> {
    refuse_merged(doing, &ticket)?;
    match ticket.status {
        Some(_) => Ok(ticket),
        None => Err(answer.unexpected("expected a ticket with its status")),
    }
}

/// The ticket in the answer to the write, for [`Steps::shown`]. None: it does not show its status.
///
/// # Errors
/// `unexpected-response` for another ticket.
pub fn shown(id: i64, ticket: Ticket, answer: &Answer) -> Result<Option<Ticket>, Error> {
    if ticket.id != id.to_string() {
        return Err(answer.unexpected("expected the ticket that was changed, found another"));
    }
    Ok(Some(ticket).filter(|ticket| ticket.status.is_some()))
}

/// Nothing is to be done: the ticket has the status.
#[must_use]
pub fn unchanged(ticket: Ticket) -> ChangedTicket {
    ChangedTicket {
        ticket,
        is_changed: false,
    }
}

/// Sets the status of a ticket that was read before, once; nothing is written if it has the status. `doing` completes
/// "cannot …".
///
/// # Errors
/// Those of [`change_once`] and [`compare`].
pub fn set_once(
    doing: &str,
    before: &Ticket,
    status: i64,
    mut steps: Steps<Ticket>,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    if status_id(before) == Some(status.to_string().as_str()) {
        return Ok(unchanged(before.clone()));
    }
    let after = change_once(&mut steps, send).map_err(|error| error.of_ticket(&before.id))?;
    compare(doing, before, after)
}

/// What the ticket shows after a write that the PSA called a success: the old status is `rejected`, any other is success,
/// since the PSA's own rules may have moved the ticket on. `doing` completes "cannot …".
///
/// # Errors
/// As said.
pub fn compare(doing: &str, before: &Ticket, after: Ticket) -> Result<ChangedTicket, Error> {
    if status_id(before) != status_id(&after) {
        return Ok(ChangedTicket {
            ticket: after,
            is_changed: true,
        });
    }
    let message = format!(
        "cannot {doing}: the PSA reported success, but the ticket still has status {}",
        status_id(&after).unwrap_or("none"),
    );
    Err(Error::new(ErrorCode::Rejected, message).hint(
        "set the status once in the PSA itself: it shows what prevents the change, such as a required field, an open task \
         or a rule of the board",
    ))
}

/// The status of a ticket. None: the PSA does not say.
#[must_use]
pub fn status_id(ticket: &Ticket) -> Option<&str> {
    ticket.status.as_ref().map(|status| status.id.as_str())
}

#[cfg(test)]
mod tests;
