//! `add-note`: an action on a ticket, whose last line is its reference, by which it is found among the newest ones.

use psa_contract::{CreatedNote, Creation, FieldError, NoteDraft};
use psa_toolkit::draft::{self, merge_vendor_fields, reference};
use psa_toolkit::error::{field_error, invalid_input};
use psa_toolkit::exchange::{Answer, exchange_array, exchange_one};
use psa_toolkit::html::{as_html, detail_line, escaped, escaped_links};
use psa_toolkit::input::field_of_member;
use psa_toolkit::loose::Rows;
use psa_toolkit::note::{self, NEWEST_NOTES, bears};
use psa_toolkit::pages::Row as _;
use psa_toolkit::status_change::refuse_merged;
use psa_toolkit::text::number;
use psa_toolkit::write_once::{Write, Written, write_once};
use psa_toolkit::{Error, HttpSend};
use serde_json::{Map, Value};

use crate::api::{self, written};
use crate::draft::FIELDS;
use crate::permissions::{TICKETS_EDIT, TICKETS_READ};
use crate::settings::Settings;
use crate::ticket;
use crate::wire::Action;

/// Of the stock outcome "Private Note". Halo refuses a note without an outcome.
const PRIVATE_NOTE: &str = "7";

/// Adds one note.
pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let new = parse(settings, note).map_err(|faults| invalid_input("add the note", faults))?;
    let id = new.ticket_id;
    let doing = format!("add a note to ticket {id}");
    let send = &mut api::sign_in(settings, send)?;
    let mut adding = Adding {
        settings,
        doing,
        new,
        is_first: true,
    };
    let noted = write_once(&mut adding, send).map_err(|error| error.of_ticket(id))?;
    let (noted, creation) = match noted {
        Written::Found(noted) => (noted, Creation::Found),
        Written::Created(noted) => (noted, Creation::Created),
    };
    Ok(CreatedNote {
        not_applied: not_applied(&adding.new, &noted),
        id: Some(noted.id().to_string()),
        creation,
    })
}

/// A note ready to be sent.
struct NewNote {
    ticket_id: i64,
    body: String,
    reference: Option<String>,
}

/// Members that would make the write another one, or that other fields set.
const RESERVED: [&str; 7] = [
    "id",
    "guid",
    "note",
    "new_status",
    "emailto",
    "emailcc",
    "emailbody",
];

fn parse(settings: &Settings, note: &NoteDraft) -> Result<NewNote, Vec<FieldError>> {
    let mut faults = Vec::new();
    note::check(&FIELDS, note, &mut faults);
    let ticket_id = draft::id("ticket-id", &note.ticket_id, &mut faults).unwrap_or_default();
    let reference = reference(note.reference.as_deref(), &mut faults);
    let linked = NoteDraft {
        links: escaped_links(&note.links),
        ..note.clone()
    };
    // Without `sendemail`, an outcome may mail the note.
    let mut body = Map::from_iter([
        ("ticket_id".to_owned(), ticket_id.into()),
        (
            "note_html".to_owned(),
            as_html(&note::text_of(&linked, &escaped, &detail_line)).into(),
        ),
        ("hiddenfromuser".to_owned(), true.into()),
        ("sendemail".to_owned(), false.into()),
    ]);
    if !names_an_outcome(note) {
        let outcome = settings.note_outcome.as_deref().unwrap_or(PRIVATE_NOTE);
        let (name, outcome) = match number(outcome) {
            Some(id) => ("outcome_id", Value::from(id)),
            None => ("outcome", outcome.into()),
        };
        body.insert(name.to_owned(), outcome);
    }
    let field_of = |member: &str| match member {
        "note" => Some("text"),
        member => field_of_member(&FIELDS, member),
    };
    let body = merge_vendor_fields(
        Value::Object(body).to_string(),
        note.vendor_fields.as_deref(),
        &RESERVED,
        &field_of,
        &mut faults,
    );
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(NewNote {
        ticket_id,
        body,
        reference,
    })
}

/// Whether the vendor's fields bring their own outcome.
fn names_an_outcome(note: &NoteDraft) -> bool {
    let fields = note.vendor_fields.as_deref().unwrap_or_default();
    let fields: Map<String, Value> = serde_json::from_str(fields).unwrap_or_default();
    fields
        .keys()
        .any(|name| ["outcome", "outcome_id"].contains(&name.to_ascii_lowercase().as_str()))
}

struct Adding<'a> {
    settings: &'a Settings,
    doing: String,
    new: NewNote,
    /// The ticket is looked at beside the first look-up alone.
    is_first: bool,
}

impl<'a> Write<'a> for Adding<'a> {
    type Record = Action;

    fn noun(&self) -> &'static str {
        "note"
    }

    fn has_reference(&self) -> bool {
        self.new.reference.is_some()
    }

    /// Halo does not say which ticket a list of actions is of if it is of none, so the ticket is read, too.
    fn look_up(&mut self, send: &mut HttpSend) -> Result<Option<Action>, Error> {
        let id = self.new.ticket_id.to_string();
        let list = api::get(
            self.settings,
            &format!("look through the notes of ticket {id}"),
            &TICKETS_READ,
            "Actions",
            &[
                ("ticket_id", &id),
                ("count", &NEWEST_NOTES.to_string()),
                ("excludesys", "true"),
                ("includehtmlnote", "true"),
            ],
        );
        let answer = if self.is_first {
            let ticket = ticket::call(self.settings, &self.doing, self.new.ticket_id);
            let [ticket, answer] = exchange_array(self.settings, send, [ticket, list]);
            self.refuse_ticket(&ticket)?;
            answer
        } else {
            exchange_one(self.settings, send, list)
        };
        self.is_first = false;
        let found: Rows<Action> = answer.read()?;
        check_newest(&found, self.new.ticket_id).map_err(|fault| answer.unexpected(fault))?;
        let reference = self.new.reference.as_deref().unwrap_or_default();
        let is_it = |note: &Action| note.text().is_some_and(|text| bears(text, reference));
        Ok(found.rows.into_iter().find(is_it))
    }

    fn write(&mut self, send: &mut HttpSend) -> Result<Answer<'a>, Error> {
        if self.is_first {
            let ticket = ticket::call(self.settings, &self.doing, self.new.ticket_id);
            self.refuse_ticket(&exchange_one(self.settings, send, ticket))?;
        }
        let body = &self.new.body;
        let call = api::write(self.settings, &self.doing, &TICKETS_EDIT, "Actions", body);
        Ok(exchange_one(self.settings, send, call))
    }

    fn read(&self, answer: &Answer) -> Result<Action, Error> {
        written(answer)
    }
}

impl Adding<'_> {
    /// A ticket that is gone takes no note, and one that was merged shows none.
    fn refuse_ticket(&self, answer: &Answer) -> Result<(), Error> {
        let record = ticket::read(self.new.ticket_id, answer)?;
        refuse_merged(&self.doing, &ticket::ticket(self.settings, record))
    }
}

/// A note that is looked for among others than the newest ones of this ticket would not be found, and written again. Actions
/// are numbered as they come.
fn check_newest(found: &Rows<Action>, ticket_id: i64) -> Result<(), &'static str> {
    let rows = &found.rows;
    if rows
        .iter()
        .any(|row| row.ticket_id.0.is_some_and(|id| id != ticket_id))
    {
        return Err("expected notes of the ticket that was asked for");
    }
    let is_whole = rows.len() < NEWEST_NOTES && found.total.is_none_or(|total| total <= rows.len());
    if !is_whole && !rows.is_sorted_by(|one, next| one.id() > next.id()) {
        return Err("expected the newest notes first");
    }
    Ok(())
}

/// What the note that Halo shows does not bear as it was sent.
fn not_applied(new: &NewNote, note: &Action) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if note.hiddenfromuser.0 == Some(false) {
        let fault = "Halo shows the note to the customer, too";
        faults.push(field_error("audience", fault));
    }
    if let (Some(reference), Some(text)) = (&new.reference, note.text())
        && !bears(text, reference)
    {
        let fault = "Halo did not keep the line with the reference";
        faults.push(field_error("reference", fault));
    }
    faults
}
