//! `add-note`: one note on a ticket, written once, and found again by the marker in its text.

use psa_contract::{CreatedNote, FieldError, NoteAudience, NoteDraft, Operation};
use psa_toolkit::draft::merge_vendor_fields;
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::input::InputRow;
use psa_toolkit::note::{NEWEST_NOTES, NewNote, ShownNote, Steps, add_once, fields, text_of};
use psa_toolkit::status_change::refuse_merged;
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
pub(crate) const FIELDS: [InputRow; 7] = fields(
    InputRow::of(Operation::AddNote, "ticket-id"),
    InputRow::of(Operation::AddNote, "text").member("text"),
    InputRow::of(Operation::AddNote, "audience")
        .member("detailDescriptionFlag")
        .or(&[
            "internalAnalysisFlag",
            "resolutionFlag",
            "internalFlag",
            "externalFlag",
        ]),
);

/// Adds one note.
pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let new = NewNote::parse(&FIELDS, note, &|_, faults| body(note, faults))?;
    // The PSA shows the notes of a merged ticket nowhere.
    let id = new.ticket_id;
    refuse_merged(&new.doing, &ticket::read(settings, id, send)?)?;
    let path = format!("/service/tickets/{id}/notes");
    let steps = Steps {
        tenant: settings,
        new: &new,
        look_up: &mut |send: &mut HttpSend| find_note(settings, &new, &path, send),
        write: &|| {
            let body = new.body.clone();
            settings.write(&new.doing, &TICKETS_EDIT, &FIELDS, &path, body)
        },
        read: &|answer: &Answer| {
            let note: Note = answer.record()?;
            match note.id {
                Some(_) => Ok(shown(note, new.audience)),
                None => Err(answer.unexpected("expected the note with its id")),
            }
        },
        wrote_nothing,
        was_declined: |_| false,
    };
    let (note, creation) = add_once(steps, send)?;
    Ok(new.created(&note, creation))
}

/// As the contract's note, which is for an audience.
fn shown(note: Note, audience: NoteAudience) -> ShownNote {
    ShownNote {
        id: note.id,
        ticket_id: note.ticket_id,
        has_other_audience: match audience {
            NoteAudience::Staff => is(note.detail_description_flag) || is(note.resolution_flag),
            NoteAudience::Customer => !is(note.detail_description_flag),
        },
        text: note.text,
    }
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

/// The request's body.
fn body(note: &NoteDraft, faults: &mut Vec<FieldError>) -> String {
    let is_for_customer = note.audience == NoteAudience::Customer;
    let members = Members {
        text: with_hard_breaks(&text_of(note, &escaped, &detail_line)),
        detail_description_flag: is_for_customer,
        internal_analysis_flag: !is_for_customer,
        resolution_flag: false,
        process_notifications: false,
    };
    merge_vendor_fields(
        // Texts and flags: they always have a JSON form.
        serde_json::to_string(&members).unwrap_or_default(),
        note.vendor_fields.as_deref(),
        &RESERVED,
        &FIELDS,
        faults,
    )
}

/// The note that bears the reference, among the newest 200 by date. Some servers serve fewer in a page than they are asked for,
/// so that only a page without new ones is the end. Page numbers will do: a note that is added meanwhile moves the others to
/// later places.
fn find_note(
    settings: &Settings,
    new: &NewNote,
    path: &str,
    send: &mut HttpSend,
) -> Result<Option<ShownNote>, Error> {
    let mut notes: Vec<Note> = Vec::new();
    for page in 1..=NEWEST_NOTES {
        let call = settings.read(
            &format!("search the notes of ticket {}", new.ticket_id),
            Some(&TICKETS_INQUIRE),
            path,
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
        let rows: Vec<Note> = rows.into_iter().filter(is_new).collect();
        if rows.is_empty() {
            break;
        }
        notes.extend(rows);
        check_order(&notes).map_err(|fault| answer.unexpected(fault))?;
        let shown = notes.iter().map(|it| shown(it.clone(), new.audience));
        let found = new.among(shown).map_err(|fault| answer.unexpected(fault))?;
        if found.is_some() {
            return Ok(found);
        }
        if notes.len() >= NEWEST_NOTES {
            break;
        }
    }
    Ok(None)
}

/// A note that is looked for among others than the newest ones would not be found, and written again.
fn check_order(notes: &[Note]) -> Result<(), &'static str> {
    // Without the `Z`, a fraction of a second sorts behind the whole one.
    let dates = notes.iter().map(|note| {
        note.date_created
            .as_deref()
            .map(|it| it.trim_end_matches('Z'))
    });
    if !dates.clone().all(|date| date.is_some()) || !dates.is_sorted_by(|one, next| one >= next) {
        return Err("expected notes in descending order of `dateCreated`");
    }
    Ok(())
}
