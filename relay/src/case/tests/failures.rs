//! What becomes of a case when a call fails, is in doubt, or a person steps in.

use super::*;

#[test]
fn each_error_does_what_the_contract_says() {
    let opening = || {
        let mut story = Story::new();
        story.fires("1");
        story
    };
    let waits = |story: &Story| {
        let due = story.due().expect("it is tried again");
        due.at.since(story.now)
    };
    let seconds = Duration::from_secs;
    let mut story = opening();
    assert_eq!(story.fails(ErrorCode::OutcomeUnknown), Effect::None);
    assert_eq!((story.state(), waits(&story)), ("waiting", seconds(60)));
    let mut story = opening();
    story.fails_with(ErrorCode::OutcomeUnknown, Some(300));
    assert_eq!(waits(&story), seconds(300));
    let mut story = opening();
    let until = story.now.plus(seconds(17));
    let effect = story.fails_with(ErrorCode::RateLimited, Some(17));
    assert_eq!(
        (effect, waits(&story)),
        (Effect::TenantWaits(until), seconds(17))
    );
    for code in [ErrorCode::Unavailable, ErrorCode::Denied] {
        let mut story = opening();
        assert_eq!(story.fails(code), Effect::None);
        assert_eq!(waits(&story), seconds(5));
        story.after(5_000);
        story.fails(code);
        assert_eq!(
            waits(&story),
            Duration::from_millis(7_500),
            "longer each time"
        );
        story.after(7_500);
        story.fails_with(code, Some(600));
        assert_eq!(waits(&story), seconds(600));
    }
    for code in [
        ErrorCode::Unauthorized,
        ErrorCode::Forbidden,
        ErrorCode::InvalidSettings,
    ] {
        let mut story = opening();
        let effect = story.fails(code);
        assert!(matches!(effect, Effect::TenantPauses(parked) if parked.reason == code.name()));
        assert_eq!(story.state(), "waiting");
    }
    for code in [
        ErrorCode::Rejected,
        ErrorCode::InvalidInput,
        ErrorCode::NotFound,
        ErrorCode::Conflict,
        ErrorCode::Unsupported,
    ] {
        let mut story = opening();
        assert_eq!(story.fails(code), Effect::None);
        assert_eq!((story.state(), story.due()), ("parked", None));
        story.step(Event::Retry).expect("a person");
        assert!(story.is_due(|work| *work == Work::Open));
    }
    let mut story = opening();
    story.fails(ErrorCode::UnexpectedResponse);
    assert_eq!(story.state(), "waiting", "once more");
    story.after(MINUTE);
    story.fails(ErrorCode::UnexpectedResponse);
    assert_eq!(story.state(), "parked");
}

#[test]
fn a_doubt_repeats_the_same_note_and_what_came_since_waits() {
    let mut story = Story::with_ticket();
    story.after(20 * MINUTE).fires("2");
    let Some(Due {
        work: Work::Note(first),
        ..
    }) = story.due()
    else {
        panic!("a note is due");
    };
    story.fails(ErrorCode::OutcomeUnknown);
    story.after(10_000).fires("3");
    story.after(50_000);
    story.fails(ErrorCode::Unavailable);
    story.after(MINUTE);
    assert_eq!(
        story.notes(),
        first,
        "as it was, also after another failure"
    );
    story.after(15 * MINUTE);
    let second = story.notes();
    assert_eq!(second.number, first.number + 1);
    assert_eq!(second.repeats.map(|it| it.count), Some(1));
}

#[test]
fn a_note_that_was_declined_takes_up_what_came_since() {
    let mut story = Story::with_ticket();
    story.after(20 * MINUTE).fires("2");
    story.fails(ErrorCode::Unavailable);
    story.after(10_000).fires("3");
    story.after(15 * MINUTE);
    assert_eq!(story.notes().repeats.map(|it| it.count), Some(2));
}

#[test]
fn a_process_that_ends_in_a_call_leaves_a_doubt() {
    let mut story = Story::new();
    story.fires("1");
    let company_id = Some("2".to_owned());
    story.step(Event::Started { company_id }).expect("started");
    assert_eq!((story.state(), story.due()), ("opening", None));
    story.after(HOUR);
    story.step(Event::Interrupted).expect("found");
    let due = story.due().expect("it is repeated");
    assert_eq!(due.at.since(story.now), Duration::from_secs(60));
    let hindered = Event::Hindered(Parked::default());
    story.step(hindered).expect("a mapping is gone");
    assert_eq!(story.state(), "waiting", "a doubt is not forgotten");
    story.after(HOUR);
    let company_id = Some("3".to_owned());
    story.step(Event::Started { company_id }).expect("started");
    assert_eq!(
        story.case().company_id.as_deref(),
        Some("2"),
        "for the same company"
    );
    assert_eq!(story.step(Event::Noted), None, "no note was under way");
    story.step(Event::Opened(ticket())).expect("found");
}

#[test]
fn a_person_retries_drops_and_chooses() {
    let mut story = Story::new();
    story.fires("1");
    let parked = Parked {
        reason: "unmapped-company".to_owned(),
        ..Parked::default()
    };
    story.step(Event::Hindered(parked)).expect("parked");
    assert_eq!(story.state(), "parked");
    assert_eq!(
        story.after(MINUTE).fires("2"),
        "Repeats",
        "it is counted meanwhile"
    );
    story.step(Event::Adopted(ticket())).expect("chosen");
    assert_eq!(story.state(), "open");
    assert_eq!(story.step(Event::Retry), None, "it is not parked");
    story.step(Event::Dropped).expect("dropped");
    assert_eq!((story.state(), story.due()), ("dropped", None));
    assert_eq!(story.after(MINUTE).fires("3"), "StaysClosed");
    story.after(MINUTE).recovers("4");
    assert_eq!(story.after(MINUTE).fires("5"), "new");
}

#[test]
fn an_alert_without_a_case_does_nothing_unless_it_fires() {
    let mut story = Story::new();
    assert_eq!(story.recovers("1"), "RecoveredWithoutCase");
    let acknowledged = story.receives("1", Status::Acknowledged);
    assert_eq!(acknowledged, "AcknowledgedWithoutCase");
    story.rules.is_enabled = false;
    assert_eq!(story.fires("1"), "SwitchedOff");
}
