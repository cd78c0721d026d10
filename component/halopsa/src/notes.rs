//! `add-note`: an action on a ticket, whose last line is its reference, by which it is found among the newest ones.

use psa_contract::{CreatedNote, FieldError, NoteDraft, Operation};
use psa_toolkit::draft::merge_vendor_fields;
use psa_toolkit::exchange::{Answer, exchange_beside, exchange_one};
use psa_toolkit::html::{as_html, detail_line, escaped, escaped_links};
use psa_toolkit::loose::Rows;
use psa_toolkit::note::{self, NEWEST_NOTES, NewNote, ShownNote, Steps, add_once};
use psa_toolkit::pages::Row as _;
use psa_toolkit::status_change::refuse_merged;
use psa_toolkit::text::number;
use psa_toolkit::{Error, HttpSend};
use serde_json::{Map, Value, json};

use crate::api::{self, one, the_one, written};
use crate::draft::NOTE_FIELDS;
use crate::settings::Settings;
use crate::ticket::ticket;
use crate::wire::Action;

/// Of the stock outcome "Private Note". Halo refuses a note without an outcome.
const PRIVATE_NOTE: &str = "7";

/// Adds one note. Halo does not say which ticket a list of actions is of if it is of none, and one that was merged shows none,
/// so the ticket is read beside the first look-up.
pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let body = |ticket_id, faults: &mut _| body(settings, note, ticket_id, faults);
    let new = NewNote::parse(&NOTE_FIELDS, note, &body)?;
    let send = &mut api::sign_in(settings, send)?;
    let (id, doing) = (new.ticket_id, &new.doing);
    let newest = || {
        let (id, count) = (id.to_string(), NEWEST_NOTES.to_string());
        let query = [
            ("ticket_id", id.as_str()),
            ("count", &count),
            ("excludesys", "true"),
            ("includehtmlnote", "true"),
        ];
        let doing = format!("look through the notes of ticket {id}");
        api::get(settings, &doing, "Actions", &query)
    };
    let read = one(settings, doing, "Tickets", id);
    let list = new.reference.is_some().then(newest);
    let (of_ticket, [mut first]) = exchange_beside(settings, send, read, [list]);
    refuse_merged(doing, &ticket(settings, the_one(&of_ticket, id)?))?;
    let steps = Steps {
        tenant: settings,
        new: &new,
        look_up: &mut |send: &mut HttpSend| {
            let answer = first.take();
            let answer = answer.unwrap_or_else(|| exchange_one(settings, send, newest()));
            among_newest(&new, answer.read()?).map_err(|fault| answer.unexpected(fault))
        },
        write: &|| api::write(settings, doing, Operation::AddNote, &new.body),
        read: &|answer: &Answer| written::<Action>(answer).map(Action::shown),
        wrote_nothing: |_| false,
        was_declined: |_| false,
    };
    let (note, creation) = add_once(steps, send)?;
    Ok(new.created(&note, creation))
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

fn body(
    settings: &Settings,
    note: &NoteDraft,
    ticket_id: i64,
    faults: &mut Vec<FieldError>,
) -> String {
    let linked = NoteDraft {
        links: escaped_links(&note.links),
        ..note.clone()
    };
    let mut body = json!({
        "ticket_id": ticket_id,
        "note_html": as_html(&note::text_of(&linked, &escaped, &detail_line)),
        "hiddenfromuser": true,
        // Without it, an outcome may mail the note.
        "sendemail": false,
    });
    let fields = note.vendor_fields.as_deref();
    if let Some(members) = body.as_object_mut().filter(|_| !names_an_outcome(fields)) {
        let outcome = settings.note_outcome.as_deref().unwrap_or(PRIVATE_NOTE);
        match number(outcome) {
            Some(id) => members.insert("outcome_id".to_owned(), id.into()),
            None => members.insert("outcome".to_owned(), outcome.into()),
        };
    }
    merge_vendor_fields(body.to_string(), fields, &RESERVED, &NOTE_FIELDS, faults)
}

/// Whether the vendor's fields bring their own outcome.
pub(crate) fn names_an_outcome(fields: Option<&str>) -> bool {
    let fields = serde_json::from_str(fields.unwrap_or_default());
    let fields: Map<String, Value> = fields.unwrap_or_default();
    let mut names = fields.keys().map(|name| name.to_ascii_lowercase());
    names.any(|name| name == "outcome" || name == "outcome_id")
}

/// The note among the newest ones. It would not be found among others, and would be written again. Actions are numbered as
/// they come.
pub(crate) fn among_newest(
    new: &NewNote,
    found: Rows<Action>,
) -> Result<Option<ShownNote>, &'static str> {
    let Rows { rows, total } = found;
    let is_whole = rows.len() < NEWEST_NOTES && total.is_none_or(|total| total <= rows.len());
    let is_newest_first = rows.is_sorted_by(|one, next| one.id() > next.id());
    let note = new.among(rows.into_iter().map(Action::shown))?;
    let is_known = is_whole || is_newest_first;
    let fault = Err("expected the newest notes first");
    if is_known { Ok(note) } else { fault }
}
