//! `set-status`: read first, write once, compare afterwards. What is decided for every PSA is the toolkit's.

use psa_contract::{ChangedTicket, StatusChange};
use psa_toolkit::change_once::Steps;
use psa_toolkit::draft::merge_vendor_fields;
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_array, exchange_one};
use psa_toolkit::status_change::{DOING, choose, parse, set_once, status_id};
use psa_toolkit::text::plain_lines;
use psa_toolkit::{Error, HttpSend};
use serde_json::json;

use super::{Names, existing, ticket};
use crate::api::{enter, was_declined, written_id, zone_of};
use crate::boards::Choosers;
use crate::draft::{FIELDS, LONGEST_RESOLUTION, contract_field, fitting};
use crate::permissions::TICKETS_EDIT;
use crate::picklist::REUSE_SECONDS;
use crate::settings::Settings;
use crate::wire::{self, given};

/// Sets the status of one ticket. Every status is of every queue.
pub(crate) fn set_status(
    settings: &Settings,
    change: &StatusChange,
    send: &mut HttpSend,
) -> Result<ChangedTicket, Error> {
    let mut faults = Vec::new();
    let wanted = parse(&FIELDS, change, &mut faults);
    let (id, ids) = (wanted.ticket_id, &wanted.status_ids);
    let resolution = plain_lines(change.resolution.as_deref().unwrap_or_default());
    let resolution = fitting(&resolution, "", LONGEST_RESOLUTION, &mut faults);
    // A PUT would make null what it does not name.
    let body = |status: i64, resolution: Option<String>, faults: &mut Vec<_>| {
        let mut body = json!({"id": id, "status": status});
        if let (Some(members), Some(text)) = (body.as_object_mut(), given(resolution)) {
            members.insert("resolution".to_owned(), text.into());
        }
        let field = |member: &str| contract_field(Some(&TICKETS_EDIT), member);
        let more = change.vendor_fields.as_deref();
        merge_vendor_fields(body.to_string(), more, &["resolution"], &field, faults)
    };
    body(0, None, &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input(DOING, faults));
    }
    let doing = format!("set the status of ticket {id}");
    let send = &mut enter(settings, send)?;
    let read = || settings.one::<wire::Ticket>(&doing, id);
    let fields = settings.fields("Tickets", REUSE_SECONDS);
    let [answer, fields] = exchange_array(settings, send, [read(), fields]);
    let row = with_status(&doing, id, &answer)?;
    let mut choosers = Choosers::read(&fields)?;
    let was_kept = fields.success()?.age_seconds.is_some();
    if was_kept && ids.iter().all(|id| choosers.statuses.find(*id).is_none()) {
        // A status may be newer than what the host kept.
        choosers = Choosers::read(&exchange_one(settings, send, settings.fields("Tickets", 0)))?;
    }
    let mut of_board = ids.clone();
    of_board.retain(|id| choosers.statuses.find(*id).is_some());
    // The present one may be inactive, and is one of the board's all the same.
    of_board.extend(row.status);
    let queue = row.queue_id.map_or("none".to_owned(), |id| id.to_string());
    let status = choose(&doing, ids, &of_board, &queue)?;
    let resolution = Some(resolution).filter(|_| given(row.resolution.clone()).is_none());
    let names = Names {
        choosers: Some(choosers),
        ..Names::default()
    };
    let before = ticket(zone_of(&answer), row, &names);
    let body = body(status, resolution, &mut Vec::new());
    let steps = Steps {
        tenant: settings,
        write: &|| settings.write(&doing, &TICKETS_EDIT, "PATCH", "Tickets", body.clone()),
        // The answer is the ticket's id alone, also if nothing was changed.
        shown: &|answer: &Answer| match written_id(answer)? {
            written if written == id => Ok(None),
            _ => Err(answer.unexpected("expected the id of the ticket that was changed")),
        },
        read: &read,
        state: &|answer: &Answer| {
            let row = with_status(&doing, id, answer)?;
            Ok(ticket(zone_of(answer), row, &names))
        },
        is_made: &|ticket| status_id(ticket) != status_id(&before),
        wrote_nothing: was_declined,
    };
    set_once(&doing, &before, status, steps, send)
}

/// The ticket with its status.
fn with_status(doing: &str, id: i64, answer: &Answer) -> Result<wire::Ticket, Error> {
    let row = existing(doing, id, answer)?;
    match row.status {
        Some(_) => Ok(row),
        None => Err(answer.unexpected("expected a ticket with its status")),
    }
}
