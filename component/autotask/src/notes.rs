//! `add-note`: one note on a ticket, written once, and found again by the marker in its text.

use psa_contract::{CreatedNote, Creation, FieldError, NoteDraft, Response};
use psa_toolkit::draft::{self, merge_vendor_fields, reference, text_with_details};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::note::{bears, check, marker};
use psa_toolkit::text::{fitting_line, plain_lines};
use psa_toolkit::write_once::{Write, Written, write_once};
use psa_toolkit::{Error, HttpSend};
use serde_json::json;

use crate::api::{condition, enter, one_row, was_declined, written_id};
use crate::draft::{FIELDS, LONGEST_NOTE, NOTE_MEMBERS, contract_field, detail_line, fitting};
use crate::lists::list;
use crate::permissions::NOTES_ADD;
use crate::settings::Settings;
use crate::ticket::{missing, of_ticket};
use crate::wire::{Note, Ticket};

const LONGEST_TITLE: usize = 250;
/// Far more than a ticket has. Notes come by ascending id only, so that the newest are at the end.
const MOST_NOTES: usize = 10_000;
/// The type that Autotask ships as Task Summary.
const NOTE_TYPE: i64 = 1;
/// The staff alone.
const INTERNAL: i64 = 2;

/// Adds one note.
pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let mut faults = Vec::new();
    check(&FIELDS, note, &mut faults);
    let id = draft::id("ticket-id", &note.ticket_id, &mut faults).unwrap_or_default();
    let reference = reference(note.reference.as_deref(), &mut faults);
    let body = body(note, reference.as_deref(), &mut faults);
    if !faults.is_empty() {
        return Err(invalid_input("add the note", faults));
    }
    let doing = format!("add a note to ticket {id}");
    let send = &mut enter(settings, send)?;
    let answer = exchange_one(settings, send, settings.one::<Ticket>(&doing, id));
    one_row::<Ticket>(&answer, id)?.ok_or_else(|| missing(&doing, &format!("ticket {id}")))?;
    let mut adding = Adding {
        settings,
        doing: &doing,
        ticket: id,
        body,
        reference,
    };
    let written = write_once(&mut adding, send).map_err(|error| of_ticket(id, error))?;
    let (note, creation) = match written {
        Written::Found(found) => (found, Creation::Found),
        Written::Created(created) => (adding.read_back(created, send), Creation::Created),
    };
    Ok(CreatedNote {
        not_applied: not_applied(&note, adding.reference.as_deref()),
        id: Some(note.id.to_string()),
        creation,
    })
}

/// The request's body. A note has to have a title.
fn body(note: &NoteDraft, reference: Option<&str>, faults: &mut Vec<FieldError>) -> String {
    let (details, links) = (&note.details, &note.links);
    let kept = text_with_details(Vec::new(), details, links, &str::to_owned, &detail_line);
    let mut kept = vec![kept];
    kept.extend(reference.map(marker));
    kept.retain(|part| !part.is_empty());
    let text = plain_lines(&note.text);
    let body = json!({
        "title": fitting_line(&text, LONGEST_TITLE).0,
        "description": fitting(&text, &kept.join("\n\n"), LONGEST_NOTE, faults),
        "noteType": NOTE_TYPE,
        "publish": INTERNAL,
    });
    let field_of = |member: &str| contract_field(Some(&NOTES_ADD), member);
    let reserved = NOTE_MEMBERS.map(|(member, _)| member);
    let more = note.vendor_fields.as_deref();
    merge_vendor_fields(body.to_string(), more, &reserved, &field_of, faults)
}

struct Adding<'a, 'b> {
    settings: &'a Settings,
    doing: &'b str,
    ticket: i64,
    body: String,
    reference: Option<String>,
}

impl<'a> Write<'a> for Adding<'a, '_> {
    type Record = Note;

    fn noun(&self) -> &'static str {
        "note"
    }

    fn has_reference(&self) -> bool {
        self.reference.is_some()
    }

    /// Among all notes of the ticket: they cannot be asked for from the newest on.
    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Note>, Error> {
        let (settings, id) = (self.settings, self.ticket);
        let doing = format!("look through the notes of ticket {id}");
        let filter = [condition("eq", "ticketID", id)];
        let listed = list::<Note>(settings, send, &doing, &filter, (None, MOST_NOTES), None)?;
        if listed.rows.iter().any(|note| note.ticket_id != id) || listed.continue_after.is_some() {
            let fault = "expected the notes of this ticket, and no more than 10,000";
            let message = format!("cannot {doing}: {fault}");
            return Err(Error::new(
                psa_contract::ErrorCode::UnexpectedResponse,
                message,
            ));
        }
        let reference = self.reference.as_deref().unwrap_or_default();
        let bears_it =
            |note: &Note| bears(note.description.as_deref().unwrap_or_default(), reference);
        Ok(listed.rows.into_iter().find(bears_it))
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        let path = format!("Tickets/{}/Notes", self.ticket);
        let body = self.body.clone();
        let call = self
            .settings
            .write(self.doing, &NOTES_ADD, "POST", &path, body);
        Ok(exchange_one(self.settings, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<Note, Error> {
        Ok(Note {
            id: written_id(answer)?,
            ticket_id: self.ticket,
            description: None,
            publish: None,
        })
    }

    fn was_declined(&self, response: &Response) -> bool {
        was_declined(response)
    }
}

impl Adding<'_, '_> {
    /// The answer is an id alone: who can read the note is read again. It stands if that fails.
    fn read_back(&self, created: Note, send: &mut HttpSend) -> Note {
        let call = self.settings.one::<Note>("read the new note", created.id);
        let answer = exchange_one(self.settings, send, call);
        let found = one_row::<Note>(&answer, created.id).ok().flatten();
        found.unwrap_or(created)
    }
}

fn not_applied(note: &Note, reference: Option<&str>) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if note.publish.is_some_and(|it| it != INTERNAL) {
        let fault = "Autotask publishes the note to others than the staff";
        faults.push(field_error("audience", fault));
    }
    let both = reference.zip(note.description.as_deref());
    if both.is_some_and(|(reference, text)| !bears(text, reference)) {
        let fault = "Autotask did not keep the line with the reference";
        faults.push(field_error("reference", fault));
    }
    faults
}
