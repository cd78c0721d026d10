//! `set-status`: read first, write once, compare afterwards. What is decided for every PSA is the toolkit's.

use psa_contract::{ChangedTicket, ErrorCode, StatusChange, Ticket};
use psa_toolkit::change_once::Steps;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::input::InputRow;
use psa_toolkit::pages::{List, read_all};
use psa_toolkit::status_change::{self, changeable, choose, set_once, status_id, unchanged};
use psa_toolkit::text::{contains_ignoring_case, record_id};
use psa_toolkit::{Error, HttpSend};

use super::{call, the_one, ticket};
use crate::api::{rows, wrote_nothing};
use crate::boards::STATUSES;
use crate::permissions::{TICKETS_CLOSE, TICKETS_EDIT};
use crate::settings::Settings;
use crate::wire::{self, is};

/// The fields of a change that this connector takes. A ticket has no resolution of its own: that is a note.
pub(crate) const FIELDS: [InputRow; 2] = status_change::fields("status");

/// Sets the status of one ticket.
pub(crate) fn set_status(
    settings: &Settings,
    change: &StatusChange,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    let wanted = status_change::read(&FIELDS, change)?;
    let id = wanted.ticket_id;
    let doing = format!("set the status of ticket {id}");
    let state = |answer: &Answer| changeable(&doing, the_one(settings, id, answer)?, answer);
    let before = state(&exchange_one(settings, send, call(settings, id)))?;
    // The status that the ticket has is one of its board, so that nothing is asked if it comes first.
    let present = status_id(&before).and_then(record_id);
    if present.is_some() && wanted.status_ids.first().copied() == present {
        return Ok(unchanged(before));
    }
    let chosen = chosen(settings, &doing, &before, &wanted.status_ids, send)?;
    let is_closing = chosen.is_closed || before.is_closed == Some(true);
    let permission = match is_closing {
        true => &TICKETS_CLOSE,
        false => &TICKETS_EDIT,
    };
    // The whole object in place of a path into it, which may be answered with 200 and do nothing (Developer Guide, "PATCH").
    let operations = format!(
        r#"[{{"op":"replace","path":"status","value":{{"id":{}}}}}]"#,
        chosen.id
    );
    let path = format!("/service/tickets/{id}");
    let steps = Steps {
        tenant: settings,
        write: &|| settings.patch(&doing, permission, &FIELDS, &path, operations.clone()),
        shown: &|answer: &Answer| {
            let record: wire::Ticket = answer.record()?;
            status_change::shown(id, ticket(settings, record), answer)
        },
        read: &|| call(settings, id),
        state: &state,
        is_made: &|ticket| status_id(ticket) != status_id(&before),
        wrote_nothing,
    };
    set_once(&doing, &before, chosen.id, steps, send).map_err(|error| told_apart(error, id))
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

/// What a refusal of this write means more than others: which of two rights is missing, that the ticket has moved to another
/// board since it was read, or that it has been merged.
fn told_apart(error: Error, ticket_id: i64) -> Error {
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
            // The refusal does not name the ticket that it was merged into.
            error.ticket_ids = vec![ticket_id.to_string()];
            error.hint =
                Some("use the ticket that it was merged into; nothing was written".to_owned());
        }
        ErrorCode::Rejected => {
            let mut faults = error.field_errors.iter();
            if faults.any(|fault| fault.field.as_deref() == Some("status-ids")) {
                error.hint = Some(
                    "the ticket may have moved to another board in the meantime: call again, so that it is read again"
                        .to_owned(),
                );
            }
        }
        _ => {}
    }
    error.into()
}
