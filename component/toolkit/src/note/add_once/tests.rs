use super::*;
use crate::exchange::HttpResult;
use crate::stand_in::{failure, plain, response, with_answers};
use psa_contract::{ErrorCode, Operation};

const TABLE: [InputRow; 3] = [
    InputRow::of(Operation::AddNote, "text").required(),
    InputRow::of(Operation::AddNote, "ticket-id").required(),
    InputRow::of(Operation::AddNote, "audience"),
];

fn draft(ticket_id: &str) -> NoteDraft {
    NoteDraft {
        ticket_id: ticket_id.to_owned(),
        text: "a".to_owned(),
        details: Vec::new(),
        links: Vec::new(),
        audience: NoteAudience::Staff,
        reference: None,
        vendor_fields: None,
    }
}

fn new(reference: Option<&str>) -> NewNote {
    NewNote {
        reference: reference.map(str::to_owned),
        ..NewNote::parse(&TABLE, &draft("7"), &|id, _| format!("{id}")).expect("a note")
    }
}

fn note(id: i64, text: &str) -> ShownNote {
    ShownNote {
        id: Some(id),
        ticket_id: Some(7),
        text: Some(text.to_owned()),
        has_other_audience: false,
    }
}

#[test]
fn every_fault_of_a_note_comes_at_once() {
    let read = new(None);
    assert_eq!((read.ticket_id, read.body.as_str()), (7, "7"));
    assert_eq!(read.doing, "add a note to ticket 7");
    let body = |_, faults: &mut Vec<FieldError>| {
        faults.push(field_error("details", "they are too long"));
        String::new()
    };
    let bad = NoteDraft {
        reference: Some("A".to_owned()),
        ..draft("x")
    };
    let error = NewNote::parse(&TABLE, &bad, &body).expect_err("faults");
    assert_eq!(error.code, ErrorCode::InvalidInput);
    let fields = error.field_errors.iter();
    let fields: Vec<_> = fields.filter_map(|it| it.field.as_deref()).collect();
    assert_eq!(fields, ["reference", "ticket-id", "reference", "details"]);
}

#[test]
fn the_note_that_bears_the_reference_is_found_among_the_tickets_own() {
    let with = |id, reference: &str| note(id, &format!("a\n[ref: {reference}]"));
    let new = new(Some("r"));
    let notes = [note(1, "b"), with(2, "s"), with(3, "r"), with(4, "r")];
    let found = new.among(notes.clone()).expect("notes of the ticket");
    assert_eq!(found.and_then(|it| it.id), Some(3));
    assert_eq!(new.among(notes[..2].to_vec()), Ok(None));
    let mut strange = notes;
    strange[3].ticket_id = Some(8);
    assert!(new.among(strange.clone()).is_err());
    strange[3].ticket_id = None;
    assert!(new.among(strange).is_ok());
}

#[test]
fn what_a_note_does_not_bear_is_named() {
    for (reference, audience, other, text, expected) in [
        (None, NoteAudience::Staff, false, Some("a"), vec![]),
        (
            Some("r"),
            NoteAudience::Staff,
            false,
            Some("[ref: r]"),
            vec![],
        ),
        // The answer does not show the text.
        (Some("r"), NoteAudience::Staff, false, None, vec![]),
        (
            Some("r"),
            NoteAudience::Staff,
            true,
            Some("a"),
            vec![
                "the PSA shows the note to the customer too",
                "the PSA did not keep the line with the reference",
            ],
        ),
        (
            None,
            NoteAudience::Customer,
            true,
            None,
            vec!["the PSA does not show the note to the customer"],
        ),
    ] {
        let new = NewNote {
            audience,
            ..new(reference)
        };
        let shown = ShownNote {
            text: text.map(str::to_owned),
            has_other_audience: other,
            ..note(5, "")
        };
        let created = new.created(&shown, Creation::Created);
        assert_eq!(created.id.as_deref(), Some("5"));
        let faults = created.not_applied.iter();
        let faults: Vec<_> = faults.map(|it| it.message.as_str()).collect();
        assert_eq!(faults, expected);
    }
}

#[test]
fn a_note_is_looked_up_written_once_and_looked_up_again_in_doubt() {
    let ok = |body: &str| Ok(response(200, body));
    for (reference, answers, expected, trace) in [
        (None, vec![ok("3")], Ok((3, Creation::Created)), "W"),
        (Some("r"), vec![ok("4")], Ok((4, Creation::Found)), "R"),
        (
            Some("r"),
            vec![ok("null"), failure(true), ok("5")],
            Ok((5, Creation::Found)),
            "RWR",
        ),
        (
            Some("r"),
            vec![ok("null"), failure(true), ok("null")],
            Err(ErrorCode::OutcomeUnknown),
            "RWR",
        ),
        (
            Some("r"),
            vec![ok("null"), Ok(response(500, "refused"))],
            Err(ErrorCode::Unavailable),
            "RW",
        ),
        (
            Some("r"),
            vec![ok("null"), Ok(response(500, "declined")), ok("null")],
            Err(ErrorCode::Unavailable),
            "RWR",
        ),
    ] {
        let (result, sent) = add(&new(reference), answers);
        if let Err(error) = &result {
            let names_it = error.ticket_ids == ["7"];
            assert_eq!(names_it, error.code == ErrorCode::OutcomeUnknown);
        }
        let result = result.map(|(note, creation)| (note.id.unwrap_or_default(), creation));
        assert_eq!(result.map_err(|error| error.code), expected, "{trace}");
        assert_eq!(sent, trace);
    }
}

/// With a server whose answers are the id of the note, or null.
fn add(new: &NewNote, answers: Vec<HttpResult>) -> (Result<(ShownNote, Creation), Error>, String) {
    let tenant = plain();
    let read = |answer: &Answer| {
        let id: Option<i64> = answer.read()?;
        Ok(id.map(|id| note(id, "")))
    };
    let steps = Steps {
        tenant: &tenant,
        new,
        look_up: &mut |send: &mut HttpSend| {
            read(&exchange_one(
                &tenant,
                send,
                Call::get("look it up", "https://a/"),
            ))
        },
        write: &|| Call::post("add it", "https://a/").write(),
        read: &|answer| Ok(read(answer)?.unwrap_or_default()),
        wrote_nothing: |response| response.body.to_text() == "refused",
        was_declined: |response| response.body.to_text() == "declined",
    };
    with_answers(answers, |send| add_once(steps, send))
}
