//! `set-status`: read first, write once, compare afterwards. What is decided for every PSA is the toolkit's.

use psa_contract::{ChangedTicket, Response, StatusChange, Ticket};
use psa_toolkit::change_once::{Change, change_once};
use psa_toolkit::draft::merge_vendor_fields;
use psa_toolkit::error::invalid_input;
use psa_toolkit::exchange::{Answer, exchange_array, exchange_one};
use psa_toolkit::status_change::{choose, compare, parse, status_id};
use psa_toolkit::text::plain_lines;
use psa_toolkit::{Error, HttpSend};
use serde_json::json;

use super::{Names, missing, of_ticket, ticket};
use crate::api::{enter, one_row, was_declined, written_id, zone_of};
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
        return Err(invalid_input("set the status", faults));
    }
    let doing = format!("set the status of ticket {id}");
    let send = &mut enter(settings, send)?;
    let calls = [
        settings.one::<wire::Ticket>(&doing, id),
        settings.fields("Tickets", REUSE_SECONDS),
    ];
    let [answer, fields] = exchange_array(settings, send, calls);
    let row = with_status(&doing, id, &answer)?;
    let mut choosers = Choosers::read(&fields)?;
    let was_kept = fields.success()?.age_seconds.is_some();
    if was_kept && ids.iter().all(|id| choosers.statuses.find(*id).is_none()) {
        // A status may be newer than what the host kept.
        choosers = Choosers::read(&exchange_one(settings, send, settings.fields("Tickets", 0)))?;
    }
    let active = ids
        .iter()
        .copied()
        .filter(|id| choosers.statuses.find(*id).is_some());
    // The present one may be inactive, and is one of the board's all the same.
    let of_board: Vec<i64> = active.chain(row.status).collect();
    let queue = row.queue_id.map_or("none".to_owned(), |id| id.to_string());
    let status = choose(&doing, ids, &of_board, &queue)?;
    let is_there = row.status == Some(status);
    let resolution = Some(resolution).filter(|_| given(row.resolution.clone()).is_none());
    let names = Names {
        choosers: Some(choosers),
        ..Names::default()
    };
    let before = ticket(zone_of(&answer), row, &names);
    if is_there {
        return Ok(ChangedTicket {
            ticket: before,
            is_changed: false,
        });
    }
    let mut patch = Patch {
        settings,
        doing: &doing,
        id,
        body: body(status, resolution, &mut Vec::new()),
        before: &before,
        names: &names,
    };
    let after = change_once(&mut patch, send).map_err(|error| of_ticket(id, error))?;
    compare(&doing, &before, after)
}

/// The ticket with its status.
fn with_status(doing: &str, id: i64, answer: &Answer) -> Result<wire::Ticket, Error> {
    match one_row::<wire::Ticket>(answer, id)? {
        Some(row) if row.status.is_some() => Ok(row),
        Some(_) => Err(answer.unexpected("expected a ticket with its status")),
        None => Err(missing(doing, &format!("ticket {id}"))),
    }
}

struct Patch<'a, 'b> {
    settings: &'a Settings,
    doing: &'b str,
    id: i64,
    body: String,
    before: &'b Ticket,
    names: &'b Names,
}

impl<'a> Change<'a> for Patch<'a, '_> {
    type State = Ticket;

    fn write(&mut self, send: &mut HttpSend) -> Answer<'a> {
        let (settings, body) = (self.settings, self.body.clone());
        let call = settings.write(self.doing, &TICKETS_EDIT, "PATCH", "Tickets", body);
        exchange_one(settings, send, call)
    }

    /// The answer is the ticket's id alone, also if nothing was changed.
    fn shown(&self, answer: &Answer) -> Result<Option<Ticket>, Error> {
        match written_id(answer)? {
            id if id == self.id => Ok(None),
            _ => Err(answer.unexpected("expected the id of the ticket that was changed")),
        }
    }

    fn read(&mut self, send: &mut HttpSend) -> Result<Ticket, Error> {
        let call = self.settings.one::<wire::Ticket>(self.doing, self.id);
        let answer = exchange_one(self.settings, send, call);
        let row = with_status(self.doing, self.id, &answer)?;
        Ok(ticket(zone_of(&answer), row, self.names))
    }

    fn is_made(&self, ticket: &Ticket) -> bool {
        status_id(ticket) != status_id(self.before)
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        was_declined(response)
    }
}
