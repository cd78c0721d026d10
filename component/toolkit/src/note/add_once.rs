//! One note, read, written once, and compared with what was sent.

use psa_contract::{CreatedNote, Creation, FieldError, NoteAudience, NoteDraft, Response};

use super::{bears, check};
use crate::draft;
use crate::error::{Error, field_error, invalid_input};
use crate::exchange::{Answer, Call, HttpSend, Tenant, exchange_one};
use crate::input::InputRow;
use crate::write_once::{Write, write_once};

/// A note ready to be sent.
#[derive(Debug)]
pub struct NewNote {
    /// The ticket that it is for.
    pub ticket_id: i64,
    /// Completes "cannot …".
    pub doing: String,
    /// Who is to read it.
    pub audience: NoteAudience,
    /// By which it is found again.
    pub reference: Option<String>,
    /// Of the request.
    pub body: String,
}

/// A note as the PSA shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ShownNote {
    /// None: notes of this PSA need not have one.
    pub id: Option<i64>,
    /// None: the answer does not show it.
    pub ticket_id: Option<i64>,
    /// None: the answer does not show it.
    pub text: Option<String>,
    /// Whether others can read it than it was sent for.
    pub has_other_audience: bool,
}

impl ShownNote {
    /// As an answer shows it that holds its id alone.
    #[must_use]
    pub fn of_id(id: i64) -> Self {
        Self {
            id: Some(id),
            ..Self::default()
        }
    }
}

impl NewNote {
    /// Reads a note. `body` makes the body of the request, of the id of the ticket, and notes what is wrong with it.
    ///
    /// # Errors
    /// `invalid-input`, with every fault.
    pub fn parse(
        table: &[InputRow],
        note: &NoteDraft,
        body: &dyn Fn(i64, &mut Vec<FieldError>) -> String,
    ) -> Result<Self, Error> {
        let mut faults = Vec::new();
        check(table, note, &mut faults);
        let ticket_id = draft::id("ticket-id", &note.ticket_id, &mut faults).unwrap_or_default();
        let reference = draft::reference(note.reference.as_deref(), &mut faults);
        let body = body(ticket_id, &mut faults);
        if !faults.is_empty() {
            return Err(invalid_input("add the note", faults));
        }
        Ok(Self {
            ticket_id,
            doing: format!("add a note to ticket {ticket_id}"),
            audience: note.audience,
            reference,
            body,
        })
    }

    /// The one of the ticket's notes that bears its reference.
    ///
    /// # Errors
    /// The fault of the answer: one of the notes is another ticket's, so that this one may be missing.
    pub fn among(
        &self,
        notes: impl IntoIterator<Item = ShownNote>,
    ) -> Result<Option<ShownNote>, &'static str> {
        let mut found = None;
        for note in notes {
            if note.ticket_id.is_some_and(|id| id != self.ticket_id) {
                return Err("expected notes of the ticket that was asked for");
            }
            if found.is_none() && self.bears_its_reference(&note) == Some(true) {
                found = Some(note);
            }
        }
        Ok(found)
    }

    /// None: it has none, or the note does not show its text.
    fn bears_its_reference(&self, note: &ShownNote) -> Option<bool> {
        Some(bears(note.text.as_deref()?, self.reference.as_deref()?))
    }

    /// The result: the note that the PSA shows, and what it does not bear as it was sent.
    #[must_use]
    pub fn created(&self, note: &ShownNote, creation: Creation) -> CreatedNote {
        let mut not_applied = Vec::new();
        if note.has_other_audience {
            let fault = match self.audience {
                NoteAudience::Staff => "the PSA shows the note to the customer too",
                NoteAudience::Customer => "the PSA does not show the note to the customer",
            };
            not_applied.push(field_error("audience", fault));
        }
        if self.bears_its_reference(note) == Some(false) {
            let fault = "the PSA did not keep the line with the reference";
            not_applied.push(field_error("reference", fault));
        }
        CreatedNote {
            id: note.id.map(|id| id.to_string()),
            creation,
            not_applied,
        }
    }
}

/// What a vendor does for one note.
pub struct Steps<'a, 'b> {
    /// For errors.
    pub tenant: &'a dyn Tenant,
    /// What was read.
    pub new: &'b NewNote,
    /// The note that bears the reference, by [`NewNote::among`]; called only if there is one.
    pub look_up: &'b mut dyn FnMut(&mut HttpSend) -> Result<Option<ShownNote>, Error>,
    /// The write.
    pub write: &'b dyn Fn() -> Call,
    /// The note in the answer of a success.
    pub read: &'b dyn Fn(&Answer) -> Result<ShownNote, Error>,
    /// [`Write::wrote_nothing`]
    pub wrote_nothing: fn(&Response) -> bool,
    /// [`Write::was_declined`]
    pub was_declined: fn(&Response) -> bool,
}

/// Looks the note up, adds it once, and looks it up again if the write is in doubt. An error that leaves the outcome unknown
/// names the ticket.
///
/// # Errors
/// Those of [`write_once`].
pub fn add_once(
    mut steps: Steps<'_, '_>,
    send: &mut HttpSend,
) -> Result<(ShownNote, Creation), Error> {
    let ticket_id = steps.new.ticket_id;
    let written = write_once(&mut steps, send).map_err(|error| error.of_ticket(ticket_id))?;
    Ok(written.into_parts())
}

impl<'a> Write<'a> for Steps<'a, '_> {
    type Record = ShownNote;

    fn noun(&self) -> &'static str {
        "note"
    }

    fn has_reference(&self) -> bool {
        self.new.reference.is_some()
    }

    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<ShownNote>, Error> {
        (self.look_up)(send)
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        Ok(exchange_one(self.tenant, send, (self.write)()))
    }

    fn read(&self, answer: &Answer) -> Result<ShownNote, Error> {
        (self.read)(answer)
    }

    fn wrote_nothing(&self, response: &Response) -> bool {
        (self.wrote_nothing)(response)
    }

    fn was_declined(&self, response: &Response) -> bool {
        (self.was_declined)(response)
    }
}

#[cfg(test)]
mod tests;
