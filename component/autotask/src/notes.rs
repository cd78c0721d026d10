//! `add-note`: one note on a ticket, written once, and found again by the marker in its text.

use psa_contract::{CreatedNote, Creation, FieldError, NoteDraft, Operation};
use psa_toolkit::draft::merge_vendor_fields;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::note::{NewNote, ShownNote, Steps, add_once};
use psa_toolkit::status::unexpected;
use psa_toolkit::text::{fitting_line, plain_lines};
use psa_toolkit::{Error, HttpSend};
use serde_json::json;

use crate::api::{condition, enter, one_row, was_declined, written_id};
use crate::draft::{LONGEST_NOTE, NOTE_FIELDS, fitting, kept};
use crate::lists::list;
use crate::settings::Settings;
use crate::ticket::existing;
use crate::wire::{INTERNAL, Note, Ticket};

const LONGEST_TITLE: usize = 250;
/// Far more than a ticket has. Notes come by ascending id only, so that the newest are at the end.
const MOST_NOTES: usize = 10_000;
/// The type that Autotask ships as Task Summary.
const NOTE_TYPE: i64 = 1;

/// Adds one note.
pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let new = NewNote::parse(&NOTE_FIELDS, note, &|_, faults| body(note, faults))?;
    let (id, doing) = (new.ticket_id, &new.doing);
    let send = &mut enter(settings, send)?;
    let answer = exchange_one(settings, send, settings.one::<Ticket>(doing, id));
    existing(doing, id, &answer)?;
    let path = format!("Tickets/{id}/Notes");
    let steps = Steps {
        tenant: settings,
        new: &new,
        look_up: &mut |send: &mut HttpSend| look_up(settings, &new, send),
        write: &|| settings.write(doing, Operation::AddNote, &path, new.body.clone()),
        read: &|answer: &Answer| written_id(answer).map(ShownNote::of_id),
        wrote_nothing: |_| false,
        was_declined,
    };
    let (mut note, creation) = add_once(steps, send)?;
    if let (Creation::Created, Some(id)) = (creation, note.id) {
        // The answer is an id alone: who can read the note is read again. It stands if that fails.
        let call = settings.one::<Note>("read the new note", id);
        let read = one_row::<Note>(&exchange_one(settings, send, call), id);
        note = read.ok().flatten().map_or(note, Note::shown);
    }
    Ok(new.created(&note, creation))
}

/// The request's body. A note has to have a title.
fn body(note: &NoteDraft, faults: &mut Vec<FieldError>) -> String {
    let kept = kept(&note.details, &note.links, note.reference.as_deref());
    let text = plain_lines(&note.text);
    let body = json!({
        "title": fitting_line(&text, LONGEST_TITLE).0,
        "description": fitting(&text, &kept, LONGEST_NOTE, faults),
        "noteType": NOTE_TYPE,
        "publish": INTERNAL,
    });
    let more = note.vendor_fields.as_deref();
    merge_vendor_fields(body.to_string(), more, &["ticketID"], &NOTE_FIELDS, faults)
}

/// Among all notes of the ticket: they cannot be asked for from the newest on.
fn look_up(
    settings: &Settings,
    new: &NewNote,
    send: &mut HttpSend,
) -> Result<Option<ShownNote>, Error> {
    let id = new.ticket_id;
    let doing = format!("look through the notes of ticket {id}");
    let filter = [condition("eq", "ticketID", id)];
    let place = (None, MOST_NOTES);
    let (found, _) = list::<Note>(settings, send, &doing, &filter, place, None)?;
    if found.continue_after.is_some() {
        return Err(unexpected(&doing, "expected no more than 10,000 notes"));
    }
    let found = new.among(found.rows.into_iter().map(Note::shown));
    found.map_err(|fault| unexpected(&doing, fault))
}
