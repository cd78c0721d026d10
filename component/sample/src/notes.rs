//! `add-note`: a note whose last line is its reference, by which it is found among the newest ones.

use psa_contract::{CreatedNote, Creation, NoteAudience, NoteDraft};
use psa_toolkit::draft;
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::note::{self, NEWEST_NOTES};
use psa_toolkit::write_once::{Write, Written, write_once};
use psa_toolkit::{Error, HttpSend};
use serde::Serialize;

use crate::draft::FIELDS;
use crate::permissions::{TICKETS_READ, TICKETS_WRITE};
use crate::settings::Settings;
use crate::{api, wire};

const DOING: &str = "add the note";

pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let mut faults = Vec::new();
    note::check(&FIELDS, note, &mut faults);
    let ticket = draft::id("ticket-id", &note.ticket_id, &mut faults);
    let reference = draft::reference(note.reference.as_deref(), &mut faults);
    let (Some(ticket), true) = (ticket, faults.is_empty()) else {
        return Err(invalid_input(DOING, faults));
    };
    let is_public = note.audience == NoteAudience::Customer;
    let send = &mut api::sign_in(settings, send)?;
    let mut adding = Adding {
        settings,
        path: format!("tickets/{ticket}/notes"),
        reference,
        // Sample Desk shows plain text.
        body: NewNote {
            text: note::text_of(note, &str::to_owned, &|label, value| {
                format!("{label}: {value}")
            }),
            public: is_public,
        },
    };
    let (written, creation) = match write_once(&mut adding, send)? {
        Written::Found(written) => (written, Creation::Found),
        Written::Created(written) => (written, Creation::Created),
    };
    let mut not_applied = Vec::new();
    if written.public != is_public {
        not_applied.push(field_error(
            "audience",
            "Sample Desk shows the note to another audience",
        ));
    }
    Ok(CreatedNote {
        id: Some(written.id.to_string()),
        creation,
        not_applied,
    })
}

struct Adding<'a> {
    settings: &'a Settings,
    path: String,
    reference: Option<String>,
    body: NewNote,
}

#[derive(Serialize)]
struct NewNote {
    text: String,
    public: bool,
}

impl<'a> Write<'a> for Adding<'a> {
    type Record = wire::Note;

    fn noun(&self) -> &'static str {
        "note"
    }

    fn has_reference(&self) -> bool {
        self.reference.is_some()
    }

    /// Among the newest notes. If they do not come newest first, an older one may be missing, and nothing is written.
    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<wire::Note>, Error> {
        let reference = self.reference.as_deref().unwrap_or_default();
        let path = format!("{}?newest={NEWEST_NOTES}", self.path);
        let doing = "look for the note by its reference";
        let call = api::get(self.settings, doing, Some(&TICKETS_READ), &path).names_a_record(true);
        let answer = exchange_one(self.settings, send, call);
        let found: wire::Rows<wire::Note> = answer.read()?;
        if !found
            .rows
            .is_sorted_by(|one, next| one.created >= next.created)
        {
            return Err(answer.unexpected("expected the newest notes first"));
        }
        let mut notes = found.rows.into_iter();
        Ok(notes.find(|it| note::bears(&it.text, reference)))
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        // Texts and flags have a JSON form.
        let body = serde_json::to_string(&self.body).unwrap_or_default();
        let call = api::write(
            self.settings,
            "POST",
            DOING,
            &TICKETS_WRITE,
            &self.path,
            body,
        );
        Ok(exchange_one(self.settings, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<wire::Note, Error> {
        answer.read()
    }
}
