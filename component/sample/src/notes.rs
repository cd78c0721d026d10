//! `add-note`: a note whose last line is its reference, by which it is found among the newest ones.

use psa_contract::{CreatedNote, NoteAudience, NoteDraft};
use psa_toolkit::exchange::{Answer, exchange_one};
use psa_toolkit::note::{self, NEWEST_NOTES, NewNote, ShownNote, Steps, add_once};
use psa_toolkit::{Error, HttpSend};
use serde::Serialize;

use crate::draft::{FIELDS, detail_line};
use crate::permissions::{TICKETS_READ, TICKETS_WRITE};
use crate::settings::Settings;
use crate::{api, wire};

pub(crate) fn add_note(
    settings: &Settings,
    note: &NoteDraft,
    send: &mut HttpSend,
) -> Result<CreatedNote, Error> {
    let new = NewNote::parse(&FIELDS, note, &|_, _| body(note))?;
    let send = &mut api::sign_in(settings, send)?;
    let path = format!("tickets/{}/notes", new.ticket_id);
    let steps = Steps {
        tenant: settings,
        new: &new,
        look_up: &mut |send: &mut HttpSend| look_up(settings, &new, &path, send),
        write: &|| {
            let body = new.body.clone();
            api::write(settings, "POST", &new.doing, &TICKETS_WRITE, &path, body)
        },
        read: &|answer: &Answer| Ok(shown(answer.record()?, new.audience)),
        wrote_nothing: |_| false,
        was_declined: |_| false,
    };
    let (note, creation) = add_once(steps, send)?;
    Ok(new.created(&note, creation))
}

#[derive(Serialize)]
struct Body {
    text: String,
    public: bool,
}

/// Sample Desk shows plain text.
fn body(note: &NoteDraft) -> String {
    let body = Body {
        text: note::text_of(note, &str::to_owned, &detail_line),
        public: note.audience == NoteAudience::Customer,
    };
    // Texts and flags have a JSON form.
    serde_json::to_string(&body).unwrap_or_default()
}

/// As the contract's note, which is for an audience.
fn shown(note: wire::Note, audience: NoteAudience) -> ShownNote {
    ShownNote {
        id: Some(note.id),
        ticket_id: None,
        text: Some(note.text),
        has_other_audience: note.public != (audience == NoteAudience::Customer),
    }
}

/// Among the newest notes. If they do not come newest first, an older one may be missing, and nothing is written.
fn look_up(
    settings: &Settings,
    new: &NewNote,
    path: &str,
    send: &mut HttpSend,
) -> Result<Option<ShownNote>, Error> {
    let path = format!("{path}?newest={NEWEST_NOTES}");
    let doing = "look for the note by its reference";
    let call = api::get(settings, doing, Some(&TICKETS_READ), &path).names_a_record(true);
    let answer = exchange_one(settings, send, call);
    let rows = answer.record::<wire::Rows<wire::Note>>()?.rows;
    if !rows.is_sorted_by(|one, next| one.created >= next.created) {
        return Err(answer.unexpected("expected the newest notes first"));
    }
    let notes = rows.into_iter().map(|note| shown(note, new.audience));
    new.among(notes).map_err(|fault| answer.unexpected(fault))
}
