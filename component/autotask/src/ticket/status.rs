//! `set-status`: read first, write once, compare afterwards. What is decided for every PSA is the toolkit's.

use psa_contract::{ChangedTicket, Operation, StatusChange};
use psa_toolkit::change_once::Steps;
use psa_toolkit::draft::merge_vendor_fields;
use psa_toolkit::error::{faultless, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::status_change::{DOING, changeable, choose, parse, set_once, status_id};
use psa_toolkit::text::plain_lines;
use psa_toolkit::{Error, HttpSend};
use serde_json::{Map, Value};

use super::{Names, existing, ticket};
use crate::api::{enter, was_declined, written_id};
use crate::draft::{LONGEST_RESOLUTION, STATUS_FIELDS, fitting};
use crate::settings::Settings;
use crate::wire::{self, Fields};

/// Sets the status of one ticket. Every status is of every queue.
pub(crate) fn set_status(
    settings: &Settings,
    change: &StatusChange,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    let mut faults = Vec::new();
    let wanted = parse(&STATUS_FIELDS, change, &mut faults);
    let (id, ids) = (wanted.ticket_id, &wanted.status_ids);
    let resolution = plain_lines(change.resolution.as_deref().unwrap_or_default());
    let resolution = fitting(&resolution, "", LONGEST_RESOLUTION, &mut faults);
    // A PUT would make null what it does not name.
    let body = |status: i64, resolution: Option<&str>, faults: &mut Vec<_>| {
        let ids = [("id", id), ("status", status)];
        let mut body = Map::from_iter(ids.map(|(name, id)| (name.to_owned(), id.into())));
        body.extend(resolution.map(|text| ("resolution".to_owned(), text.into())));
        let (body, more) = (Value::Object(body).to_string(), &change.vendor_fields);
        merge_vendor_fields(
            body,
            more.as_deref(),
            &["resolution"],
            &STATUS_FIELDS,
            faults,
        )
    };
    body(0, None, &mut faults);
    faultless((), faults).map_err(|faults| invalid_input(DOING, faults))?;
    let doing = format!("set the status of ticket {id}");
    let send = &mut enter(settings, send)?;
    let read = || settings.one::<wire::Ticket>(&doing, id);
    // It goes alone: wrong credentials are one failed login.
    let answer = exchange_one(settings, send, read());
    let row = existing(&doing, id, &answer)?;
    let fields = exchange_one(settings, send, settings.fields("Tickets", 0));
    let (queue, present) = (row.queue_id, row.status);
    let is_wanted = row.resolution.0.is_none() && !resolution.trim().is_empty();
    let resolution = Some(&*resolution).filter(|_| is_wanted);
    let names = Names {
        fields: Fields::of_ticket(&fields)?,
        ..Names::default()
    };
    let state = |answer: &Answer, row| changeable(&doing, ticket(row, &names), answer);
    let before = state(&answer, row)?;
    let mut of_board = ids.clone();
    of_board.retain(|id| names.fields.of("status-id").find(*id).is_some());
    // The present one may be inactive, and is one of the board's all the same.
    of_board.extend(present);
    let queue = queue.map_or("none".to_owned(), |id| id.to_string());
    let status = choose(&doing, ids, &of_board, &queue)?;
    let body = body(status, resolution, &mut Vec::new());
    let steps = Steps {
        tenant: settings,
        write: &|| settings.write(&doing, Operation::SetStatus, "Tickets", body.clone()),
        // The answer is the ticket's id alone, also if nothing was changed.
        shown: &|answer: &Answer| match written_id(answer)? {
            written if written == id => Ok(None),
            _ => Err(answer.unexpected("expected the id of the ticket that was changed")),
        },
        read: &read,
        state: &|answer: &Answer| state(answer, existing(&doing, id, answer)?),
        is_made: &|ticket| status_id(ticket) != status_id(&before),
        wrote_nothing: was_declined,
    };
    set_once(&doing, &before, status, steps, send)
}
