//! `add-note`: one note on a ticket, written once, and found again by the marker in its text.

use psa_contract::{
    CreatedNote, Creation, FieldError, NoteAudience, NoteDraft, Operation, Response,
};
use psa_toolkit::draft::{self, LONGEST_REFERENCE, merge_vendor_fields, reference};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::input::{InputRow, field_of_member};
use psa_toolkit::note::{NEWEST_NOTES, bears, check, text_of};
use psa_toolkit::status_change::refuse_merged;
use psa_toolkit::write_once::{Write, Written, write_once};
use psa_toolkit::{Error, HttpSend};
use serde::Serialize;

use crate::api::wrote_nothing;
use crate::draft::{detail_line, escaped, with_hard_breaks};
use crate::permissions::{TICKETS_EDIT, TICKETS_INQUIRE};
use crate::settings::Settings;
use crate::ticket;
use crate::wire::{Note, is};

/// The fields of a note that this connector takes. What the customer sees is sure: a note with `detailDescriptionFlag` is
/// in the tab Discussion.
pub(crate) const FIELDS: [InputRow; 7] = [
    InputRow::of(Operation::AddNote, "ticket-id").required(),
    InputRow::of(Operation::AddNote, "text")
        .member("text")
        .required(),
    InputRow::of(Operation::AddNote, "details"),
    InputRow::of(Operation::AddNote, "links"),
    InputRow::of(Operation::AddNote, "audience")
        .member("detailDescriptionFlag")
        .required(),
    InputRow::of(Operation::AddNote, "reference").at_most(LONGEST_REFERENCE),
    InputRow::of(Operation::AddNote, "vendor-fields"),
];

/// Adds one note.
pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let new = parse(note).map_err(|faults| invalid_input("add the note", faults))?;
    let id = new.ticket_id;
    let doing = format!("add a note to ticket {id}");
    // The PSA shows the notes of a merged ticket nowhere.
    refuse_merged(&doing, &ticket::read(settings, id, send)?)?;
    let mut write = NoteWrite {
        settings,
        doing: &doing,
        new,
    };
    let written = write_once(&mut write, send).map_err(|error| ticket::of_ticket(id, error))?;
    let (note, creation) = match written {
        Written::Created(note) => (note, Creation::Created),
        Written::Found(note) => (note, Creation::Found),
    };
    Ok(CreatedNote {
        not_applied: not_applied(&write.new, &note),
        id: note.id.map(|id| id.to_string()),
        creation,
    })
}

/// A note ready to be sent.
struct NewNote {
    ticket_id: i64,
    body: String,
    audience: NoteAudience,
    reference: Option<String>,
}

/// The members of the request's body. `processNotifications` is sent since its default is not documented: with it, the
/// contact is mailed even an internal note (seen by users of the API).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Members {
    text: String,
    detail_description_flag: bool,
    internal_analysis_flag: bool,
    resolution_flag: bool,
    process_notifications: bool,
}

/// Members that say nothing that can be relied on, but seem to.
const RESERVED: [&str; 2] = ["internalFlag", "externalFlag"];

/// Reads a note. Every fault of it at once.
fn parse(note: &NoteDraft) -> Result<NewNote, Vec<FieldError>> {
    let mut faults = Vec::new();
    check(&FIELDS, note, &mut faults);
    let ticket_id = draft::id("ticket-id", &note.ticket_id, &mut faults).unwrap_or_default();
    let reference = reference(note.reference.as_deref(), &mut faults);
    let is_for_customer = note.audience == NoteAudience::Customer;
    let members = Members {
        text: with_hard_breaks(&text_of(note, &escaped, &detail_line)),
        detail_description_flag: is_for_customer,
        internal_analysis_flag: !is_for_customer,
        resolution_flag: false,
        process_notifications: false,
    };
    let body = merge_vendor_fields(
        // Texts and flags: they always have a JSON form.
        serde_json::to_string(&members).unwrap_or_default(),
        note.vendor_fields.as_deref(),
        &RESERVED,
        &contract_field,
        &mut faults,
    );
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(NewNote {
        ticket_id,
        body,
        audience: note.audience,
        reference,
    })
}

fn contract_field(member: &str) -> Option<&'static str> {
    let is_flag = member.to_ascii_lowercase().ends_with("flag");
    field_of_member(&FIELDS, member).or_else(|| is_flag.then_some("audience"))
}

struct NoteWrite<'a, 'b> {
    settings: &'a Settings,
    doing: &'b str,
    new: NewNote,
}

impl<'a> Write<'a> for NoteWrite<'a, '_> {
    type Record = Note;

    fn noun(&self) -> &'static str {
        "note"
    }

    fn has_reference(&self) -> bool {
        self.new.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Note>, Error> {
        let reference = self.new.reference.as_deref().unwrap_or_default();
        find_note(self.settings, self.new.ticket_id, reference, send)
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        let path = format!("/service/tickets/{}/notes", self.new.ticket_id);
        let body = self.new.body.clone();
        let call = self.settings.write(self.doing, &TICKETS_EDIT, &path, body);
        Ok(exchange_one(self.settings, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<Note, Error> {
        let note: Note = answer.record()?;
        match note.id {
            Some(_) => Ok(note),
            None => Err(answer.unexpected("expected the note with its id")),
        }
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        wrote_nothing(response)
    }
}

/// The note that bears the reference, among the newest 200 by date. Some servers serve fewer in a page than they are asked for,
/// so that only a page without new ones is the end. Page numbers will do: a note that is added meanwhile moves the others to
/// later places.
fn find_note(
    settings: &Settings,
    ticket_id: i64,
    reference: &str,
    send: &mut HttpSend,
) -> Result<Option<Note>, Error> {
    let is_it = |note: &Note| {
        let text = note.text.as_deref();
        text.is_some_and(|text| bears(text, reference))
    };
    let mut notes: Vec<Note> = Vec::new();
    for page in 1..=NEWEST_NOTES {
        let call = settings.read(
            &format!("search the notes of ticket {ticket_id}"),
            Some(&TICKETS_INQUIRE),
            &format!("/service/tickets/{ticket_id}/notes"),
            &[
                (
                    "fields",
                    "id,ticketId,text,detailDescriptionFlag,internalAnalysisFlag,resolutionFlag,dateCreated",
                ),
                ("orderBy", "dateCreated desc"),
                ("page", &page.to_string()),
                ("pageSize", &NEWEST_NOTES.to_string()),
            ],
        );
        let answer = exchange_one(settings, send, call);
        let rows: Vec<Note> = answer.records()?;
        let is_new = |note: &Note| note.id.is_none() || notes.iter().all(|it| it.id != note.id);
        let new: Vec<Note> = rows.into_iter().filter(is_new).collect();
        if new.is_empty() {
            break;
        }
        notes.extend(new);
        check_order(&notes, ticket_id).map_err(|fault| answer.unexpected(fault))?;
        if let Some(place) = notes.iter().position(is_it) {
            return Ok(Some(notes.swap_remove(place)));
        }
        if notes.len() >= NEWEST_NOTES {
            break;
        }
    }
    Ok(None)
}

/// A note that is looked for among others than the newest ones of this ticket would not be found, and written again.
fn check_order(notes: &[Note], ticket_id: i64) -> Result<(), &'static str> {
    // Without the `Z`, a fraction of a second sorts behind the whole one.
    let dates = notes.iter().map(|note| {
        note.date_created
            .as_deref()
            .map(|it| it.trim_end_matches('Z'))
    });
    if !dates.clone().all(|date| date.is_some()) || !dates.is_sorted_by(|one, next| one >= next) {
        return Err("expected notes in descending order of `dateCreated`");
    }
    if notes
        .iter()
        .any(|note| note.ticket_id.is_some_and(|id| id != ticket_id))
    {
        return Err("expected only notes of the requested ticket");
    }
    Ok(())
}

/// What the note that the PSA shows does not bear as it was sent.
fn not_applied(new: &NewNote, note: &Note) -> Vec<FieldError> {
    let is_seen = is(note.detail_description_flag) || is(note.resolution_flag);
    let audience = match new.audience {
        NoteAudience::Staff if is_seen => Some("the PSA shows the note to the customer too"),
        NoteAudience::Customer if !is(note.detail_description_flag) => {
            Some("the PSA does not show the note to the customer")
        }
        _ => None,
    };
    let is_lost = match (&new.reference, &note.text) {
        (Some(reference), Some(text)) => !bears(text, reference),
        _ => false,
    };
    let reference = is_lost.then_some("the PSA did not keep the line that contains the reference");
    let fault = |field, message: Option<&str>| message.map(|message| field_error(field, message));
    [fault("audience", audience), fault("reference", reference)]
        .into_iter()
        .flatten()
        .collect()
}
