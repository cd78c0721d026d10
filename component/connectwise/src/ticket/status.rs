//! `set-status`: read first, write once, compare afterwards. What is decided for every PSA is the toolkit's.

use psa_contract::{ChangedTicket, ErrorCode, Operation, Response, StatusChange, Ticket};
use psa_toolkit::change_once::{Change, change_once};
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::input::InputRow;
use psa_toolkit::pages::{List, read_all};
use psa_toolkit::permission::RequiredPermission;
use psa_toolkit::status::hint_of;
use psa_toolkit::status_change::{MOST_STATUSES, choose, compare, parse, refuse_merged, status_id};
use psa_toolkit::text::{contains_ignoring_case, record_id};
use psa_toolkit::{Error, HttpSend};

use super::{of_ticket, read, ticket};
use crate::api::{rows, wrote_nothing};
use crate::boards::STATUSES;
use crate::permissions::{TICKETS_CLOSE, TICKETS_EDIT};
use crate::settings::Settings;
use crate::wire::{self, is};

/// The fields of a change that this connector takes. A ticket has no resolution of its own: that is a note.
pub(crate) const FIELDS: [InputRow; 2] = [
    InputRow::of(Operation::SetStatus, "ticket-id").required(),
    InputRow {
        maximum_count: Some(MOST_STATUSES),
        ..InputRow::of(Operation::SetStatus, "status-ids").required()
    },
];

/// Sets the status of one ticket.
pub(crate) fn set_status(
    settings: &Settings,
    change: &StatusChange,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    let mut faults = Vec::new();
    let wanted = parse(&FIELDS, change, &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input("set the status", faults));
    }
    let id = wanted.ticket_id;
    let doing = format!("set the status of ticket {id}");
    let before = with_status(settings, &doing, id, send)?;
    let unchanged = |ticket| {
        Ok(ChangedTicket {
            ticket,
            is_changed: false,
        })
    };
    // The status that the ticket has is one of its board, so that nothing is asked if it comes first.
    let present = status_id(&before).and_then(record_id);
    if present.is_some() && wanted.status_ids.first().copied() == present {
        return unchanged(before);
    }
    let chosen = chosen(settings, &doing, &before, &wanted.status_ids, send)?;
    if present == Some(chosen.id) {
        return unchanged(before);
    }
    let is_closing = chosen.is_closed || before.is_closed == Some(true);
    let mut patch = Patch {
        settings,
        doing: &doing,
        id,
        status: chosen.id,
        before: &before,
        permission: if is_closing {
            &TICKETS_CLOSE
        } else {
            &TICKETS_EDIT
        },
    };
    let after = change_once(&mut patch, send).map_err(|error| of_ticket(id, told_apart(error)))?;
    compare(&doing, &before, after)
}

/// The ticket, which is not merged into another and shows its status.
fn with_status(
    settings: &Settings,
    doing: &str,
    id: i64,
    send: &mut HttpSend,
) -> Result<Ticket, Error> {
    let ticket = read(settings, id, send)?;
    refuse_merged(doing, &ticket)?;
    if status_id(&ticket).is_none() {
        let message = format!("cannot {doing}: the response does not show its current status");
        let hint = hint_of(ErrorCode::UnexpectedResponse);
        return Err(Error::new(ErrorCode::UnexpectedResponse, message).hint(hint));
    }
    Ok(ticket)
}

/// A status of the ticket's present board.
struct Chosen {
    id: i64,
    is_closed: bool,
}

/// The status to set.
fn chosen(
    settings: &Settings,
    doing: &str,
    ticket: &Ticket,
    wanted: &[i64],
    send: &mut HttpSend,
) -> Result<Chosen, Error> {
    let board = ticket.board.as_ref().and_then(|board| record_id(&board.id));
    let Some(board) = board else {
        let message =
            format!("cannot {doing}: the response does not show which board the ticket is on");
        return Err(Error::new(ErrorCode::UnexpectedResponse, message)
            .hint("check in the PSA that the ticket is a service ticket on a board"));
    };
    let texts: Vec<String> = wanted.iter().map(i64::to_string).collect();
    let listing = STATUSES
        .listing(settings, board)
        .with(format!("id in ({})", texts.join(",")));
    let mut only = wanted.to_vec();
    only.sort_unstable();
    let mut list = List::<wire::Status>::new(listing, rows).only(only);
    read_all(settings, send, &mut [&mut list]);
    let mut active = list.into_rows()?;
    active.retain(|status| !is(status.inactive));
    let ids: Vec<i64> = active.iter().map(|status| status.id).collect();
    let id = choose(doing, wanted, &ids, &board.to_string())?;
    let is_closed = active.iter().any(|it| it.id == id && is(it.closed_status));
    Ok(Chosen { id, is_closed })
}

struct Patch<'a, 'b> {
    settings: &'a Settings,
    doing: &'b str,
    id: i64,
    status: i64,
    before: &'b Ticket,
    permission: &'static RequiredPermission,
}

impl<'a> Change<'a> for Patch<'a, '_> {
    type State = Ticket;

    /// The whole object in place of a path into it, which may be answered with 200 and do nothing (Developer Guide,
    /// "PATCH").
    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        let operations = format!(
            r#"[{{"op":"replace","path":"status","value":{{"id":{}}}}}]"#,
            self.status
        );
        let path = format!("/service/tickets/{}", self.id);
        let call = self
            .settings
            .patch(self.doing, self.permission, &path, operations);
        exchange_one(self.settings, send, call)
    }

    fn shown(&self, answer: &Answer) -> Result<Option<Ticket>, Error> {
        let record: wire::Ticket = answer.record()?;
        if record.id != self.id {
            return Err(answer.unexpected("expected the changed ticket, found another one"));
        }
        let ticket = ticket(self.settings, record);
        Ok(Some(ticket).filter(|ticket| ticket.status.is_some()))
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<Ticket, Error> {
        with_status(self.settings, self.doing, self.id, send)
    }

    fn is_made(&self, ticket: &Ticket) -> bool {
        ticket.status.is_some() && status_id(ticket) != status_id(self.before)
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        wrote_nothing(response)
    }
}

/// What a refusal of this write means more than others: which of two rights is missing, that the ticket has moved to another
/// board since it was read, or that it has been merged.
fn told_apart(error: Error) -> Error {
    let mut error = error.into_inner();
    match error.code {
        ErrorCode::Forbidden if error.permission_ids == [TICKETS_CLOSE.id] => {
            error.permission_ids.push(TICKETS_EDIT.id.to_owned());
            error.hint = Some(format!(
                "{}; if it is already set, also set Service Tickets: Edit to All",
                TICKETS_CLOSE.how_to_grant()
            ));
        }
        ErrorCode::Rejected
            if ["merg", "combin"]
                .iter()
                .any(|it| contains_ignoring_case(&error.message, it)) =>
        {
            error.code = ErrorCode::Conflict;
            error.hint =
                Some("use the ticket that it was merged into; nothing was written".to_owned());
        }
        ErrorCode::Rejected => {
            for fault in &mut error.field_errors {
                if fault.field.as_deref() == Some("status-id") {
                    fault.field = Some("status-ids".to_owned());
                    error.hint = Some(
                        "the ticket may have moved to another board in the meantime: call again, so that it is read again".to_owned(),
                    );
                }
            }
        }
        _ => {}
    }
    error.into()
}
